#include "project/build.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "base/one_of.h"
#include "model/shell/interpreter.h"
#include "project/builder.h"
#include "project/remote_calls.h"

namespace preflint::project {
namespace {

constexpr size_t kMaxRuns = 20'000;
constexpr int kMaxNesting = 10;
// Steps of all runs together: a text may be started over and over, by functions that are called
// over and over.
constexpr uint64_t kSteps = 6'000'000;
constexpr uint64_t kStepsPerByte = 50;
constexpr size_t kProgramBytes = 50'000;   // what is longer holds data: it grants no more steps
constexpr uint64_t kLeastShare = 200'000;  // of an entry, when others have taken most
constexpr size_t kMaxContexts = 500;       // runs of one file
// Steps of a file's runs beyond kContexts: at least, and at most.
constexpr uint64_t kLeastFurther = 30'000;
constexpr uint64_t kMostFurther = 500'000;

/// xargs adds words that are not known here: at the end, or where `-I {}` puts them; GNU parallel
/// where
/// `{}`, `{.}` or `{1}` stands, or else at the end.
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

/// Does the script itself use the box it runs on: the hook, or the platform's paths outside remote
/// texts?
bool works_on_a_box(const shell::Trace& trace, const catalog::Profile& profile) {
  for (const shell::CommandEvent& event : trace.commands) {
    if (event.hook != shell::CommandEvent::Hook::none) return true;
    if (event.name == "ssh" || event.name == "scp" || event.name == "rsync" ||
        event.name == "sftp" || event.name == "echo" || event.name == "printf" ||
        event.name.empty()) {
      continue;
    }
    for (const shell::Argument& argument : event.arguments) {
      const std::string_view start = argument.value.known_start();
      if (!start.starts_with('/')) continue;
      const catalog::Tier* tier = profile.tier_of(start);
      if (tier && tier->path != "/") return true;
    }
    if (!profile.python.prefix.empty() &&
        event.word.value.known_start().starts_with(profile.python.prefix))
      return true;
  }
  return false;
}

bool guarded(const shell::CommandEvent& event) {
  const shell::Frame* left = event.enclosing(shell::FrameKind::and_or_left);
  return (left && left->or_operator) || event.enclosing(shell::FrameKind::if_body) ||
         event.enclosing(shell::FrameKind::case_body) ||
         event.enclosing(shell::FrameKind::and_or_right) || event.uncalled();
}

/// The folders of Colab, Kaggle and other rentals.
bool hosted_folder(const shell::Argument& argument,
                   const std::vector<std::string_view>& elsewhere) {
  const std::string_view path = argument.value.known_start();
  if (std::any_of(elsewhere.begin(), elsewhere.end(),
                  [&](std::string_view place) { return path.starts_with(place); }))
    return true;
  for (const std::string_view folder : {"/content", "/kaggle"}) {
    if (path.starts_with(folder) &&
        (path.size() == folder.size() || path[folder.size()] == '/' || path[folder.size()] == '\r'))
      return true;
  }
  return false;
}

/// `/d/ProgramData`, `/cygdrive/c`: the drives of Windows, as Git's bash and Cygwin have them.
bool on_drive(std::string_view path) {
  return path.starts_with("/cygdrive/") ||
         (path.size() > 3 && path[0] == '/' && path[1] >= 'c' && path[1] <= 'h' && path[2] == '/');
}

/// A robot, a camera: nobody rents those.
bool has_hardware(const shell::Trace& trace) {
  const auto device = [](const Value& value) {
    const std::string shown = value.display();
    return shown.find("/dev/ttyACM") != std::string::npos ||
           shown.find("/dev/ttyUSB") != std::string::npos ||
           shown.find("/dev/video") != std::string::npos;
  };
  return std::any_of(trace.assignments.begin(), trace.assignments.end(),
                     [&](const shell::AssignmentEvent& event) { return device(event.value); }) ||
         std::any_of(
             trace.commands.begin(), trace.commands.end(), [&](const shell::CommandEvent& event) {
               return std::any_of(event.arguments.begin(), event.arguments.end(),
                                  [&](const shell::Argument& one) { return device(one.value); });
             });
}

/// Tools that a rented container does not have: of a cluster, of other clouds and machines, of
/// containers themselves; and the places of hosted notebooks.
bool of_another_kind(const shell::CommandEvent& event,
                     const std::vector<std::string_view>& elsewhere) {
  // Other providers' own programs, whatever is asked before.
  if (one_of(event.name, {"modal", "runpodctl", "vastai"}) ||
      (event.name == "python" && event.arguments.size() > 1 && event.arguments[0].is("-m") &&
       event.arguments[1].is("modal")))
    return true;
  if (guarded(event)) return false;
  if (std::any_of(
          event.arguments.begin(), event.arguments.end(),
          [&](const shell::Argument& argument) { return hosted_folder(argument, elsewhere); }))
    return true;
  if (event.has_prefix("srun") ||
      one_of(event.name, {"kubectl", "gcloud", "brew", "choco", "winget"}))
    return true;
  const shell::Argument* first = event.operand();
  const std::string shown = first ? first->value.display() : "";
  if (one_of(event.name, {"cd", "source", "."}) && on_drive(shown)) return true;
  if (event.name == "cd")
    return shown.find("SLURM_SUBMIT_DIR") != std::string::npos ||
           shown.find("PBS_O_WORKDIR") != std::string::npos || shown.starts_with("/Users/");
  if (event.name == "systemctl")
    return one_of(shown, {"start", "restart", "enable", "daemon-reload", "reload"});

  return one_of(event.name, {"docker", "podman", "docker-compose"}) &&
         one_of(shown, {"run", "build", "exec", "compose", "up", "push", "pull"});
}

/// What ssh runs first goes to a folder that a box has not: `cd /media/workspace`.
bool goes_elsewhere(const shell::Trace& trace) {
  if (trace.commands.empty() || trace.commands[0].name != "cd") return false;
  const shell::Argument* folder = trace.commands[0].operand();
  const std::string_view path = folder ? folder->value.known_start() : std::string_view();
  return path.starts_with("/media/") || path.starts_with("/home/") || path.starts_with("/Users/");
}

/// `CONDA_BASE="${CONDA_BASE:-/home/someone/anaconda3}"`: whose conda it was written for.
bool conda_of_another_machine(const shell::AssignmentEvent& event) {
  const auto& texts = event.value.alternatives();
  return std::any_of(texts.begin(), texts.end(), [](const Text& one) {
    const std::string_view path = one.known_prefix();
    return (path.starts_with("/home/") || path.starts_with("/mnt/") ||
            path.starts_with("/Users/")) &&
           (path.ends_with("conda3") || path.ends_with("/conda") || path.ends_with("miniforge3"));
  });
}

/// `[ -d /home/someone/project ] || exit 1`: without a folder of another machine it does nothing.
bool needs_another_machine(const shell::Trace& trace) {
  bool some = false;
  for (const shell::CommandEvent& event : trace.commands) {
    if (event.function_call || event.uncalled() || shell::is_builtin(event.name) ||
        one_of(event.name, {"", "date", "dirname", "basename", "hostname", "whoami", "uname",
                            "clear", "cat", "mkdir", "nvidia-smi", "sleep"}))
      continue;
    if (!event.state.elsewhere) return false;
    some = true;
  }
  return some;
}

/// A server that is reached by its address, on ssh's own port: the platform maps another one.
bool on_another_server(const shell::CommandEvent& event, const catalog::Profile& profile) {
  const auto call = remote_call(event);
  return call && another_server(*call, profile);
}

/// Does a command reach the platform's own box by its address: `rsync … root@HOST:…`?
bool reaches_the_box(const shell::CommandEvent& event, const catalog::Profile& profile) {
  const auto call = remote_call(event);
  if (!call || !call->target) return false;
  const auto& texts = call->target->value.alternatives();
  return std::any_of(texts.begin(), texts.end(), [&](const Text& text) {
    std::string host = text.display();
    host.erase(0, host.find('@') + 1);
    host.resize(std::min(host.find(':'), host.size()));
    return catalog::Profile::host_in(host, profile.launch.ssh_hosts);
  });
}

/// Environment modules are a cluster's, and so is a login file below another machine's home or
/// mount.
bool of_another_machine(const shell::CommandEvent& event) {
  const shell::Argument* first = event.operand();
  if (!first) return false;
  if (event.name == "module") return first->is("load") || first->is("purge") || first->is("swap");
  if (event.name != "source" && event.name != ".") return false;
  const std::string path = first->constant().value_or("");
  return (path.starts_with("/mnt/") || path.starts_with("/home/")) && !guarded(event);
}

}  // namespace

bool drives_a_box(const shell::CommandEvent& event) {
  if (event.name == "ssh" || event.name == "sshpass") return event.operand() != nullptr;
  if (event.name != "scp" && event.name != "rsync" && event.name != "sftp") return false;
  for (const shell::Argument& argument : event.arguments) {
    const std::string shown = argument.value.display();
    if (shown.starts_with("-")) continue;
    const size_t colon = shown.find(':');
    if (colon != std::string::npos && colon > 0 && shown.find('/') > colon &&
        shown.find("://") == std::string::npos)
      return true;
  }
  return false;
}

/// Is the path, seen from `folder`, matched by one of the patterns?
bool matches_any(const std::vector<std::string>& patterns, const std::string& folder,
                 const std::string& path) {
  const std::string relative = paths::under(path, folder) && path.size() > folder.size() + 1
                                   ? path.substr(folder == "/" ? 1 : folder.size() + 1)
                                   : path;
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return catalog::glob_matches(pattern, relative);
  });
}

