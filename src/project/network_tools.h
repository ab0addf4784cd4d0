#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "project/network_calls.h"

/// What the files have in common that know the tools which talk to the network (network_calls.cc,
/// git_calls.cc).
namespace preflint::project {

inline bool is_url(std::string_view text) { return text.find("://") != std::string_view::npos; }

/// Every command that ran before `event` in its run and in the runs that lead to it.
template <typename F>
bool earlier(const Run& run, int before, F matches) {
  const Run* at = &run;
  while (at && at->shell) {
    const auto& commands = at->shell->commands;
    const size_t end = std::min(commands.size(), static_cast<size_t>(std::max(before, 0)));
    for (size_t i = 0; i < end; ++i) {
      if (matches(commands[i])) return true;
    }
    before = at->launch_command;
    at = at->parent;
  }
  return false;
}

struct Target {
  Reach reach = Reach::unknown;
  std::string host;
  Span span;
};

inline Target target_of(const shell::Argument& argument, const catalog::Profile& profile) {
  Target out;
  out.span = argument.span;
  out.reach = reach_of(argument.value, profile, &out.host);
  return out;
}

/// Is it a setting of git that leads its traffic elsewhere: `url.MIRROR.insteadOf`, `http.proxy=…`?
bool reroutes_git(const std::string& word);
std::optional<NetworkCall> git_call(const Run& run, const shell::CommandEvent& event,
                                    const catalog::Profile& profile);

}  // namespace preflint::project
