#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/network_calls.h"

/// What the files have in common that know the tools which talk to the network (network_calls.cc,
/// git_calls.cc).
namespace preflint::project {

inline bool is_url(std::string_view text) { return text.find("://") != std::string_view::npos; }

/// The commands of one list (shell::Trace::configs, remotes) that ran before `event` in its run and
/// in the runs that lead to it.
template <typename F>
bool earlier(const Run& run, int before, std::vector<int> shell::Trace::*list, F matches) {
  const Run* at = &run;
  while (at && at->shell) {
    for (const int number : (*at->shell).*list) {
      if (number >= before) break;
      if (matches(at->shell->commands[static_cast<size_t>(number)])) return true;
    }
    // Commands that one program starts one after the other.
    const Run* parent = at->parent;
    if (parent && parent->python) {
      for (const Run* sibling : parent->children) {
        if (sibling == at) break;
        if (!sibling->shell || sibling->over_ssh != at->over_ssh) continue;
        for (const int number : (*sibling->shell).*list) {
          if (matches(sibling->shell->commands[static_cast<size_t>(number)])) return true;
        }
      }
    }
    before = at->launch_command;
    at = parent;
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
/// Has an earlier `git config` done so for a command?
bool git_rerouted(const Run& run, const shell::CommandEvent& event);
std::optional<NetworkCall> git_call(const Run& run, const shell::CommandEvent& event,
                                    const catalog::Profile& profile);

}  // namespace preflint::project