Builder::Builder(const BuildRequest& request)
    : request_(request),
      demand_(request),
      program_(std::make_unique<Program>()),
      resolver_(request.root, *request.reader),
      units_(*program_),
      host_(*request.profile, *request.config, resolver_, *request.reader, units_) {
  program_->root = request.root;
  program_->files = request.files;
  program_->reader = request.reader;
  program_->threads = request.threads;
  for (const auto& file : request.files)
    steps_left_ += kStepsPerByte * std::min(file->bytes.size(), kProgramBytes);
  steps_left_ += kSteps;
  installed_ = console_scripts(request);
  if (!demand_.small()) unlaunched_.most = 60'000;
}

bool Builder::stopped() {
  const uint64_t steps = work_.steps();
  steps_left_ -= std::min(steps, steps_left_);
  share_left_ -= std::min(steps, share_left_);
  if (program_->runs.size() >= kMaxRuns || steps_left_ == 0) program_->incomplete = true;
  return program_->incomplete || (request_.cancelled && request_.cancelled());
}

void Builder::begin_entry() {
  stopped();  // what was done until now is the others'
  share_left_ = std::max(kLeastShare, steps_left_ / 4);
}

bool Builder::entry_stopped(const Run* run) {
  if (stopped()) return true;
  if (share_left_ > 0) return false;
  if (run) program_->runs[static_cast<size_t>(run->root().index)].cut_off = true;
  return true;
}

