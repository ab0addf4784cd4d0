#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "base/one_of.h"
#include "model/python/run.h"
#include "project/builder.h"
#include "project/event_files.h"
#include "project/other_platforms.h"
#include "project/parallel.h"
#include "project/python_commands.h"
#include "project/sites.h"
#include "project/upkeep.h"
#include "syntax/python/parse.h"

namespace preflint::project {
namespace {

/// Runs of a program for its launches beyond the limit, each for all that differ in some values.
constexpr size_t kCommonRuns = 12;

bool is_notebook(const File& file) { return file.kind == FileKind::notebook; }

py::Launch launch_of(const Run& run, const Resolver& resolver, const notebook::Notebook* notebook) {
  py::Launch out;
  out.source = run.unit->source;
  out.notebook = notebook;
  if (run.parent || notebook) {
    std::vector<Value> arguments;
    bool split = false;
    for (size_t i = 0; i < run.arguments.size(); ++i) {
      const shell::Argument& argument = run.arguments[i];
      // `--batch ${n}`: behind an option stands its one value, quoted or not.
      const std::string before = i > 0 ? run.arguments[i - 1].constant().value_or("") : "";
      const bool value = before.starts_with("--") && before.find('=') == std::string::npos;
      const bool several = argument.may_split && !value;
      split = split || several;
      arguments.push_back(several ? Value::unknown() : argument.value);
    }
    if (run.unit->embedding == Embedding::file && !notebook) {
      if (split)
        out.spelled = std::move(arguments);
      else
        out.arguments = std::move(arguments);
    }
  }
  run.environment.variables.for_each([&](const std::string& name, const shell::Variable& variable) {
    if (variable.exported == Tri::yes && variable.set == Tri::yes && !name.starts_with('@'))
      out.environment.emplace(name, variable.value);
  });
  // Each process is told its place by what starts several.
  const shell::CommandEvent* launcher = run.launcher();
  if (launcher && one_of(launcher->name, {"torchrun", "deepspeed", "accelerate"})) {
    for (const char* name : {"RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE"})
      out.environment.insert_or_assign(name, Value::unknown("$" + std::string(name), Tri::no));
  }
  if (run.environment.cwd) out.cwd = Value(*run.environment.cwd);
  if (run.unit->embedding == Embedding::file)
    out.file = Value(resolver.on_box(run.unit->file().path));
  return out;
}

/// Does a program read a file on a drive of Windows (`torch.load("C:/models/best.pth")`) whatever
/// happens? Anywhere else it ends there.
bool reads_a_drive(const py::Trace& trace) {
  return std::any_of(trace.calls.begin(), trace.calls.end(), [](const py::CallEvent& call) {
    if (!one_of(call.origin, {"builtins.open", "torch.load", "numpy.load", "pandas.read_csv",
                              "pandas.read_excel", "os.listdir", "os.chdir", "joblib.load"}) ||
        call.conditional() || call.uncalled() || call.failure_swallowed() ||
        call.enclosing(py::FrameKind::handler))
      return false;
    const py::Argument* file = call.argument(0);
    const std::string path = file ? file->value.text().constant().value_or("") : "";
    return path.size() > 2 && std::isalpha(static_cast<unsigned char>(path[0])) && path[1] == ':' &&
           (path[2] == '/' || path[2] == '\\');
  });
}

}  // namespace

const Unit* Builder::python_unit(const std::shared_ptr<const File>& file) {
  const Unit*& slot = python_units_[file->path];
  if (slot) return slot;
  Source source(*file);
  if (is_notebook(*file)) {
    auto read = notebook::read(*file);
    if (!read) return nullptr;
    const auto notebook = std::make_shared<const notebook::Notebook>(std::move(*read));
    if (!notebook->python) return nullptr;
    program_->notebooks[file->path] = notebook;
    source = notebook->program;
  }
  program_->kept.push_back(file);
  Unit& unit = program_->units.emplace_back();
  unit.kind = UnitKind::python;
  unit.source = std::move(source);
  return slot = &unit;
}

std::shared_ptr<const py::Trace> Builder::execute_python(const Run& run, const PythonStart* as) {
  py::Host host;
  host.exists = [this](const std::string& path) {
    const auto [at, fresh] = exists_.try_emplace(path);
    if (fresh) at->second = paths::under(path, request_.root) && request_.reader->exists(path);
    return at->second;
  };
  const bool launched = run.parent != nullptr;
  const bool of_file = run.unit->embedding == Embedding::file;
  host.open = [this, launched](const std::string& path) {
    return demand_.followed(path, launched) ? request_.reader->open(path) : nullptr;
  };
  host.settings = [this, &run](const Value& path) {
    const Text cwd = run.environment.cwd ? *run.environment.cwd : Text::hole(kCwdHole, Tri::no);
    const std::string found = resolver_.file(path, cwd, paths::dirname(run.unit->file().path));
    return found.empty() ? nullptr : request_.reader->open(found);
  };
  host.switches = [this](const std::string& folder, std::string_view name) {
    return module_switches_.of(folder, name);
  };
  host.parse = [this](const std::shared_ptr<const File>& file) {
    if (!modules_.contains(file->path)) program_->kept.push_back(file);
    return parsed(Source(*file));
  };
  host.look = [this, number = ++python_runs_](const std::string& path, Span definition) {
    return looked_.emplace(std::pair(path, definition.begin), number).first->second == number;
  };
  host.missing = [this](std::string_view module) {
    return of_other_platform(module, *request_.profile, request_.files);
  };
  host.roots = {request_.root, request_.root + "/src"};
  host.resolved = &imports_;
  host.cancelled = request_.cancelled;
  const notebook::Notebook* notebook = nullptr;
  if (const auto at = program_->notebooks.find(run.unit->file().path);
      at != program_->notebooks.end() && !run.unit->parent) {
    notebook = at->second.get();
  }
  // Calls within calls can be followed without end, and a library's by each of a hundred programs.
  const bool further = launched && of_file && contexts_[run.unit->file().path].count > kContexts;
  Purse& purse = as ? common_ : further ? further_ : launched ? launched_ : unlaunched_;
  py::Limits limits;
  limits.steps = run.site == Site::foreign ? std::min(purse.share(), kForeignSteps) : purse.share();
  Work::Meter used;
  py::Launch start = launch_of(run, resolver_, notebook);
  if (as) {
    start.arguments = as->arguments;
    start.spelled = as->spelled;
    start.environment = as->environment;
    start.cwd = as->cwd;
  }
  start.unset = variables_of_other_platforms(*request_.profile);
  if (of_file && !notebook) start.syntax = parsed(run.unit->source);
  if (const auto entry = entries_.find(run.index); entry != entries_.end()) {
    start.entry = entry->second;
    start.is_main = false;
  }
  auto trace = std::make_shared<const py::Trace>(py::run(start, host, limits));
  purse.take(used.steps());
  if (launched && of_file)
    (as ? common_runs_ : known_runs_)[run.unit->file().path].push_back(
        {as ? *as : start_of(run), trace});
  return trace;
}

PythonStart Builder::start_of(const Run& run) const {
  py::Launch start = launch_of(run, resolver_, nullptr);
  const auto entry = entries_.find(run.index);
  return {entry == entries_.end() ? "" : entry->second,
          run.site == Site::foreign,
          std::move(start.arguments),
          std::move(start.spelled),
          std::move(start.environment),
          std::move(start.cwd)};
}

std::shared_ptr<const py::Trace> Builder::same_run(const Run& run) const {
  const auto known = known_runs_.find(run.unit->file().path);
  if (known == known_runs_.end()) return nullptr;
  const PythonStart start = start_of(run);
  const auto same = std::find_if(known->second.begin(), known->second.end(),
                                 [&](const KnownRun& one) { return one.start == start; });
  return same == known->second.end() ? nullptr : same->trace;
}

std::shared_ptr<const py::Trace> Builder::common_run(const Run& run) {
  PythonStart start = start_of(run);
  const std::vector<KnownRun>& common = common_runs_[run.unit->file().path];
  for (const KnownRun& one : common) {
    if (common_start(one.start, start) == one.start) return one.trace;
  }
  if (common.size() >= kCommonRuns) return nullptr;
  // A sweep goes through the values of a few options. What chooses another way through the program
  // is a value that the launch shares with the one that is most like it.
  std::optional<PythonStart> nearest;
  for (const auto* runs : {&common, &std::as_const(known_runs_[run.unit->file().path])}) {
    for (const KnownRun& one : *runs) {
      auto both = common_start(start, one.start);
      if (both && (!nearest || differences(start, *both) < differences(start, *nearest)))
        nearest = std::move(both);
    }
  }
  if (nearest) start = *std::move(nearest);
  return execute_python(run, &start);
}

void Builder::run_python(Run& run, int nesting) {
  if (!run.python) run.python = execute_python(run);
  if (nesting > 10) return;
  // What the program starts, in order, under the environment as the program has changed it by then.
  shell::Environment environment = run.environment;
  PythonCommands commands(*run.python);
  while (const PythonCommand* command = commands.next(environment)) {
    if (entry_stopped(&run)) return;
    const Unit* unit = units_.embedded(command->embedded, *run.unit, command->span,
                                       command->embedded.fresh ? Site::instance : run.site);
    Run& child = add(*unit, &run);
    if (command->embedded.fresh) child.site = Site::instance;
    // A helper for another site, which a program for the box imports as well.
    const File& written = command->embedded.source.file();
    if (!command->embedded.fresh && &written != &run.unit->file() && hosted_notebook(written) &&
        !names_platform(written.bytes, *request_.profile))
      child.site = Site::foreign;
    child.over_ssh = command->embedded.fresh;
    child.launch_unit = run.unit;
    child.launch_span = command->span;
    child.launch_file = command->file;
    const shell::Environment handed = command->embedded.fresh ? shell::Environment()
                                      : command->call ? handed_on(*command->call, environment)
                                                      : environment;
    child.environment = handed;
    run.children.push_back(&child);
    if (unit->kind != UnitKind::shell) continue;
    shell::State state = command->embedded.fresh
                             ? shell::fresh_state(*unit, Value::literal("sh"))
                             : shell::child_state(handed, *unit, Value::literal("sh"), {});
    child.shell = execute(*unit, std::move(state));
    const bool lost = std::any_of(child.shell->commands.begin(), child.shell->commands.end(),
                                  [](const shell::CommandEvent& event) {
                                    return event.hook == shell::CommandEvent::Hook::lost ||
                                           event.hook == shell::CommandEvent::Hook::executed ||
                                           event.hook == shell::CommandEvent::Hook::needs_bash;
                                  });
    if (lost && !command->embedded.fresh) {
      environment.proxy = environment.proxy.with(shell::Proxy::kInactive | shell::Proxy::kDropped,
                                                 shell::Proxy::kExplained);
    }
    start_children(child, nesting + 1);
  }
}

/// os.symlink(TARGET, LINK) and Path(LINK).symlink_to(TARGET), seen from the working directory.
void Builder::collect_python_links(const Run& run) {
  for (const py::CallEvent& call : run.python->calls) {
    const bool method = call.method == "symlink_to";
    if (!method && call.origin != "os.symlink") continue;
    const py::Argument* target = call.argument(0, {method ? "target" : "src"});
    const py::Argument* link = method ? nullptr : call.argument(1, {"dst"});
    if (!target || (!method && !link)) continue;
    const Value at = method ? call.receiver.text() : link->value.text();
    const Value folder = working_directory(run, call.order);
    if (at.alternatives().size() != 1 || folder.alternatives().size() != 1) continue;
    program_->links.push_back({target->value.text(),
                               Value(paths::join(folder.alternatives()[0], at.alternatives()[0])),
                               &run, -1});
  }
}

void Builder::run_unlaunched_python() {
  std::set<std::string> covered;  // launched, or imported by what is launched
  for (const Run& run : program_->runs) {
    if (run.unit->kind == UnitKind::python && run.unit->embedding == Embedding::file)
      covered.insert(run.unit->file().path);
    if (!run.python) continue;
    for (const py::ProgramFile& file : run.python->files) covered.insert(file.path);
  }
  // Programs first, then what nothing imports, then what no program before has reached: what is
  // imported is seen through its importers.
  std::vector<std::shared_ptr<const File>> order;
  for (const auto& file : request_.files) {
    const bool python = file->kind == FileKind::python || file->kind == FileKind::notebook;
    if (python && !covered.contains(file->path) && demand_.wanted(file->path))
      order.push_back(file);
  }
  const auto rank = [&](const std::string& path) {
    return demand_.program(path) ? 0 : demand_.imported(path) ? 2 : 1;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](const auto& a, const auto& b) { return rank(a->path) < rank(b->path); });
  parse_ahead(order);
  for (const auto& file : order) {
    if (stopped()) return;
    if (rank(file->path) == 2 && covered.contains(file->path)) continue;
    const Unit* unit = python_unit(file);
    if (!unit) continue;
    begin_entry();
    Run& run = add(*unit, nullptr);
    const auto& sites = request_.config->sites;
    if (matches_any(sites.local, request_.config->folder, file->path))
      run.site = Site::local;
    else if (!matches_any(sites.instance, request_.config->folder, file->path) &&
             (hosted_notebook(*file) || mere_example(*file) || for_others(*file)))
      run.site = Site::foreign;
    else if (drives_over_ssh(*file, *request_.profile))
      run.site = Site::local;
    run.python = execute_python(run);
    if (reads_a_drive(*run.python) && !names_platform(file->bytes, *request_.profile))
      run.site = Site::foreign;
    for (const py::ProgramFile& other : run.python->files) covered.insert(other.path);
    run_python(run, 0);
  }
}

