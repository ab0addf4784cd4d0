#include "project/event_files.h"

#include <algorithm>
#include <array>

#include "project/guides.h"
#include "project/resolve.h"
#include "project/trackers.h"
#include "project/training.h"

namespace preflint::project {
namespace {

using py::CallEvent;
using Names = std::initializer_list<std::string_view>;

bool one_of(std::string_view word, Names words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// A class or function that is given the directory itself. The documented defaults are cited in the
/// rule tensorboard-dir-outside-panel.
struct Writer {
  std::string_view package;  // first component of the origin; "*" any
  std::string_view ending;   // of the origin, from a dot on
  int position;              // of the directory; -1: by keyword only
  std::array<std::string_view, 3> keywords;
  std::string_view fallback;  // without a directory; "": it is required, or nothing is written
};

constexpr Writer kWriters[] = {
    {"torch", ".SummaryWriter", 0, {"log_dir", "logdir"}, "runs"},
    {"tensorboardX", ".SummaryWriter", 0, {"logdir", "log_dir"}, "runs"},
    {"tensorboardX", ".GlobalSummaryWriter", 0, {"logdir", "log_dir"}, "runs"},
    {"mxboard", ".SummaryWriter", 0, {"logdir"}, "./logs"},
    {"flax", ".SummaryWriter", 0, {"log_dir"}, ""},
    {"clu", ".create_default_writer", 0, {"logdir"}, ""},
    {"clu", ".SummaryWriter", 0, {"log_dir"}, ""},
    {"tensorboard_logger", ".configure", 0, {"logdir"}, ""},
    {"tensorboard_logger", ".Logger", 0, {"logdir"}, ""},
    {"tensorflow", ".create_file_writer", 0, {"logdir"}, ""},
    {"tensorflow", ".FileWriter", 0, {"logdir"}, ""},
    {"tensorflow", ".callbacks.TensorBoard", 0, {"log_dir"}, "logs"},
    {"keras", ".callbacks.TensorBoard", 0, {"log_dir"}, "logs"},
    {"tf_keras", ".callbacks.TensorBoard", 0, {"log_dir"}, "logs"},
    {"ignite", ".TensorboardLogger", 0, {"log_dir", "logdir"}, "runs"},
    {"monai", ".TensorBoardStatsHandler", 1, {"log_dir"}, "./runs"},
    {"monai", ".TensorBoardImageHandler", 1, {"log_dir"}, "./runs"},
    {"detectron2", ".TensorboardXWriter", 0, {"log_dir"}, ""},
    {"mmengine", ".TensorboardVisBackend", 0, {"save_dir"}, ""},
    {"stable_baselines3", "", -1, {"tensorboard_log"}, ""},
    {"sb3_contrib", "", -1, {"tensorboard_log"}, ""},
};

constexpr std::string_view kLightning[] = {"lightning", "pytorch_lightning", "lightning_fabric"};

/// A value that names no directory.
bool absent(const py::Value& value) { return value.is_none() || value.is(""); }

/// `directory`/`below` for every alternative.
Value inside(const Value& directory, std::string_view below) {
  return directory.concatenated(Value::literal("/" + std::string(below)));
}

struct Finder {
  const Run& run;
  std::vector<EventFiles>& out;

  void add(const CallEvent& call, std::string_view writer, Value directory,
           const py::Argument* named, std::string_view missing = {}) const {
    EventFiles files;
    files.writer = writer;
    files.directory = std::move(directory);
    files.by_default = !missing.empty();
    files.option = missing;
    files.source = &call.file->syntax.source;
    files.span = named && !named->span.empty() ? named->span : call.span;
    files.call = &call;
    const Value cwd = working_directory(run, call.order);
    std::optional<Value> resolved;
    for (const Text& base : cwd.alternatives()) {
      for (const Text& text : files.directory.alternatives()) {
        const Value one(paths::join(base, text));
        resolved = resolved ? resolved->joined(one) : one;
      }
    }
    files.resolved = *resolved;
    out.push_back(std::move(files));
  }

  void writer(const CallEvent& call, const Writer& writer, std::string_view name) const {
    // Writer.__init__(self, …) of a subclass has its directory one further.
    const int position =
        writer.position < 0
            ? -1
            : writer.position + (call.method == "__init__" && !call.through_super ? 1 : 0);
    const std::initializer_list<std::string_view> keywords = {
        writer.keywords[0], writer.keywords[1], writer.keywords[2]};
    const py::Argument* given = nullptr;
    for (const std::string_view keyword : keywords) {
      if (!given && !keyword.empty()) given = call.argument(position, {keyword});
    }
    const py::Argument* to_disk = call.keyword("write_to_disk");
    if (to_disk && to_disk->value.truth() != Tri::yes) return;
    if (given && !absent(given->value)) {
      add(call, name, given->value.text(), given);
    } else if (!writer.fallback.empty() && (given || call.given(position, keywords) == Tri::no)) {
      add(call, name, Value::literal(writer.fallback), nullptr, writer.keywords[0]);
    }
  }

  void lightning(const CallEvent& call, std::string_view name) const {
    if (name == "TensorBoardLogger") {
      const py::Argument* folder = call.argument(0, {"save_dir"});
      if (!folder) folder = call.keyword("root_dir");
      const py::Argument* label = call.argument(1, {"name"});
      if (!folder || absent(folder->value)) return;
      const Value below =
          !label ? (call.given(1, {"name"}) == Tri::no ? Value::literal("lightning_logs")
                                                       : Value::unknown("name"))
          : absent(label->value) ? Value::literal("")
                                 : label->value.text();
      add(call, name, folder->value.text().concatenated(Value::literal("/")).concatenated(below),
          folder);
      return;
    }
    if (name != "Trainer") return;
    const py::Argument* logger = call.keyword("logger");
    if (!logger && call.given(-1, {"logger"}) != Tri::no) return;
    if (logger && !(logger->value.type == py::Type::boolean && logger->value.number == 1)) return;
    const py::Argument* quick = call.keyword("fast_dev_run");
    if (quick && quick->value.truth() != Tri::no) return;
    const py::Argument* root = call.keyword("default_root_dir");
    if (root && !absent(root->value))
      add(call, "Trainer", inside(root->value.text(), "lightning_logs"), root);
    else
      add(call, "Trainer", Value::literal("lightning_logs"), nullptr, "default_root_dir");
  }

  void transformers(const CallEvent& call, std::string_view name) const {
    const py::Argument* trackers = call.keyword("report_to");
    const py::Argument* folder = call.keyword("logging_dir");
    if (call.more_keywords && (!trackers || !folder)) return;
    const bool named = folder && !absent(folder->value);
    // What is reported to when nothing is said depends on the release: "all" before 5, nothing
    // since. Who names the directory means TensorBoard: nothing else reads it.
    if (trackers ? names_tracker(trackers->value, "tensorboard") != Tri::yes : !named) return;
    if (named) {
      add(call, name, folder->value.text(), folder);
      return;
    }
    const py::Argument* output = call.argument(0, {"output_dir"});
    if (output && !absent(output->value))
      add(call, name, inside(output->value.text(), "runs"), output, "logging_dir");
    else if (call.given(0, {"output_dir"}) == Tri::no)
      add(call, name, Value::literal("trainer_output/runs"), nullptr, "logging_dir");
  }

  void accelerate(const CallEvent& call) const {
    const py::Argument* trackers = call.keyword("log_with");
    if (!trackers || names_tracker(trackers->value, "tensorboard") != Tri::yes) return;
    const py::Argument* folder = call.keyword("logging_dir");
    if (!folder) folder = call.keyword("project_dir");
    if (const py::Argument* project = call.keyword("project_config")) {
      if (project->value.call < 0 ||
          static_cast<size_t>(project->value.call) >= run.python->calls.size())
        return;
      const CallEvent& settings = run.python->calls[static_cast<size_t>(project->value.call)];
      if (settings.origin.find("ProjectConfiguration") == std::string::npos) return;
      if (const py::Argument* inner = settings.argument(1, {"logging_dir"});
          inner && !absent(inner->value))
        folder = inner;
      else if (const py::Argument* outer = settings.argument(0, {"project_dir"}); outer && !folder)
        folder = outer;
      if (folder && !absent(folder->value))
        add(settings, "Accelerator", folder->value.text(), folder);
      return;
    }
    if (folder && !absent(folder->value)) add(call, "Accelerator", folder->value.text(), folder);
  }

  /// dict(type="TensorboardVisBackend") in a configuration of MMEngine or MMCV.
  void registry(const CallEvent& call) const {
    const py::Argument* type = call.keyword("type");
    if (!type) return;
    const bool hook = type->value.is("TensorboardLoggerHook");
    if (!hook && !type->value.is("TensorboardVisBackend")) return;
    const py::Argument* folder = call.keyword(hook ? "log_dir" : "save_dir");
    const std::string writer = *type->value.constant();
    if (folder && !absent(folder->value)) {
      add(call, writer, folder->value.text(), folder);
      return;
    }
    const py::Value work = run.python->global("work_dir");
    if (work.is_string())
      add(call, writer, inside(work.text(), hook ? "tf_logs" : "vis_data"), nullptr,
          hook ? "log_dir" : "save_dir");
    else
      add(call, writer, Value::literal("work_dirs"), nullptr, hook ? "log_dir" : "save_dir");
  }

  void call(const CallEvent& call) const {
    if (call.origin == "builtins.dict") return registry(call);
    if (call.project || call.origin.empty()) return;
    std::string_view origin = call.origin;
    if (origin.ends_with(".__init__")) origin.remove_suffix(9);
    const std::string_view package = origin.substr(0, origin.find_first_of(".("));
    if (origin.find('(') != std::string_view::npos) return;
    const std::string_view name = origin.substr(origin.rfind('.') + 1);
    if (std::find(std::begin(kLightning), std::end(kLightning), package) != std::end(kLightning))
      return lightning(call, name);
    if (trainer_settings(package, name)) return transformers(call, name);
    if (package == "accelerate" && name == "Accelerator") return accelerate(call);
    for (const Writer& one : kWriters) {
      if (package == one.package && origin.ends_with(one.ending)) return writer(call, one, name);
    }
  }
};

/// Options by which training scripts are told where TensorBoard's files go.
constexpr std::string_view kOptions[] = {"--logging_dir",
                                         "--logging-dir",
                                         "--logdir",
                                         "--tensorboard_dir",
                                         "--tensorboard-dir",
                                         "--tensorboard_logdir",
                                         "--tensorboard-logdir",
                                         "--tensorboard_log_dir",
                                         "--tensorboard-log-dir",
                                         "--tensorboard_log",
                                         "--tb_dir",
                                         "--tb-dir",
                                         "--tb_logdir",
                                         "--tb_log_dir",
                                         "--tb-log-dir"};

bool starts_training(const shell::CommandEvent& event) {
  // `python -m tensorboard.main --logdir x` reads them.
  for (size_t i = 0; i + 1 < event.arguments.size(); ++i) {
    const shell::Argument& module = event.arguments[i + 1];
    if (event.arguments[i].is("-m") && (module.is("tensorboard") || module.is("tensorboard.main")))
      return false;
  }
  return one_of(event.name, {"python", "torchrun", "accelerate", "deepspeed", "llamafactory-cli",
                             "swift", "xtuner", "fairseq-train", "horovodrun"});
}

/// Does the program that a command starts, as far as it is followed, say itself what its options
/// do?
bool speaks_for_itself(const Run& run, const shell::CommandEvent& event, std::string_view option) {
  for (const Run* child : run.children) {
    if (child->launch_command != event.index || !child->python) continue;
    const std::vector<EventFiles> own = event_files(*child);
    const bool known = std::any_of(own.begin(), own.end(), [](const EventFiles& files) {
      return !files.directory.unknown_whole();
    });
    if (known) return true;
    const bool parsed = std::any_of(
        child->python->calls.begin(), child->python->calls.end(), [](const CallEvent& call) {
          return one_of(call.method, {"parse_args_into_dataclasses", "parse_args_and_config"}) ||
                 call.origin == "transformers.HfArgumentParser";
        });
    // `--logging_dir` of a program of one's own may be for other logs.
    return own.empty() && !parsed && option.find("tensorboard") == std::string_view::npos &&
           option.find("tb") == std::string_view::npos;
  }
  return false;
}

void launch_options(const Run& run, std::vector<EventFiles>& out) {
  for (const shell::CommandEvent& event : run.shell->commands) {
    if (!starts_training(event)) continue;
    for (const std::string_view option : kOptions) {
      const auto value = event.option_value(option);
      if (!value || speaks_for_itself(run, event, option)) continue;
      EventFiles files;
      files.writer = option;
      files.directory = *value;
      const Text cwd = event.state.here();
      std::optional<Value> resolved;
      for (const Text& text : value->alternatives()) {
        const Value one(paths::join(cwd, text));
        resolved = resolved ? resolved->joined(one) : one;
      }
      files.resolved = *resolved;
      files.source = &event.unit->source;
      files.span = event.span;
      for (const shell::Argument& argument : event.arguments) {
        const std::string_view start = argument.value.known_start();
        if (start.starts_with(option)) files.span = argument.span;
      }
      files.command = &event;
      out.push_back(std::move(files));
      break;
    }
  }
}

/// Does the command line choose TensorBoard for transformers' Trainer?
const shell::Argument* reports_to_tensorboard(const shell::CommandEvent& event) {
  for (size_t i = 0; i < event.arguments.size(); ++i) {
    const std::string word = event.arguments[i].constant().value_or("");
    if (word == "--report_to=tensorboard" || word == "--report-to=tensorboard")
      return &event.arguments[i];
    if (word != "--report_to" && word != "--report-to") continue;
    for (size_t k = i + 1; k < event.arguments.size(); ++k) {
      const std::string tracker = event.arguments[k].constant().value_or("");
      if (tracker.starts_with("-")) break;
      if (tracker == "tensorboard") return &event.arguments[i];
    }
  }
  return nullptr;
}

/// Does the program that a command starts read the Trainer's settings from the command line, and
/// leave the directory of the event files to them?
bool trainer_by_options(const Run& run, const shell::CommandEvent& event) {
  for (const Run* child : run.children) {
    if (child->launch_command != event.index || !child->python) continue;
    const py::Trace& program = *child->python;
    const bool parses =
        std::any_of(program.calls.begin(), program.calls.end(), [](const CallEvent& call) {
          return one_of(call.method, {"parse_args_into_dataclasses", "parse_args_and_config"});
        });
    const bool sets = std::any_of(program.assignments.begin(), program.assignments.end(),
                                  [](const py::AssignEvent& assignment) {
                                    return assignment.target.ends_with(".logging_dir");
                                  });
    return parses && !sets && trains(program);
  }
  return false;
}

/// `--report_to tensorboard --output_dir X` without `--logging_dir`: X/runs.
void launch_defaults(const Run& run, std::vector<EventFiles>& out) {
  for (const shell::CommandEvent& event : run.shell->commands) {
    if (!starts_training(event) || event.environment.find("TENSORBOARD_LOGGING_DIR")) continue;
    const shell::Argument* chosen = reports_to_tensorboard(event);
    auto output = event.option_value("--output_dir");
    if (!output) output = event.option_value("--output-dir");
    if (!chosen || !output || output->empty() != Tri::no) continue;
    // A file of settings may name the directory.
    if (event.option_value("--logging_dir") || event.option_value("--logging-dir") ||
        event.option_value("--config"))
      continue;
    const shell::Argument* task = event.operand();
    const bool swift =
        event.name == "swift" && task && (task->is("sft") || task->is("pt") || task->is("rlhf"));
    const bool factory = event.name == "llamafactory-cli" && task && task->is("train");
    if (!swift && !factory && !trainer_by_options(run, event)) continue;
    EventFiles files;
    files.writer = "--report_to tensorboard";
    files.option = "--logging_dir";
    files.by_default = true;
    // swift makes a folder for each run.
    files.directory = swift ? output->concatenated(Value::literal("/"))
                                  .concatenated(Value::unknown("version"))
                                  .concatenated(Value::literal("/runs"))
                            : inside(*output, "runs");
    const Text cwd = event.state.here();
    std::optional<Value> resolved;
    for (const Text& text : files.directory.alternatives()) {
      const Value one(paths::join(cwd, text));
      resolved = resolved ? resolved->joined(one) : one;
    }
    files.resolved = *resolved;
    files.source = &event.unit->source;
    files.span = chosen->span;
    files.command = &event;
    out.push_back(std::move(files));
  }
}

/// Components of a path, for a comparison in which a leading hole may stand for several of them.
struct Components {
  bool floating = false;  // begins with a hole: where it lies is not known
  std::vector<Text> list;
};

Components components(const Text& path) {
  Components out;
  Text part;
  const auto push = [&] {
    if (!part.pieces().empty()) out.list.push_back(std::move(part));
    part = Text();
  };
  out.floating = !path.pieces().empty() && !path.pieces().front().known;
  for (const Piece& piece : path.pieces()) {
    if (!piece.known) {
      part.append(Text::hole(piece.text, piece.empty));
      continue;
    }
    size_t begin = 0;
    for (size_t slash = piece.text.find('/'); slash != std::string::npos;
         slash = piece.text.find('/', begin)) {
      part.append(std::string_view(piece.text).substr(begin, slash - begin));
      push();
      begin = slash + 1;
    }
    part.append(std::string_view(piece.text).substr(begin));
  }
  push();
  return out;
}

Tri same(const Text& a, const Text& b) {
  if (a == b) return Tri::yes;
  return a.known() && b.known() ? Tri::no : Tri::maybe;
}

/// Is `path` in `folder` or the folder itself, when the folder's components from `skip` on are
/// compared?
Tri prefix(const Components& folder, size_t skip, const Components& path, size_t from) {
  Tri out = Tri::yes;
  for (size_t i = skip; i < folder.list.size(); ++i) {
    const size_t at = from + i - skip;
    if (at >= path.list.size()) return Tri::no;
    out = out & same(folder.list[i], path.list[at]);
  }
  return out;
}

Tri lies_in(const Text& path_text, const Text& folder_text) {
  const Components path = components(path_text), folder = components(folder_text);
  if (path.floating == folder.floating) {
    const Tri direct = prefix(folder, 0, path, 0);
    // Two different holes may stand for anything; the same one at the start decides.
    if (direct != Tri::no || !path.floating || path.list[0] == folder.list[0]) return direct;
  }
  // The hole at the start of one stands for some components of the other.
  if (path.floating) {
    for (size_t skip = 1; skip <= folder.list.size(); ++skip) {
      // The project may lie in the folder as a whole only when the folder is a disk, not a run's
      // directory.
      if (skip == folder.list.size()) return folder.list.size() <= 2 ? Tri::maybe : Tri::no;
      if (prefix(folder, skip, path, 1) != Tri::no) return Tri::maybe;
    }
    return Tri::no;
  }
  for (size_t from = 1; from < path.list.size(); ++from) {
    if (prefix(folder, 1, path, from) != Tri::no) return Tri::maybe;
  }
  return Tri::no;
}

/// Holes that stand for where the project lies or the program is started: never the panel's
/// directory.
bool is_place_hole(const Text& path) {
  if (path.pieces().empty() || path.pieces().front().known) return false;
  const std::string& name = path.pieces().front().text;
  return name == kCwdHole || name == kRootHole || name == "__file__";
}

/// The path without its last component.
Text parent(const Text& path) {
  Text out;
  const Components parts = components(path);
  for (size_t i = 0; i + 1 < parts.list.size(); ++i) {
    if (i > 0 || !parts.floating) out.append("/");
    out.append(parts.list[i]);
  }
  return out;
}

Text cwd_of(const shell::CommandEvent& event) { return event.state.here(); }

}  // namespace

Value working_directory(const Run& run, int order) {
  Value out = run.environment.cwd ? Value(*run.environment.cwd) : Value::unknown(kCwdHole, Tri::no);
  if (!run.python) return out;
  const auto move = [&](const Value& to) {
    const bool single = out.alternatives().size() == 1 && to.alternatives().size() == 1;
    out = single ? Value(paths::join(out.alternatives()[0], to.alternatives()[0]))
                 : Value::unknown("@chdir", Tri::no);
  };
  std::vector<std::pair<int, Value>> moves;
  for (const CallEvent& call : run.python->calls) {
    if (call.order >= order) break;
    const py::Argument* to = call.origin == "os.chdir" ? call.argument(0, {"path"}) : nullptr;
    if (to && !call.uncalled())
      moves.emplace_back(call.order,
                         call.conditional() ? Value::unknown("@chdir", Tri::no) : to->value.text());
  }
  for (const py::ShellEvent& event : run.python->shell) {
    if (event.order >= order || !event.item || event.item->kind != notebook::ItemKind::cd) continue;
    const std::string_view to = event.item->text.text();
    const bool known =
        !to.empty() && to != "-" && to.find_first_of("${}~") == std::string_view::npos;
    moves.emplace_back(event.order, known ? Value::literal(to) : Value::unknown("@chdir", Tri::no));
  }
  std::stable_sort(moves.begin(), moves.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [at, to] : moves) move(to);
  return out;
}

std::vector<EventFiles> event_files(const Run& run) {
  std::vector<EventFiles> out;
  if (run.python) {
    const Finder finder{run, out};
    for (const CallEvent& call : run.python->calls) finder.call(call);
  }
  if (run.shell) {
    launch_options(run, out);
    launch_defaults(run, out);
  }
  return out;
}

namespace {

/// `tensorboard --logdir ~/logs --port 6006` in prose, on a port that is reached from outside: the
/// folders. Relative ones are left out: nobody knows from where.
std::vector<std::string> opened_by_hand(std::string_view text, const catalog::Profile& profile) {
  std::vector<std::string> out;
  const auto word_behind = [](std::string_view line, std::string_view option) {
    const size_t at = line.find(option);
    if (at == std::string_view::npos) return std::string_view();
    line.remove_prefix(at + option.size());
    line.remove_prefix(std::min(line.find_first_not_of(" =\"'"), line.size()));
    return line.substr(0, line.find_first_of(" \"'`\r"));
  };
  for (size_t at = text.find("tensorboard "); at != std::string_view::npos;
       at = text.find("tensorboard ", at + 1)) {
    const std::string_view line = text.substr(at, text.find('\n', at) - at);
    const std::string port(word_behind(line, "--port"));
    std::string folder(word_behind(line, "--logdir"));
    if (folder.starts_with("~/")) folder = "/root" + folder.substr(1);
    const auto& exposed = profile.network.exposed_ports;
    if (folder.starts_with('/') && std::any_of(exposed.begin(), exposed.end(), [&](int one) {
          return port == std::to_string(one);
        }))
      out.push_back(std::move(folder));
  }
  return out;
}

}  // namespace

Panel::Panel(const Context& context) : directory_(context.profile().panel.directory) {
  const Program& program = context.program();
  const catalog::Profile& profile = context.profile();
  const Text own = Text::literal(directory_);
  const auto in_panel = [&](const Text& path) {
    return paths::under(path, directory_) == Tri::yes;
  };
  const auto each = [](const Value& value, const Text& base, const auto& use) {
    for (const Text& text : value.alternatives()) use(paths::join(base, text));
  };
  for (const auto& file : context.shared<Guides>().files) {
    for (const std::string& folder : opened_by_hand(file->bytes, profile))
      shown_.push_back(paths::join(Text::hole(kCwdHole, Tri::no), Text::literal(folder)));
  }
  for (const Link& link : program.links) {
    Text base = Text::hole(kCwdHole, Tri::no);
    if (link.run && link.run->shell && link.command >= 0)
      base = cwd_of(link.run->shell->commands[static_cast<size_t>(link.command)]);
    each(link.link, base, [&](const Text& at) {
      // A relative target is seen from the link's own folder; `$PWD/x` and the like are not
      // relative.
      for (const Text& target : link.target.alternatives()) {
        if (in_panel(at))
          shown_.push_back(paths::join(base, target));
        else if (in_panel(target))
          shown_.push_back(at);
      }
    });
  }
  for (const Run& run : program.runs) {
    if (!run.shell) continue;
    for (const shell::CommandEvent& event : run.shell->commands) {
      if (event.name == "tensorboard") {
        const auto port = event.option_value("--port");
        const auto folder = event.option_value("--logdir");
        const auto& exposed = profile.network.exposed_ports;
        const bool seen =
            port && ((profile.panel.port > 0 && port->is(std::to_string(profile.panel.port))) ||
                     std::any_of(exposed.begin(), exposed.end(),
                                 [&](int one) { return port->is(std::to_string(one)); }));
        if (seen && folder)
          each(*folder, cwd_of(event), [&](const Text& path) { shown_.push_back(path); });
        continue;
      }
      if (!one_of(event.name, {"cp", "mv", "rsync", "mount"}) || event.arguments.size() < 2)
        continue;
      const Value& to = event.arguments.back().value;
      bool into = false;
      each(to, cwd_of(event), [&](const Text& path) { into |= in_panel(path); });
      if (!into) continue;
      for (size_t i = 0; i + 1 < event.arguments.size(); ++i) {
        const Value& from = event.arguments[i].value;
        if (from.known_start().starts_with('-')) continue;
        each(from, cwd_of(event), [&](Text path) {
          // `runs/*` copies what lies in runs.
          const bool contents = event.unit->source.slice(event.arguments[i].span).ends_with('*');
          shown_.push_back(contents ? parent(path) : std::move(path));
        });
      }
    }
  }
}

Tri Panel::shows(const Text& path, const Text& written) const {
  const bool relative =
      !written.pieces().empty() && written.pieces().front().known && !paths::absolute(written);
  const bool floating = !path.pieces().empty() && !path.pieces().front().known;
  Tri out = paths::under(path, directory_);
  // Wherever the program is started: not in the panel's directory.
  if (out == Tri::maybe && floating && (relative || is_place_hole(path))) out = Tri::no;
  for (const Text& shown : shown_) {
    if (out == Tri::yes) break;
    out = out | lies_in(path, shown);
  }
  return out;
}

Tri Panel::shows(const EventFiles& files) const {
  if (directory_.empty()) return Tri::maybe;
  std::optional<Tri> all;
  const Text first = files.directory.alternatives()[0];
  for (const Text& path : files.resolved.alternatives()) {
    const bool one =
        files.resolved.alternatives().size() == 1 || files.directory.alternatives().size() == 1;
    const Tri shown = shows(path, one ? first : path);
    all = all ? join(*all, shown) : shown;
  }
  return *all;
}

bool is_test_file(const std::string& path, const std::string& root) {
  const std::string name = paths::basename(path);
  if (name.starts_with("test_") || name == "conftest.py" || name.ends_with("_test.py") ||
      name.ends_with("_tests.py"))
    return true;
  std::string folder = paths::dirname(path);
  while (folder.size() > root.size() && folder != "/") {
    if (one_of(paths::basename(folder), {"test", "tests", "testing", "unittests"})) return true;
    folder = paths::dirname(folder);
  }
  return false;
}

}  // namespace preflint::project
