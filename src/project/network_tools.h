#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/network_calls.h"

/// What the files have in common that know the tools which talk to the network, and what each of
/// them knows. network_calls.cc asks them by the command's name; they return nothing when what the
/// command does needs no network.
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

/// Adds a target to what a call asks: the one that is worse to reach counts.
void take_target(NetworkCall& call, const Target& target);
/// A call to one known host.
std::optional<NetworkCall> simple_call(NetworkCall::Tool tool, const shell::CommandEvent& event,
                                       Reach reach, std::string host, bool bulk = false);

// git_calls.cc
/// Is it a setting of git that leads its traffic elsewhere: `url.MIRROR.insteadOf`, `http.proxy=…`?
bool reroutes_git(const std::string& word);
/// Has an earlier `git config` done so for a command?
bool git_rerouted(const Run& run, const shell::CommandEvent& event);
std::optional<NetworkCall> git_call(const Run& run, const shell::CommandEvent& event,
                                    const catalog::Profile& profile);

// package_calls.cc
std::optional<NetworkCall> pip_call(const Run& run, const shell::CommandEvent& event,
                                    const catalog::Profile& profile);
std::optional<NetworkCall> conda_call(const shell::CommandEvent& event,
                                      const catalog::Profile& profile);
/// npm, pnpm and yarn.
std::optional<NetworkCall> npm_call(const Run& run, const shell::CommandEvent& event,
                                    const catalog::Profile& profile);
/// uv and its like: what they resolve comes from the default index, which is no preset mirror.
NetworkCall resolver_call(const Run& run, const shell::CommandEvent& event,
                          const catalog::Profile& profile);
/// `uv run command` brings the environment up to date first.
std::optional<NetworkCall> uv_run(const Run& run, const shell::CommandEvent& event,
                                  const catalog::Profile& profile);

// download_calls.cc
/// wget, curl, aria2c and axel.
std::optional<NetworkCall> download_call(const shell::CommandEvent& event,
                                         const catalog::Profile& profile);

// model_calls.cc
/// A transfer with the Hub, which goes where HF_ENDPOINT says.
std::optional<NetworkCall> hub_call(const shell::CommandEvent& event,
                                    const catalog::Profile& profile, bool bulk);
/// A tool that loads a model by its Hub id; ModelScope where the environment says so.
std::optional<NetworkCall> model_call(const shell::CommandEvent& event,
                                      const catalog::Profile& profile);
/// `ollama pull MODEL`. The server fetches it, with the proxy that it was started with: of one that
/// runs elsewhere nothing is known. (`ollama run` fetches what is not there yet, which is not known
/// either.)
std::optional<NetworkCall> ollama_pull(const Run& run, const shell::CommandEvent& event,
                                       const catalog::Profile& profile);

}  // namespace preflint::project
