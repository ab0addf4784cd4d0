#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/asked_before.h"
#include "project/box_signs.h"
#include "project/call_made.h"
#include "project/context.h"
#include "project/login_files.h"
#include "project/network_need.h"
#include "project/network_tools.h"
#include "project/shell_edits.h"

namespace preflint::checks {

using project::Context;
using project::NetworkCall;
using project::Reach;
using project::Run;

namespace {

/// `conda create` is ENV004's or ENV005's: it would not be mended by the hook.
bool creates_environment(const shell::CommandEvent& event) {
  if (!shell::is_conda(event.name)) return false;
  const shell::Argument* sub = event.operand();
  if (!sub || !sub->is("env")) return sub && sub->is("create");
  // `conda env update` may make one as well, unless it says that it is about the base.
  const bool update = event.operand(1) && event.operand(1)->is("update");
  return !update || !event.option_value("-n").value_or(Value()).is("base");
}

/// A call that goes out without the hook.
struct Outgoing {
  const Run* run;
  const shell::CommandEvent* event;
  NetworkCall call;
};

/// `try: check_output("git fetch", timeout=5)`, with a handler that goes on: the program asks
/// whether there is a network, and does without.
bool given_up(const py::CallEvent& call) {
  constexpr int64_t kShort = 10;  // seconds
  const py::Argument* timeout = call.keyword("timeout");
  return timeout && timeout->value.type == py::Type::integer && timeout->value.number <= kShort &&
         call.failure_swallowed();
}

/// Calls that are written in Python functions which nothing calls. Whether they are ever made is
/// not known. So it is with those that are given up soon.
class UncalledCalls {
 public:
  bool start(const Run& run) {
    if (!run.parent || !run.parent->python) return false;
    const py::Trace& program = *run.parent->python;
    const auto [it, fresh] = places_.try_emplace(&program);
    if (fresh) {
      for (const py::CallEvent& call : program.calls) {
        if (call.uncalled() || given_up(call)) it->second.insert(call.span);
      }
    }
    return it->second.contains(run.launch_span);
  }

