#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "project/network_tools.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

/// Where the remote of a working copy is, as the commands before tell: the script names it, or
/// clones at home and nowhere else. Nothing when they say nothing.
std::optional<Reach> remote_reach(const Run& run, const CommandEvent& event,
                                  const std::string& remote, const catalog::Profile& profile) {
  std::optional<Reach> named;
  bool home = false, abroad = false, unknown = false;
  earlier(run, event.index, &shell::Trace::remotes, [&](const CommandEvent& before) {
    const Argument* sub = before.name == "git" ? before.operand() : nullptr;
    if (!sub) return false;
    if (sub->is("remote") && before.operand(1) &&
        (before.operand(1)->is("add") || before.operand(1)->is("set-url"))) {
      for (size_t i = 2; const Argument* operand = before.operand(i); ++i) {
        const Argument* url = operand->is(remote) ? before.operand(i + 1) : nullptr;
        if (url) named = reach_of(url->value, profile);
      }
    }
    if (!sub->is("clone")) return false;
    const Argument* url = before.operand(1);
    for (const Argument& argument : before.arguments) {
      if (is_url(argument.value.display()) || argument.value.display().starts_with("git@"))
        url = &argument;
    }
    const Reach reach = url ? reach_of(url->value, profile) : Reach::unknown;
    home |= reach == Reach::domestic || reach == Reach::local;
    abroad |= reach == Reach::foreign;
    unknown |= reach == Reach::unknown;
    return false;
  });
  if (named) return named;
  if (abroad) return Reach::foreign;
  if (unknown) return Reach::unknown;
  if (home) return Reach::domestic;
  return std::nullopt;
}

}  // namespace

bool reroutes_git(const std::string& word) {
  const std::string key = lower(word.substr(0, word.find('=')));
  return key.ends_with(".insteadof") || key == "http.proxy" || key == "https.proxy";
}

std::optional<NetworkCall> git_call(const Run& run, const CommandEvent& event,
                                    const catalog::Profile& profile) {
  size_t i = 0;
  const auto& arguments = event.arguments;
  for (; i < arguments.size(); ++i) {
    const std::string word = arguments[i].constant().value_or("");
    if (!word.starts_with("-")) break;
    if (word == "-C" || word == "-c" || word == "--git-dir" || word == "--work-tree") ++i;
    if (word == "-c" && i < arguments.size() && reroutes_git(arguments[i].value.display()))
      return std::nullopt;
  }
  if (i >= arguments.size()) return std::nullopt;
  const std::string sub = arguments[i].constant().value_or("");
  const std::string next = i + 1 < arguments.size() ? arguments[i + 1].constant().value_or("") : "";
  bool talks = one_of(sub, {"clone", "fetch", "pull", "push", "ls-remote"});
  if (sub == "submodule") {
    talks = std::any_of(arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end(),
                        [](const Argument& a) {
                          return a.is("update") || a.is("add") || a.is("init") || a.is("--init");
                        }) &&
            next != "init" && next != "status";
  }
  if (sub == "lfs") talks = one_of(next, {"pull", "fetch", "clone", "push"});
  if (sub == "remote") talks = next == "update";
  if (!talks) return std::nullopt;
  for (size_t j = i + 1; j + 1 < arguments.size(); ++j) {
    if ((arguments[j].is("-c") || arguments[j].is("--config")) &&
        reroutes_git(arguments[j + 1].value.display()))
      return std::nullopt;
  }
  NetworkCall call;
  call.tool = NetworkCall::git;
  call.span = event.command_span;
  call.bulk = sub == "lfs";
  const Argument* url = nullptr;
  static constexpr std::string_view kValues[] = {
      "-b",     "--branch",    "--depth", "-o",       "--origin", "-j",
      "--jobs", "--reference", "-c",      "--config", "--filter", "--recurse-submodules-jobs"};
  for (size_t j = i + 1; j < arguments.size(); ++j) {
    const std::string word =
        arguments[j].constant().value_or(std::string(arguments[j].value.known_start()));
    if (std::find(std::begin(kValues), std::end(kValues), word) != std::end(kValues)) {
      ++j;
      continue;
    }
    if (word.starts_with("-")) continue;
    if (sub == "lfs" && j == i + 1) continue;
    if (sub == "submodule") continue;
    url = &arguments[j];
    break;
  }
  const bool named = url && (sub == "clone" || sub == "ls-remote" ||
                             (sub == "lfs" && next == "clone") || is_url(url->value.display()));
  if (named) {
    const Target target = target_of(*url, profile);
    call.reach = target.reach;
    call.target = target.host;
    call.span = target.span;
  } else {
    const bool says_remote = url && one_of(sub, {"fetch", "pull", "push"});
    const std::string remote = says_remote ? url->value.display() : "origin";
    if (remote.starts_with('/') || remote.starts_with('.') || remote.starts_with('~')) {
      call.reach = Reach::local;
    } else if (const auto reach = remote_reach(run, event, remote, profile)) {
      call.reach = *reach;
    } else {
      // The usual remote of a working copy is not written in the script: it is taken to be where
      // code is hosted. Another may be anything.
      call.reach = one_of(remote, {"origin", "upstream", "github", "fork"}) ? Reach::foreign
                                                                            : Reach::unknown;
      call.by_default = true;
    }
    if (call.reach == Reach::foreign) call.target = "github.com";
  }
  if (call.reach == Reach::foreign) {
    const bool rewritten =
        earlier(run, event.index, &shell::Trace::configs, [](const CommandEvent& before) {
          // `git -c …` holds for its own command only.
          if (before.name != "git" || !before.operand() || !before.operand()->is("config"))
            return false;
          return !before.has_option("--unset") &&
                 std::any_of(before.arguments.begin(), before.arguments.end(),
                             [](const Argument& a) { return reroutes_git(a.value.display()); });
        });
    if (rewritten) call.reach = Reach::domestic;
  }
  return call;
}

}  // namespace preflint::project