/// The examples of a published library show how it is used. Whoever rents a box for them names the
/// platform somewhere.
bool Builder::mere_example(const File& file) const {
  if (!library_example(file, request_.root, *request_.reader)) return false;
  if (!for_platform_) {
    for_platform_ = std::any_of(request_.files.begin(), request_.files.end(), [&](const auto& one) {
      return meant_for_platform(one->bytes, *request_.profile);
    });
  }
  return !*for_platform_;
}

bool Builder::for_others(const File& file) const {
  if (!own_folders_) own_folders_.emplace(request_.files, request_.root, *request_.profile);
  return kept_for_others(file, request_.root, *request_.profile, *request_.reader, *own_folders_);
}

/// A fork keeps the examples of the library that it was made from. Where the author's own scripts
/// name the platform, those that do not are as they came, unless one that does starts them.
bool Builder::left_example(const File& file) const {
  const auto example = [&](const std::string& path) { return among_examples(path, request_.root); };
  if (file.kind != FileKind::shell || !example(file.path) ||
      !packaged(request_.root, *request_.reader))
    return false;
  if (!own_scripts_) {
    own_scripts_ = std::any_of(request_.files.begin(), request_.files.end(), [&](const auto& one) {
      return one->kind == FileKind::shell && !example(one->path) &&
             names_platform(one->bytes, *request_.profile);
    });
  }
  return *own_scripts_ && !meant_for_platform(file.bytes, *request_.profile);
}

