#include "project/event_files.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/one_of.h"
#include "base/text.h"
#include "model/value_after.h"
#include "project/context.h"
#include "project/python_statements.h"
#include "project/resolve.h"
#include "project/trackers.h"

namespace preflint::project {
namespace {

using py::CallEvent;

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

/// The working directories that the project's programs give to runs of MMEngine's configurations:
/// `cfg = Config.fromfile("config.py"); cfg.work_dir = args.work_dir`.
class WorkDirs {
 public:
  struct Given {
    Value directory;
    bool always = false;  // whatever the configuration says: `if "work_dir" not in cfg` asks it
  };

  explicit WorkDirs(const Context& context) {
    const Program& program = context.program();
    const Resolver resolver(program.root, *program.reader);
    for (const Run& run : program.runs) {
      if (!run.python) continue;
      std::optional<Given> set;
      for (const py::AssignEvent& event : run.python->assignments) {
        if (!event.target.ends_with(".work_dir")) continue;
        const Value one = absent(event.value) ? Value::unknown("work_dir") : event.value.text();
        const bool always = !under_condition(event.frame);
        set = set ? Given{set->directory.joined(one), set->always || always} : Given{one, always};
      }
      if (!set) continue;
      for (const CallEvent& call : run.python->calls) {
        if (call.method != "fromfile") continue;
        const py::Argument* path = call.argument(0, {"filename"});
        if (!path) continue;
        const Text cwd = working_directory(run, call.order).alternatives()[0];
        const std::string folder = paths::dirname(call.file->path);
        const std::string file = resolver.file(path->value.text(), cwd, folder);
        if (file.empty()) continue;
        const auto [at, first] = set_.emplace(file, *set);
        if (first) continue;
        at->second = {at->second.directory.joined(set->directory),
                      at->second.always && set->always};
      }
    }
  }

  /// Null where no program sets it.
  const Given* of(const std::string& configuration) const {
    const auto at = set_.find(configuration);
    return at == set_.end() ? nullptr : &at->second;
  }

 private:
  static bool under_condition(const py::Frame* frame) {
    for (; frame; frame = frame->parent) {
      if (frame->conditional()) return true;
    }
    return false;
  }

  std::map<std::string, Given> set_;  // by the configuration's path
};

/// Who reads MMEngine's and MMCV's configurations in this project. A loop of its own takes values
/// from them; hooks and visualizers are built by a runner.
struct ConfigurationReaders {
  explicit ConfigurationReaders(const Context& context) {
    const Program& program = context.program();
    for (const Run& run : program.runs) {
      if (!run.python) continue;
      own_loop |= std::any_of(
          run.python->calls.begin(), run.python->calls.end(), [](const CallEvent& call) {
            return call.method == "fromfile" && call.origin.find("Config") != std::string::npos;
          });
    }
    if (!own_loop) return;
    own_loop = std::none_of(program.files.begin(), program.files.end(), [](const auto& file) {
      return std::any_of(std::begin(kRunners), std::end(kRunners), [&](std::string_view word) {
        return find_text(file->bytes, word) != std::string_view::npos;
      });
    });
  }
  bool own_loop = false;  // and nothing that could be a runner

 private:
  static constexpr std::string_view kRunners[] = {"Runner(",
                                                  "Runner.",
                                                  "import Runner",
                                                  "build_runner",
                                                  "register_training_hooks",
                                                  "register_logger_hooks",
                                                  "train_model",
                                                  "train_detector",
                                                  "train_segmentor",
                                                  "build_trainer",
                                                  "tools/train.py",
                                                  "dist_train.sh",
                                                  "mim train",
                                                  "mim run"};
};

struct Finder {
  const Context& context;
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

  /// `trainer.predict(…)` and nothing else is asked of it: no metric is logged.
  bool only_predicts(const CallEvent& trainer) const {
    bool predicts = false;
    for (const CallEvent& call : run.python->calls) {
      if (call.receiver_call == trainer.index) {
        if (call.method != "predict") return false;
        predicts = true;
      } else if (std::any_of(call.arguments.begin(), call.arguments.end(),
                             [&](const py::Argument& argument) {
                               return argument.value.call == trainer.index;
                             })) {
        return false;
      }
    }
    return predicts;
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
    if (only_predicts(call)) return;
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
    if (names_directory(call)) return;
    const py::Argument* output = call.argument(0, {"output_dir"});
    if (output && !absent(output->value))
      add(call, name, inside(output->value.text(), "runs"), output, "logging_dir");
    else if (call.given(0, {"output_dir"}) == Tri::no)
      add(call, name, Value::literal("trainer_output/runs"), nullptr, "logging_dir");
  }