py::Module Builder::parsed(const Source& source) {
  const auto known = modules_.find(source.file().path);
  if (known != modules_.end()) return known->second;
  if (auto ahead = ahead_.extract(source.file().path))
    return modules_.insert(std::move(ahead)).position->second;
  return modules_.emplace(source.file().path, py::parse(source)).first->second;
}

/// Parses what is going to be run or imported, on several threads.
void Builder::parse_ahead(const std::vector<std::shared_ptr<const File>>& files) {
  std::vector<std::shared_ptr<const File>> open;
  for (const auto& file : files) {
    if (file->kind == FileKind::python && !modules_.contains(file->path)) open.push_back(file);
  }
  std::vector<py::Module> parsed(open.size());
  for_each_number(
      open.size(), request_.threads, [&](size_t i) { parsed[i] = py::parse(Source(*open[i])); },
      kParsedAtOnce);
  for (size_t i = 0; i < open.size(); ++i) ahead_.emplace(open[i]->path, std::move(parsed[i]));
}

std::vector<std::shared_ptr<const File>> Builder::unread(
    FileKind kind, const std::function<bool(const std::string& path)>& read) const {
  std::vector<std::shared_ptr<const File>> rest;
  size_t bytes = 0;
  for (const auto& file : request_.files) {
    if (file->kind != kind || read(file->path) || (request_.focus && !request_.focus(file->path)))
      continue;
    rest.push_back(file);
    bytes += file->bytes.size();
  }
  if (bytes > Demand::kSmall) rest.clear();
  return rest;
}

/// Files that no run has reached are read for their syntax alone, where that is not too much.
void Builder::check_syntax() {
  const auto scripts =
      unread(FileKind::shell, [&](const std::string& path) { return demand_.wanted(path); });
  std::vector<char> wrong(scripts.size());
  for_each_number(scripts.size(), request_.threads, [&](size_t i) {
    const shell::Program program =
        shell::parse(scripts[i]->bytes, script_start(*scripts[i]).dialect);
    wrong[i] = !program.errors.empty() || program.too_deep || program.incomplete ? 1 : 0;
  });
  for (size_t i = 0; i < scripts.size(); ++i) {
    if (wrong[i]) units_.script(scripts[i]);
  }
  const auto modules = unread(FileKind::python, [&](const std::string& path) {
    return modules_.contains(path) || python_units_.contains(path);
  });
  std::vector<std::shared_ptr<const py::Module>> parsed(modules.size());
  for_each_number(modules.size(), request_.threads, [&](size_t i) {
    parsed[i] = std::make_shared<py::Module>(py::parse_errors(Source(*modules[i])));
  });
  program_->unrun.insert(program_->unrun.end(), parsed.begin(), parsed.end());
}

}  // namespace preflint::project