/// Where `scripts/autodl/` holds the scripts for the platform, one that lies elsewhere, that none
/// of them starts and that does not name the platform is for another machine.
bool Builder::beside_platform_folder(const File& file) const {
  const auto inside = [&](const std::string& path) {
    return in_platform_folder(path, request_.root, *request_.profile);
  };
  if (!platform_folder_) {
    platform_folder_ = std::any_of(
        request_.files.begin(), request_.files.end(),
        [&](const auto& one) { return one->kind == FileKind::shell && inside(one->path); });
  }
  return *platform_folder_ && !inside(file.path) &&
         !meant_for_platform(file.bytes, *request_.profile);
}

Site Builder::site_of(const Unit& unit, const shell::Trace& trace) const {
  const std::string& path = unit.file().path;
  const auto& sites = request_.config->sites;
  if (matches_any(sites.local, request_.config->folder, path)) return Site::local;
  if (matches_any(sites.instance, request_.config->folder, path)) return Site::instance;
  if (marks_foreign_site(unit.source.text())) return Site::foreign;
  if (has_hardware(trace) ||
      std::any_of(trace.commands.begin(), trace.commands.end(), of_another_machine))
    return Site::foreign;
  if (std::any_of(trace.assignments.begin(), trace.assignments.end(), conda_of_another_machine) &&
      !meant_for_platform(unit.file().bytes, *request_.profile))
    return Site::foreign;
  const std::vector<std::string_view> elsewhere = places_elsewhere(*request_.profile);
  if (std::any_of(
          trace.commands.begin(), trace.commands.end(),
          [&](const shell::CommandEvent& event) { return of_another_kind(event, elsewhere); }) &&
      !works_on_a_box(trace, *request_.profile))
    return Site::foreign;
  const bool kept_all =
      for_others(unit.file()) &&
      std::all_of(trace.sources.begin(), trace.sources.end(), [&](const shell::SourceEvent& event) {
        return !event.target || for_others(event.target->file());
      });
  if (kept_all || mere_example(unit.file()) || left_example(unit.file()) ||
      beside_platform_folder(unit.file()))
    return Site::foreign;
  const bool drives =
      std::any_of(trace.commands.begin(), trace.commands.end(), drives_a_box) ||
      std::any_of(trace.embedded.begin(), trace.embedded.end(),
                  [&](const shell::Embedded& embedded) {
                    const std::string_view text = embedded.source.text();
                    return trace.commands[static_cast<size_t>(embedded.command)].name == "expect" &&
                           (text.starts_with("ssh ") || text.starts_with("scp ") ||
                            text.starts_with("rsync ") || text.starts_with("sftp "));
                  }) ||
      std::any_of(trace.launches.begin(), trace.launches.end(), [&](const shell::Launch& launch) {
        return launch.kind == shell::Launch::shell_script && !launch.over_ssh &&
               box_drivers_.contains(
                   target_of(launch, trace.commands[static_cast<size_t>(launch.command)]));
      });
  if (!drives && !needs_another_machine(trace)) return Site::instance;
  if (works_on_a_box(trace, *request_.profile)) return Site::instance;
  return drives ? Site::local : Site::foreign;
}