  /// TENSORBOARD_LOGGING_DIR of the environment counts before the default of newer releases.
  bool names_directory(const CallEvent& call) const {
    static constexpr std::string_view kName = "TENSORBOARD_LOGGING_DIR";
    const auto& writes = run.python->environment_writes;
    return run.environment.find(kName) ||
           std::any_of(writes.begin(), writes.end(), [&](const py::EnvironmentWrite& write) {
             return write.order < call.order && write.key.is(kName);
           });
  }

  void accelerate(const CallEvent& call) const {
    const py::Argument* trackers = call.keyword("log_with");
    if (!trackers || names_tracker(trackers->value, "tensorboard") != Tri::yes) return;
    if (!may_start_trackers(*run.python, call)) return;
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
    if (!hook && left_out(call)) return;
    if (context.shared<ConfigurationReaders>().own_loop) return;
    const std::string writer = *type->value.constant();
    if (folder && !absent(folder->value)) {
      add(call, writer, folder->value.text(), folder);
      return;
    }
    const std::string_view below = hook ? "tf_logs" : "vis_data";
    const std::string_view missing = hook ? "log_dir" : "save_dir";
    const py::Value work = run.python->global("work_dir");
    if (const auto* set = context.shared<WorkDirs>().of(run.unit->file().path)) {
      const bool own = work.is_string() && !set->always;
      const Value directory = own ? set->directory.joined(work.text()) : set->directory;
      add(call, writer, inside(directory, below), nullptr, missing);
    } else if (work.is_string())
      add(call, writer, inside(work.text(), below), nullptr, missing);
    else
      add(call, writer, Value::literal("work_dirs"), nullptr, missing);
  }

  /// Only `visualizer` is built: what stands in a list that neither it nor anything else of the
  /// configuration reads is no writer.
  bool left_out(const CallEvent& call) const {
    const py::Module& file = call.file->syntax;
    const py::Stmt* statement = statement_around(file, call.span);
    if (!statement || statement->kind != py::StmtKind::assign || statement->exprs.size() != 2 ||
        statement->exprs[0]->kind != py::ExprKind::name)
      return false;
    const std::string_view name = statement->exprs[0]->text;
    bool built = false;
    bool read = name == "visualizer";
    each_statement(file, [&](const py::Stmt& other) {
      if (&other == statement) return;
      read |= std::any_of(other.exprs.begin(), other.exprs.end(),
                          [&](const py::Expr* expr) { return mentions(expr, name); });
      built |= other.kind == py::StmtKind::assign && mentions(other.exprs[0], "visualizer");
    });
    return built && !read;
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

/// The folder that a launch gives a program of hydra to work in: `hydra.run.dir=X`. Hydra changes
/// to it where the program asks for no newer behaviour than 1.1, or the launch says so.
std::optional<Value> hydra_folder(const Run& run) {
  if (run.python->files.empty()) return std::nullopt;
  const std::string_view text = run.python->main().syntax.source.text();
  if (text.find("hydra.main(") == std::string_view::npos) return std::nullopt;
  bool changes = text.find("version_base") == std::string_view::npos;
  std::optional<Value> folder;
  for (const shell::Argument& word : run.arguments) {
    const std::string_view start = word.value.known_start();
    if (start.starts_with("hydra.job.chdir="))
      changes = word.is("hydra.job.chdir=True") || word.is("hydra.job.chdir=true");
    constexpr std::string_view kFolder = "hydra.run.dir=";
    if (start.starts_with(kFolder)) folder = value_after(word.value, kFolder.size());
  }
  return changes ? folder : std::nullopt;
}

}  // namespace

Value working_directory(const Run& run, int order) {
  Value out = run.environment.cwd ? Value(*run.environment.cwd) : Value::unknown(kCwdHole, Tri::no);
  if (!run.python) return out;
  if (const auto folder = hydra_folder(run); folder && out.alternatives().size() == 1)
    out = Value(paths::join(out.alternatives()[0], folder->alternatives()[0]));
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

std::vector<EventFiles> event_files(const Context& context, const Run& run) {
  std::vector<EventFiles> out;
  if (run.python) {
    const Finder finder{context, run, out};
    for (const CallEvent& call : run.python->calls) finder.call(call);
  }
  if (run.shell) add_launched_event_files(context, run, out);
  return out;
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
