#include "project/network_need.h"

#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/call_made.h"
#include "project/fetched_before.h"
#include "project/git_remotes.h"
#include "project/local_folders.h"
#include "project/login_files.h"
#include "project/named_switches.h"
#include "project/network_settings.h"
#include "project/own_machine.h"
#include "project/python_needs.h"
#include "project/settings_files.h"
#include "project/told_starts.h"
#include "project/training.h"
#include "syntax/shell/ast.h"

namespace preflint::project {
namespace {

/// Some script of the project brings uv's environment up to date.
struct SyncedByUv {
  explicit SyncedByUv(const Context& context) {
    context.each_command(Where::anywhere, {"uv"},
                         [&](const Run&, const shell::CommandEvent& event) {
                           if (event.operand() && event.operand()->is("sync")) found = true;
                         });
  }
  bool found = false;
};

}  // namespace

namespace {

/// Are addresses tried one after the other, `for url in HOME ABROAD; do git clone "$url" && break;
/// done`, of which one is at home?
bool one_of_many(const Context& context, const shell::CommandEvent& event) {
  const shell::Frame* loop = event.enclosing(shell::FrameKind::loop_body);
  if (!loop || !loop->command || loop->command->kind != shell::CommandKind::for_) return false;
  return std::any_of(event.arguments.begin(), event.arguments.end(), [&](const auto& argument) {
    const auto& texts = argument.value.alternatives();
    return texts.size() > 1 && std::any_of(texts.begin(), texts.end(), [&](const Text& one) {
             return reach_of(Value(one), context.profile()) == Reach::domestic;
           });
  });
}

/// Does a list that pip is given, `-r requirements.txt`, name an index at home?
bool index_in_list(const Context& context, const Run& run, const shell::CommandEvent& event) {
  const Program& program = context.program();
  for (const char* option : {"-r", "--requirement"}) {
    const auto given = event.option_value(option);
    const std::string name = given ? given->constant().value_or("") : "";
    if (name.empty()) continue;
    auto file = program.reader->open(paths::join(program.root, name));
    if (!file) {
      const std::string folder = paths::dirname(run.unit->file().path);
      file = program.reader->open(paths::join(folder, name));
    }
    for (std::string_view rest = file ? std::string_view(file->bytes) : std::string_view();
         !rest.empty();) {
      const std::string_view row = trimmed(take_line(rest));
      if (!row.starts_with("-i") && !row.starts_with("--index-url")) continue;
      const std::string_view url = row.substr(row.find_first_of(" =") + 1);
      return reach_of_host(host_of(trimmed(url)), context.profile()) == Reach::domestic;
    }
  }
  return false;
}

/// Does the script clone, and nothing from abroad: `if [ -d D ]; then cd D && git pull; else git
/// clone "$HF_ENDPOINT/$MODEL" D; fi` with a mirror for the variable? Then that is what it pulls.
bool cloned_elsewhere(const Context& context, const Run& run) {
  bool some = false;
  for (const shell::CommandEvent& event : run.shell->commands) {
    const shell::Argument* sub = event.name == "git" ? event.operand() : nullptr;
    if (!sub || !sub->is("clone")) continue;
    const auto call = network_call(run, event, context.profile());
    if (call && call->reach == Reach::foreign) return false;
    some = true;
  }
  return some;
}

}  // namespace

std::optional<NetworkCall> settled_call(const Context& context, const Run& run,
                                        const shell::CommandEvent& event) {
  // `./hfd.sh`, a downloader that the project has a copy of: what that does is told there.
  const bool own = event.word.value.display().find('/') != std::string::npos &&
                   std::any_of(run.children.begin(), run.children.end(), [&](const Run* child) {
                     return child->launch_command == event.index && child->shell;
                   });
  if (own) return std::nullopt;
  const auto spelled = with_settings(context, run, event);
  auto call = network_call(run, spelled ? *spelled : event, context.profile());
  if (!call) return call;
  const bool mirrored = call->tool == NetworkCall::hub && !event.environment.find("HF_ENDPOINT") &&
                        context.shared<LoginFiles>().exports("HF_ENDPOINT", run);
  if (mirrored || context.shared<NetworkSettings>().change(*call, run, event))
    call->reach = Reach::unknown;
  if (call->tool == NetworkCall::git && call->by_default) {
    const GitRemotes& remotes = context.shared<GitRemotes>();
    const shell::Argument* sub = event.operand();
    const auto way = sub && sub->is("submodule") ? remotes.modules : remotes.own;
    if (way == GitRemotes::home || way == GitRemotes::ssh || cloned_elsewhere(context, run))
      call->reach = Reach::unknown;
    call->certain = way == GitRemotes::abroad;
  }
  if (call->tool == NetworkCall::wandb && call->by_default &&
      (context.shared<LoginFiles>().exports("WANDB_MODE", run) ||
       context.shared<NetworkSettings>().tracker_off(run, event)))
    call->reach = Reach::local;
  const Program& program = context.program();
  if (call->reach == Reach::foreign && one_of_many(context, event)) call->reach = Reach::unknown;
  if (call->tool == NetworkCall::pip && call->by_default && call->reach != Reach::foreign &&
      index_in_list(context, run, event))
    call->reach = Reach::domestic;
  const bool folder = !call->repository.empty() &&
                      (program.reader->directory(paths::join(program.root, call->repository)) ||
                       context.shared<LocalFolders>().holds(call->repository));
  if (folder) call->reach = Reach::local;
  return call;
}

namespace {

/// Does a condition that is not known stand before a call?
bool may_not_happen(const Context& context, const Run& run, const py::CallEvent& call) {
  for (const py::Frame* at = call.frame; at; at = at->parent) {
    if (at->kind == py::FrameKind::handler) return true;
    if (decides(run, *at)) return switched_on(context, run, call) != Tri::yes;
  }
  return false;
}

/// Does a script that `run` started before `event` fetch the same for a program of its own? Then it
/// lies in the cache, or the finding is there.
bool fetched_by_script(const Context& context, const Run& run, const shell::CommandEvent& event,
                       const PythonNeed& need) {
  if (need.kind == PythonNeed::tracker || need.kind == PythonNeed::url) return false;
  const auto same = [&](const PythonNeed& other) {
    return other.kind == need.kind && other.target == need.target &&
           other.repository == need.repository && other.call->origin == need.call->origin &&
           other.reach == need.reach && !other.may;
  };
  return std::any_of(run.children.begin(), run.children.end(), [&](const Run* child) {
    if (child->launch_command >= event.index || !child->shell) return false;
    bool found = false;
    each_run_below(*child, [&](const Run& below) {
      if (!below.python || found) return;
      const auto& needs = context.needs(below);
      found = std::any_of(needs.begin(), needs.end(), same);
    });
    return found;
  });
}

}  // namespace

std::optional<NetworkCall> network_need(const Context& context, const Run& run,
                                        const shell::CommandEvent& event) {
  const auto& told = context.shared<ToldStarts>();
  if (auto call = settled_call(context, run, event)) {
    if (call->reach == Reach::foreign && call->tool == NetworkCall::hub)
      call->certain = call->certain && !told.path_instead(event, call->repository) &&
                      !told.offline(run, ToldStarts::hub);
    // After that `uv run` has nothing to fetch.
    if (!call->updates_first || !context.shared<SyncedByUv>().found) return call;
  }
  const bool interpreter =
      one_of(event.name, {"python", "torchrun", "accelerate", "deepspeed", "streamlit"});
  if (!interpreter && !python_child(run, event)) return std::nullopt;
  if (launched_elsewhere(context, event) || event.has_option("--help")) return std::nullopt;
  const auto& login = context.shared<LoginFiles>();
  const auto& settings = context.shared<NetworkSettings>();
  for (const Run* child : run.children) {
    if (child->launch_command != event.index || !child->python) continue;
    NetworkCall out;
    out.tool = NetworkCall::service;
    out.span = event.command_span;
    out.reach = Reach::local;
    out.through_python = true;
    for (const PythonNeed& need : context.needs(*child)) {
      if (need.reach == Reach::unknown || need.reach == Reach::local) continue;
      if (need.kind == PythonNeed::hub && !need.environment.find("HF_ENDPOINT") &&
          login.exports("HF_ENDPOINT", run))
        continue;
      if (need.kind == PythonNeed::tracker &&
          (login.exports("WANDB_MODE", run) || settings.tracker_off(run, event)))
        continue;
      // The program may activate a proxy of its own.
      if (need.reach == Reach::foreign &&
          !need.environment.proxy.may_be(shell::Proxy::kInactive | shell::Proxy::kDropped) &&
          event.environment.proxy.may_be(shell::Proxy::kInactive | shell::Proxy::kDropped)) {
        continue;
      }
      if (fetched_by_script(context, run, event, need)) continue;
      const Place place = need.call->file->syntax.source.place(need.call->span);
      out.uses.push_back({place, "external-call-here", {{"command", need.call->origin}}});
      // Of an interface abroad that is asked now and then nobody knows whether the hook makes it
      // faster.
      const auto& accelerated = context.profile().network.accelerated;
      const bool asks =
          need.kind == PythonNeed::url &&
          (need.call->origin.starts_with("requests.") || need.call->origin.starts_with("httpx."));
      const bool may =
          need.may || may_not_happen(context, *child, *need.call) ||
          (!need.repository.empty() && context.shared<FetchedBefore>().holds(need.repository)) ||
          (need.kind == PythonNeed::weights &&
           context.shared<StockedCaches>().holds("torch/hub")) ||
          (need.kind == PythonNeed::hub &&
           (told.path_instead(event, need.repository) || told.offline(run, ToldStarts::hub))) ||
          (need.kind == PythonNeed::tracker && told.offline(run, ToldStarts::tracker));
      const bool certain = !may && (!asks || catalog::Profile::host_in(need.target, accelerated));
      if (out.reach != Reach::foreign ||
          (need.reach == Reach::foreign && certain && !out.certain)) {
        out.reach = need.reach;
        out.target = need.target;
        out.certain = certain;
        out.may = may;
      }
    }
    if (out.uses.empty()) return std::nullopt;
    return out;
  }
  return std::nullopt;
}

}  // namespace preflint::project