std::shared_ptr<const shell::Trace> Builder::execute(const Unit& unit, shell::State state) {
  host_.begin_run();
  return std::make_shared<const shell::Trace>(shell::run(unit, std::move(state), host_));
}

Run& Builder::add(const Unit& unit, const Run* parent) {
  Run& run = program_->runs.emplace_back();
  run.index = static_cast<int>(program_->runs.size()) - 1;
  run.unit = &unit;
  run.parent = parent;
  if (parent) run.site = parent->site;
  return run;
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
    starts.push_back({event.index, nullptr, &launch, &at->second});
  }
  std::stable_sort(starts.begin(), starts.end(),
                   [](const Start& a, const Start& b) { return a.command < b.command; });
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
        child->shell = execute(*unit, embedded_state(*start.embedded, event, *unit));
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
  Contexts& contexts = contexts_[path];
  const bool enough =
      contexts.count >= kMaxContexts ||
      (contexts.count >= kContexts &&
       contexts.further_steps >= std::clamp(further_.left / 2, kLeastFurther, kMostFurther));
  const bool python = launch.kind != shell::Launch::shell_script || script_start(*file).python ||
                      file->kind == FileKind::python;
  const Unit* unit = nullptr;
  if (python) {
    unit = python_unit(file);
  } else if (file->kind == FileKind::shell || launch.by_interpreter) {
    unit = launch.by_interpreter ? units_.script(file, launch.dialect, launch.errexit)
                                 : units_.script(file);
  }
  if (!unit || (enough && !python)) return nullptr;
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
      entries_.erase(child.index);
      program_->runs.pop_back();
      return nullptr;
    }
  }
  ++contexts.count;
  if (!python) {
    Work::Meter used;
    shell::State state = launch.fresh ? shell::fresh_state(*unit, resolver_.on_box(path))
                                      : shell::child_state(event.environment, *unit,
                                                           resolver_.on_box(path), child.arguments);
    const bool split =
        std::any_of(child.arguments.begin(), child.arguments.end(),
                    [](const shell::Argument& argument) { return argument.may_split; });
    if (split || launch.fresh) state.positional = nullptr;
    child.shell = execute(*unit, std::move(state));
    if (contexts.count > kContexts) take_further(path, used.steps());
  }
  return &child;
}

void Builder::collect_links() {
  for (const Run& run : program_->runs) {
    if (run.python) collect_python_links(run);
    if (!run.shell) continue;
    for (const shell::CommandEvent& event : run.shell->commands) {
      if (event.name != "ln" || !(event.has_option("-s") || event.has_option("--symbolic")))
        continue;
      std::vector<const shell::Argument*> operands;
      for (size_t n = 0; const shell::Argument* operand = event.operand(n); ++n)
        operands.push_back(operand);
      if (operands.size() == 1) {  // into the working directory
        const std::string name = paths::basename(operands[0]->value.display());
        program_->links.push_back({operands[0]->value, Value::literal(name), &run, event.index});
      }
      for (size_t i = 0; i + 1 < operands.size(); ++i) {
        program_->links.push_back({operands[i]->value, operands.back()->value, &run, event.index});
      }
    }
  }
}

std::shared_ptr<const shell::Trace> Builder::execute_alone(const Unit& unit) {
  return execute(unit, shell::fresh_state(unit, resolver_.on_box(unit.file().path)));
}

