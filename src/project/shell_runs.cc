#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/python/trace.h"
#include "model/shell/interpreter.h"
#include "project/builder.h"
#include "project/sites.h"
#include "syntax/shell/shebang.h"

namespace preflint::project {
namespace {

constexpr int kMaxNesting = 10;
constexpr size_t kMaxContexts = 500;  // runs of one file
// Steps of a file's runs beyond kContexts: at least, and at most.
constexpr uint64_t kLeastFurther = 30'000;
constexpr uint64_t kMostFurther = 500'000;
// Calls in the launches of a file that share a run: each rule goes through them for each launch.
constexpr size_t kMostCommon = 30'000;

/// xargs adds words that are not known here: at the end, or where `-I {}` puts them; GNU parallel
/// where `{}`, `{.}` or `{1}` stands, or else at the end.
std::vector<shell::Argument> fed_from_outside(const shell::CommandEvent& event,
                                              std::vector<shell::Argument> arguments) {
  for (const shell::Prefix& prefix : event.prefixes) {
    const bool parallel = prefix.name == "parallel";
    if (!parallel && prefix.name != "xargs") continue;
    std::string place;
    if (parallel &&
        std::any_of(arguments.begin(), arguments.end(), [](const shell::Argument& argument) {
          return argument.value.display().find('{') != std::string::npos;
        }))
      place = "{";
    for (size_t i = 0; !parallel && i < prefix.arguments.size(); ++i) {
      const std::string word = prefix.arguments[i].constant().value_or("");
      if (word == "-I" && i + 1 < prefix.arguments.size())
        place = prefix.arguments[i + 1].constant().value_or("");
      else if (word.starts_with("-I") || word.starts_with("-i"))
        place = word.size() > 2 ? word.substr(2) : "{}";
    }
    if (place.empty()) {
      shell::Argument more;
      more.value = Value::unknown(prefix.name);
      more.may_split = true;
      arguments.push_back(std::move(more));
    }
    for (shell::Argument& argument : arguments) {
      if (place.empty() || argument.value.display().find(place) == std::string::npos) continue;
      argument.value = Value::unknown(prefix.name, Tri::no);
    }
  }
  return arguments;
}

/// How a terminal's shell is left by what was typed into it; what speaks of the commands of that
/// text is over.
shell::State as_left(shell::State state) {
  state.functions = {};
  state.traps = {};
  state.may_have_failed = nullptr;
  state.status = nullptr;
  state.pipe_status = nullptr;
  state.hook_event = -1;
  return state;
}

}  // namespace

std::shared_ptr<const shell::Trace> Builder::execute(const Unit& unit, shell::State state) {
  host_.begin_run();
  return std::make_shared<const shell::Trace>(shell::run(unit, std::move(state), host_));
}

void Builder::collect_targets(const Unit& unit, const shell::Trace& trace, int nesting) {
  for (const shell::SourceEvent& event : trace.sources) {
    if (event.target && &event.target->file() != &unit.file())
      reached_[event.target->file().path].insert(unit.file().path);
  }
  for (const shell::Launch& launch : trace.launches) {
    const auto& event = trace.commands[static_cast<size_t>(launch.command)];
    const std::string target = target_of(launch, event);
    if (!target.empty() && target != unit.file().path) reached_[target].insert(unit.file().path);
  }
  if (nesting > kMaxNesting) return;
  for (const shell::Embedded& embedded : trace.embedded) {
    if (embedded.kind != UnitKind::shell) continue;
    if (entry_stopped(nullptr)) return;
    const auto& event = trace.commands[static_cast<size_t>(embedded.command)];
    const Unit* inner = units_.embedded(embedded, *event.unit, event.span, Site::instance);
    const auto inner_trace = execute(*inner, embedded_state(embedded, event, *inner));
    host_.forget(host_.run());
    collect_targets(*inner, *inner_trace, nesting + 1);
  }
}

std::string Builder::target_of(const shell::Launch& launch,
                               const shell::CommandEvent& event) const {
  const std::string folder = paths::dirname(event.unit->file().path);
  const Text cwd = event.state.here();
  if (launch.kind == shell::Launch::python_module) {
    const auto name = launch.target.constant();
    return name ? resolver_.module(*name, cwd, folder) : "";
  }
  return resolver_.file(launch.target.value, cwd, folder);
}

shell::State Builder::embedded_state(const shell::Embedded& embedded,
                                     const shell::CommandEvent& event, const Unit& unit) const {
  if (embedded.fresh) {
    shell::State state = shell::fresh_state(unit, Value::literal("bash"));
    // What was active here is not there: a call that needs the hook lost it on the way.
    if (event.environment.proxy.surely(shell::Proxy::kActive | shell::Proxy::kFresh) &&
        unit.embedding != Embedding::ssh) {
      state.proxy = shell::Proxy::kDropped;
    }
    return state;
  }
  shell::State state =
      shell::child_state(event.environment, unit, event.state.script, embedded.positional);
  if (embedded.positional.empty() && embedded.embedding == Embedding::session)
    state.positional = nullptr;
  return state;
}

void Builder::start_children(Run& run, int nesting) {
  if (!run.shell || nesting > kMaxNesting) return;
  const auto trace = run.shell;
  // In the order in which the commands run.
  struct Start {
    int command;
    const shell::Embedded* embedded;
    const shell::Launch* launch;
    const ConsoleScript* script = nullptr;
  };
  std::vector<Start> starts;
  for (const shell::Embedded& embedded : trace->embedded)
    starts.push_back({embedded.command, &embedded, nullptr});
  for (const shell::Launch& launch : trace->launches)
    starts.push_back({launch.command, nullptr, &launch});
  std::deque<shell::Launch> of_scripts;
  for (const shell::CommandEvent& event : trace->commands) {
    const auto at = installed_.find(event.name);
    if (at == installed_.end() || event.function_call) continue;
    shell::Launch& launch = of_scripts.emplace_back();
    launch.kind = shell::Launch::python_file;
    launch.command = event.index;
    launch.target = event.word;
    launch.target.value = resolver_.on_box(at->second.path);
    launch.arguments = event.arguments;
    launch.by_interpreter = true;
    starts.push_back({event.index, nullptr, &launch, &at->second});
  }
  std::stable_sort(starts.begin(), starts.end(),
                   [](const Start& a, const Start& b) { return a.command < b.command; });
  // The shells of terminals that texts are typed into, by `Embedded::window`, as they were left.
  std::map<std::string, shell::State> windows;
  for (const Start& start : starts) {
    if (entry_stopped(&run)) return;
    const auto& event = trace->commands[static_cast<size_t>(start.command)];
    Run* child = nullptr;
    if (start.embedded) {
      const bool remote = start.embedded->embedding == Embedding::ssh;
      const Site site = remote && run.site != Site::foreign ? Site::instance : run.site;
      const Unit* unit = units_.embedded(*start.embedded, *event.unit, event.span, site);
      child = &add(*unit, &run);
      child->site = event.state.elsewhere && !remote ? Site::foreign : site;
      child->over_ssh = remote;
      child->environment =
          remote || start.embedded->fresh ? shell::Environment() : event.environment;
      if (unit->kind == UnitKind::shell) {
        const std::string& window = start.embedded->window;
        const auto left = window.empty() ? windows.end() : windows.find(window);
        child->shell =
            execute(*unit, left != windows.end() ? left->second
                                                 : embedded_state(*start.embedded, event, *unit));
        const shell::State& end = child->shell->at_end;
        if (!window.empty() && end.reachable) windows.insert_or_assign(window, as_left(end));
        if (remote &&
            (goes_elsewhere(*child->shell) || on_another_server(event, *request_.profile)))
          child->site = Site::foreign;
      }
    } else {
      child = launch(run, *start.launch, event, start.script);
    }
    if (!child) continue;
    child->launch_command = start.command;
    child->launch_unit = event.unit;
    child->launch_span = event.span;
    run.children.push_back(child);
    if (child->unit->kind == UnitKind::python)
      run_python(*child, nesting + 1);
    else
      start_children(*child, nesting + 1);
  }
}

Run* Builder::launch(Run& run, const shell::Launch& launch, const shell::CommandEvent& event,
                     const ConsoleScript* script) {
  const std::string path = target_of(launch, event);
  if (path.empty()) return nullptr;
  for (const Run* up = &run; up; up = up->parent) {
    if (up->unit->file().path == path && up->unit->embedding == Embedding::file &&
        up->unit->kind == UnitKind::shell)
      return nullptr;  // a cycle
  }
  const auto file = request_.reader->open(path);
  if (!file) return nullptr;
  // Without a first line that names it, Python never starts: the shell reads the text as its own.
  if (launch.kind == shell::Launch::python_file && !launch.by_interpreter &&
      !shell::parse_shebang(file->bytes))
    return nullptr;
  const bool python = launch.kind != shell::Launch::shell_script || script_start(*file).python ||
                      file->kind == FileKind::python;
  const Unit* unit = nullptr;
  if (python) {
    unit = python_unit(file);
  } else if (file->kind == FileKind::shell || launch.by_interpreter) {
    unit = launch.by_interpreter ? units_.script(file, launch.dialect, launch.errexit)
                                 : units_.script(file);
  }
  if (!unit) return nullptr;
  Contexts& contexts = contexts_[path];
  const bool first = contexts.entries.insert(run.root().index).second;
  uint64_t& spent = first ? contexts.first_steps : contexts.further_steps;
  const bool enough = contexts.count >= kMaxContexts ||
                      (contexts.count >= kContexts &&
                       spent >= std::clamp(further_.left / 2, kLeastFurther, kMostFurther));
  if (enough && !python) return nullptr;
  Run& child = add(*unit, &run);
  child.over_ssh = launch.over_ssh;
  child.arguments = fed_from_outside(event, launch.arguments);
  if (event.state.elsewhere) child.site = Site::foreign;
  if (launch.over_ssh) child.site = Site::instance;
  child.environment = launch.fresh ? shell::Environment() : event.environment;
  if (python) {
    if (script) entries_[child.index] = script->function;
    child.launch_command = event.index;
    child.python = same_run(child);
    if (child.python) return &child;
    if (enough) {
      if (first || contexts.common_calls < kMostCommon) child.python = common_run(child);
      contexts.common_calls += std::max(kMostCommon / kMaxContexts,
                                        child.python ? child.python->calls.size() : size_t{0});
      if (child.python) return &child;
      entries_.erase(child.index);
      program_->runs.pop_back();
      return nullptr;
    }
  }
  const bool further = ++contexts.count > kContexts;
  Work::Meter used;
  if (python) {
    child.python = execute_python(child);
  } else {
    shell::State state = launch.fresh ? shell::fresh_state(*unit, resolver_.on_box(path))
                                      : shell::child_state(event.environment, *unit,
                                                           resolver_.on_box(path), child.arguments);
    const bool split =
        std::any_of(child.arguments.begin(), child.arguments.end(),
                    [](const shell::Argument& argument) { return argument.may_split; });
    if (split || launch.fresh) state.positional = nullptr;
    child.shell = execute(*unit, std::move(state));
  }
  if (further) {
    const uint64_t steps = used.steps();
    spent += steps;
    if (!python) further_.take(steps);  // a program's own were taken
  }
  return &child;
}

}  // namespace preflint::project
