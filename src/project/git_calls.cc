#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "project/git_remotes.h"
#include "project/landing.h"
#include "project/network_tools.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

/// Where a remote's URL leads for git. A proxy for HTTP does nothing for ssh: whether a foreign
/// host answers there is not known.
Reach remote_at(const Value& url, const catalog::Profile& profile, std::string* host = nullptr) {
  const Reach reach = reach_of(url, profile, host);
  return reach == Reach::foreign && over_ssh(url.display()) ? Reach::unknown : reach;
}

/// A command of git taken apart.
struct GitCommand {
  std::vector<const Argument*> operands;  // its verb first; without the values of options
  std::vector<const Argument*> settings;  // of `-c` and `--config`: `key=value`
  Text folder;                            // where it works: the shell's folder, led on by `-C`

  /// The n-th operand, when it is known; "" otherwise.
  std::string word(size_t n) const {
    return n < operands.size() ? operands[n]->constant().value_or("") : "";
  }
};

GitCommand taken_apart(const CommandEvent& event) {
  static constexpr std::string_view kGlobal[] = {"-C", "-c", "--git-dir", "--work-tree"};
  static constexpr std::string_view kValues[] = {
      "-b",     "--branch",    "--depth", "-o",       "--origin", "-j",
      "--jobs", "--reference", "-c",      "--config", "--filter", "--recurse-submodules-jobs"};
  const auto in = [](const auto& options, std::string_view word) {
    return std::find(std::begin(options), std::end(options), word) != std::end(options);
  };
  GitCommand out;
  out.folder = event.state.here();
  for (size_t i = 0; i < event.arguments.size(); ++i) {
    const Argument& argument = event.arguments[i];
    const std::string word =
        argument.constant().value_or(std::string(argument.value.known_start()));
    if (!word.starts_with("-")) {
      out.operands.push_back(&argument);
      continue;
    }
    const bool takes = out.operands.empty() ? in(kGlobal, word) : in(kValues, word);
    if (!takes || i + 1 >= event.arguments.size()) continue;
    const Argument& next = event.arguments[++i];
    const Value& value = next.value;
    if (word == "-c" || word == "--config") out.settings.push_back(&next);
    if (word != "-C" || !out.operands.empty()) continue;
    out.folder = value.alternatives().size() == 1 ? paths::join(out.folder, value.alternatives()[0])
                                                  : Text::hole(kCwdHole, Tri::no);
  }
  return out;
}

/// Which of the operands of `git clone` is the address: the first that looks like one.
size_t address_of(const GitCommand& clone) {
  for (size_t i = 1; i < clone.operands.size(); ++i) {
    const std::string shown = clone.operands[i]->value.display();
    if (is_url(shown) || shown.starts_with("git@")) return i;
  }
  return 1;
}

/// The folder that `git clone` makes: the one that it names, or the repository's name. Nothing when
/// it is not known.
std::optional<Text> folder_made(const GitCommand& clone) {
  const size_t at = address_of(clone);
  const Value& last = clone.operands[std::min(at + 1, clone.operands.size() - 1)]->value;
  if (last.alternatives().size() != 1) return std::nullopt;
  if (clone.operands.size() > at + 1) return paths::join(clone.folder, last.alternatives()[0]);
  std::string_view name = last.alternatives()[0].known_suffix();
  while (name.ends_with('/')) name.remove_suffix(1);
  const size_t slash = name.find_last_of("/:");
  if (slash == std::string_view::npos) return std::nullopt;
  name.remove_prefix(slash + 1);
  if (name.ends_with(".git")) name.remove_suffix(4);
  if (name.empty()) return std::nullopt;
  return paths::join(clone.folder, Text::literal(name));
}

/// Where the remote of a working copy is, as the commands before tell: the script names it, made
/// the copy by a clone, or clones at home and nowhere else. Nothing when they say nothing.
std::optional<Reach> remote_reach(const Run& run, const CommandEvent& event, const Text& here,
                                  const std::string& remote, const catalog::Profile& profile) {
  std::optional<Reach> named, cloned;
  bool home = false, abroad = false, unknown = false;
  earlier(run, event.index, &shell::Trace::remotes, [&](const CommandEvent& before) {
    if (before.name != "git") return false;
    const GitCommand git = taken_apart(before);
    if (git.operands.size() < 2) return false;
    const Argument& verb = *git.operands[0];
    if (verb.is("remote") && (git.operands[1]->is("add") || git.operands[1]->is("set-url"))) {
      for (size_t i = 2; i + 1 < git.operands.size(); ++i) {
        if (git.operands[i]->is(remote)) named = remote_at(git.operands[i + 1]->value, profile);
      }
    }
    if (!verb.is("clone")) return false;
    const Reach reach = remote_at(git.operands[address_of(git)]->value, profile);
    const auto folder = folder_made(git);
    if (folder && project::below(here, *folder)) cloned = reach;
    home |= reach == Reach::domestic || reach == Reach::local;
    abroad |= reach == Reach::foreign;
    unknown |= reach == Reach::unknown;
    return false;
  });
  if (named) return named;
  if (cloned) return cloned;
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

bool git_rerouted(const Run& run, const CommandEvent& event) {
  return earlier(run, event.index, &shell::Trace::configs, [](const CommandEvent& before) {
    // `git -c …` holds for its own command only.
    if (before.name != "git" || !before.operand() || !before.operand()->is("config")) return false;
    return !before.has_option("--unset") &&
           std::any_of(before.arguments.begin(), before.arguments.end(),
                       [](const Argument& a) { return reroutes_git(a.value.display()); });
  });
}

std::optional<NetworkCall> git_call(const Run& run, const CommandEvent& event,
                                    const catalog::Profile& profile) {
  const GitCommand git = taken_apart(event);
  const std::string sub = git.word(0), next = git.word(1);
  bool talks = one_of(sub, {"clone", "fetch", "pull", "push", "ls-remote"});
  if (sub == "submodule") {
    const bool updates = std::any_of(
        git.operands.begin() + 1, git.operands.end(),
        [](const Argument* operand) { return operand->is("update") || operand->is("add"); });
    talks = (updates || event.has_option("--init")) && next != "init" && next != "status";
  }
  if (sub == "lfs") talks = one_of(next, {"pull", "fetch", "clone", "push"});
  if (sub == "remote") talks = next == "update";
  const bool rerouted =
      std::any_of(git.settings.begin(), git.settings.end(),
                  [](const Argument* setting) { return reroutes_git(setting->value.display()); });
  if (!talks || rerouted) return std::nullopt;
  NetworkCall call;
  call.tool = NetworkCall::git;
  call.span = event.command_span;
  call.bulk = sub == "lfs";
  const size_t first = sub == "lfs" ? 2 : 1;  // behind the verbs
  const Argument* url =
      sub != "submodule" && git.operands.size() > first ? git.operands[first] : nullptr;
  const bool named = url && (sub == "clone" || sub == "ls-remote" ||
                             (sub == "lfs" && next == "clone") || is_url(url->value.display()));
  if (named) {
    call.reach = remote_at(url->value, profile, &call.target);
    call.span = url->span;
  } else {
    const bool says_remote = url && one_of(sub, {"fetch", "pull", "push"});
    const std::string remote = says_remote ? url->value.display() : "origin";
    if (remote.starts_with('/') || remote.starts_with('.') || remote.starts_with('~')) {
      call.reach = Reach::local;
    } else if (const auto reach = remote_reach(run, event, git.folder, remote, profile)) {
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
    if (git_rerouted(run, event)) call.reach = Reach::domestic;
  }
  return call;
}

}  // namespace preflint::project