 private:
  std::map<const py::Trace*, std::set<Span>> places_;
};

/// Does a command take the proxy away: `unset https_proxy`, `env -u https_proxy`?
bool drops_proxy(const shell::CommandEvent& event) {
  return event.name == "unset" &&
         std::any_of(event.arguments.begin(), event.arguments.end(), [](const auto& argument) {
           return argument.is("http_proxy") || argument.is("https_proxy");
         });
}

/// The author went around the proxy on purpose before: a preset mirror of the country is reached
/// directly.
bool around_the_proxy(const Run& run, const shell::CommandEvent& event) {
  for (const shell::Prefix& prefix : event.prefixes) {
    const bool env = prefix.name == "env" &&
                     std::any_of(prefix.arguments.begin(), prefix.arguments.end(),
                                 [](const auto& argument) { return argument.is("https_proxy"); });
    if (env) return true;
  }
  return project::earlier(run, event.index, &shell::Trace::configs, drops_proxy);
}

/// Packages that the author fetches around the proxy on purpose, because that is faster there: from
/// the index, or from torch's own.
bool around_for_packages(const Outgoing& one) {
  return one.call.tool == NetworkCall::pip &&
         (one.call.by_default || one.call.target == "download.pytorch.org") &&
         around_the_proxy(*one.run, *one.event);
}

/// Of what Python starts: is the call that starts it made in any case, and no download behind a
/// test whether the file is there?
bool surely_started(const Context& context, const Run& run) {
  if (!run.parent || !run.parent->python || !run.launch_file) return true;
  const auto& calls = run.parent->python->calls;
  const auto call = std::find_if(calls.begin(), calls.end(), [&](const py::CallEvent& one) {
    return one.file == run.launch_file &&
           (one.span == run.launch_span || one.span.contains(run.launch_span));
  });
  return call == calls.end() || project::call_made(context, *run.parent, *call) == Tri::yes;
}

/// The command as messages name it; the first of several that it may be.
std::string name_of(const shell::CommandEvent& event, const NetworkCall& call) {
  if (call.updates_first) return "uv";
  if (!event.name.empty()) return event.name;
  const std::string shown = event.word.value.display();
  return shown.substr(0, shown.find(' '));
}

}  // namespace

void network_hook_missing(Context& context) {
  const auto& network = context.profile().network;
  if (network.hook_file.empty()) return;
  // One finding for each text: a script, or a Python file or notebook with all that it starts. It
  // stands at the first call; the others are related.
  std::map<std::pair<int, const void*>, std::vector<Outgoing>> groups;
  std::vector<std::vector<Outgoing>*> in_order;
  UncalledCalls uncalled;
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    if (uncalled.start(run)) return;
    const bool in_python = run.parent && run.parent->python && !run.over_ssh;
    for (const shell::CommandEvent& event : run.shell->commands) {
      if (!project::applies(project::Where::instance, run, event.state)) continue;
      auto need = project::network_need(context, run, event);
      if (!need || !event.environment.proxy.may_be(shell::Proxy::kInactive)) continue;
      if (creates_environment(event)) continue;
      if (need->reach == Reach::mirrored && around_the_proxy(run, event)) continue;
      if (need->probe || (need->reach != Reach::foreign && need->reach != Reach::mirrored))
        continue;
      // `pip install -i MIRROR x || pip install x`, `if ! modelscope download …; then hf download
      // …; fi`: the same was tried at home, and that has failed. `if ping -c 1 github.com; then …`:
      // it was asked whether somebody answers.
      const auto tried = [&](const shell::CommandEvent& other) {
        if (other.name == "ping" || other.name == "nc") return true;
        const auto call = project::settled_call(context, run, other);
        return call && (call->probe || call->reach == Reach::domestic ||
                        (call->reach == Reach::unknown && other.name == event.name));
      };
      if (project::asked_before(run, event, tried) || project::left_before(run, event, tried))
        continue;
      if (context.shared<project::LoginFiles>().proxied(run)) return;
      const bool of_program = in_python && event.unit->embedding != Embedding::file;
      auto& group =
          of_program ? groups[{run.parent->index, nullptr}] : groups[{run.index, event.unit}];
      if (group.empty()) in_order.push_back(&group);
      group.push_back({&run, &event, std::move(*need)});
    }
  });
  for (const std::vector<Outgoing>* group : in_order) {
    auto fails = std::find_if(group->begin(), group->end(), [](const Outgoing& one) {
      return one.call.reach == Reach::foreign && one.call.certain && !around_for_packages(one);
    });
    const bool certain = fails != group->end();
    if (!certain)
      fails = std::find_if(group->begin(), group->end(),
                           [](const Outgoing& one) { return one.call.reach == Reach::foreign; });
    const Outgoing& first = group->front();
    const Run& run = *first.run;
    const shell::CommandEvent& event = *first.event;
    const NetworkCall& call = first.call;
    Finding& finding = context.report(run, event);
    finding.arguments = {
        {"command", name_of(event, call)}, {"target", call.target}, {"hook", network.hook}};
    if (call.reach == Reach::mirrored && fails == group->end()) {
      finding.severity = Severity::warning;
      finding.message = "mirrored";
    } else if (call.reach == Reach::mirrored) {
      finding.message = "later";
      finding.arguments = {{"command", name_of(event, call)},
                           {"other", name_of(*fails->event, fails->call)},
                           {"target", fails->call.target},
                           {"hook", network.hook}};
    } else if (call.through_python) {
      finding.message = call.may ? "python-may" : "python";
    } else if (call.tool == NetworkCall::git && call.by_default && !call.certain) {
      finding.message = "remote";
    }
    if (!certain || !surely_started(context, run) ||
        !project::box_shown(context, run, event.unit->file()))
      finding.severity = Severity::warning;
    std::set<Place> noted;
    const auto add_note = [&](Note note) {
      if (note.place.path == finding.place.path &&
          note.place.span.begin == finding.place.span.begin)
        return;
      if (noted.insert(note.place).second) finding.related.push_back(std::move(note));
    };
    for (const Note& use : call.uses) add_note(use);
    for (const Outgoing& other : *group) {
      if (other.event->unit == event.unit && other.event->span == event.span) continue;
      add_note(context.note(*other.event->unit, other.event->span, "external-call-here",
                            {{"command", name_of(*other.event, other.call)}}));
    }
    if (event.unit->embedding == Embedding::file) {
      const uint32_t at = project::after_preamble(event.unit->source.text());
      const std::string hook = event.unit->dialect == shell::Dialect::posix
                                   ? ". " + network.hook_file + " 2>/dev/null || true"
                                   : network.hook_guarded;
      if (!hook.empty()) context.edit(finding, *event.unit, {at, at}, hook + "\n");
    }
  }
}

}  // namespace preflint::checks