/// Runs each script by itself, to learn what it reaches.
std::vector<Builder::Candidate> Builder::try_scripts() {
  std::vector<std::shared_ptr<const File>> scripts;
  for (const auto& file : request_.files) {
    if (file->kind == FileKind::shell && demand_.wanted(file->path)) scripts.push_back(file);
  }
  units_.prepare(scripts, request_.threads);
  std::vector<Candidate> out;
  for (const auto& file : scripts) {
    if (stopped()) break;
    Candidate& candidate = out.emplace_back();
    begin_entry();
    candidate.unit = units_.script(file);
    candidate.trace = execute_alone(*candidate.unit);
    candidate.number = host_.run();
    candidate.passed_over = host_.passed_over();
    collect_targets(*candidate.unit, *candidate.trace, 0);
  }
  return out;
}

/// Makes a script that was tried the start of a run.
void Builder::start(Candidate& candidate) {
  const Unit* unit = candidate.unit;
  begin_entry();
  if (!candidate.trace) candidate.trace = execute_alone(*unit);
  const Site site = site_of(*unit, *candidate.trace);
  bool again =
      std::any_of(candidate.passed_over.begin(), candidate.passed_over.end(),
                  [&](const ShellHost::PassedOver& one) { return !host_.passes_over(one); });
  if (site != Site::instance) {
    // HOME and the like are another machine's.
    Unit& local = program_->units.emplace_back(*unit);
    local.site = site;
    unit = &local;
    again = true;
  }
  if (again) {
    host_.forget(candidate.number);
    candidate.trace.reset();  // before there is another one
    candidate.trace = execute_alone(*unit);
  }
  Run& run = add(*unit, nullptr);
  run.site = site;
  run.shell = std::move(candidate.trace);
  start_children(run, 0);
}

std::unique_ptr<Program> Builder::build() {
  std::vector<Candidate> candidates = try_scripts();
  // A script that another one sources or starts is seen through that one. In a cycle the first file
  // by path is taken for the entry.
  const auto covers = [&](const std::string& path) {
    const auto from = reached_.find(path);
    return from != reached_.end() &&
           std::any_of(from->second.begin(), from->second.end(), [&](const std::string& caller) {
             const auto back = reached_.find(caller);
             const bool mutual = back != reached_.end() && back->second.contains(path);
             return !mutual || caller < path;
           });
  };
  for (Candidate& candidate : candidates) {
    candidate.covered = covers(candidate.unit->file().path);
    if (!candidate.covered) continue;
    const auto& commands = candidate.trace->commands;
    if (std::any_of(commands.begin(), commands.end(),
                    [&](const auto& one) { return reaches_the_box(one, *request_.profile); }) &&
        !works_on_a_box(*candidate.trace, *request_.profile))
      box_drivers_.insert(candidate.unit->file().path);
    host_.forget(candidate.number);
    candidate.trace.reset();
  }
  for (Candidate& candidate : candidates) {
    if (candidate.covered) continue;
    if (stopped()) break;
    start(candidate);
  }
  // Only reached in circles or past the limits: looked at alone.
  std::set<std::string> seen;
  for (const Run& run : program_->runs) {
    seen.insert(run.unit->file().path);
    if (!run.shell) continue;
    for (const shell::SourceEvent& event : run.shell->sources) {
      if (event.target) seen.insert(event.target->file().path);
    }
  }
  for (Candidate& candidate : candidates) {
    if (candidate.covered && !seen.contains(candidate.unit->file().path) && !stopped())
      start(candidate);
  }
  run_unlaunched_python();
  check_syntax();
  collect_links();
  return std::move(program_);
}

const shell::CommandEvent* Run::launcher() const {
  if (!parent || !parent->shell || launch_command < 0) return nullptr;
  return &parent->shell->commands[static_cast<size_t>(launch_command)];
}

bool Program::linted(const File& file) const {
  return std::any_of(files.begin(), files.end(),
                     [&](const auto& one) { return one->path == file.path; });
}

std::unique_ptr<Program> build(const BuildRequest& request) { return Builder(request).build(); }

}  // namespace preflint::project
