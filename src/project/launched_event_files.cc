#include <algorithm>
#include <optional>

#include "base/one_of.h"
#include "project/event_files.h"
#include "project/output_options.h"
#include "project/trackers.h"
#include "project/training.h"

namespace preflint::project {
namespace {

using py::CallEvent;

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

/// A loop of one's own: what the Trainer's settings say of its logs, nobody reads.
bool trains_by_hand(const py::Trace& program) {
  bool backward = false;
  for (const CallEvent& call : program.calls) {
    const std::string_view name = std::string_view(call.origin).substr(call.origin.rfind('.') + 1);
    if (name.find("Trainer") != std::string_view::npos) return false;
    backward |= call.method == "backward";
  }
  return backward;
}

/// Does the program that a command starts, as far as it is followed, say itself what its options
/// do?
bool speaks_for_itself(const Context& context, const Run& run, const shell::CommandEvent& event,
                       std::string_view option) {
  for (const Run* child : run.children) {
    if (child->launch_command != event.index || !child->python) continue;
    if (child->python->refused) return true;
    const std::vector<EventFiles> own = event_files(context, *child);
    const bool known = std::any_of(own.begin(), own.end(), [](const EventFiles& files) {
      return !files.directory.unknown_whole();
    });
    if (known) return true;
    const bool parsed = std::any_of(
        child->python->calls.begin(), child->python->calls.end(), [](const CallEvent& call) {
          return parses_settings(call) || call.origin == "transformers.HfArgumentParser";
        });
    // `--logging_dir` of a program of one's own may be for other logs.
    return own.empty() && (!parsed || trains_by_hand(*child->python)) &&
           option.find("tensorboard") == std::string_view::npos &&
           option.find("tb") == std::string_view::npos;
  }
  return false;
}

constexpr std::string_view kTrackerOptions[] = {"--log_with", "--report_to", "--report-to"};

bool is_other_tracker(std::string_view name) {
  return one_of(name, {"wandb", "swanlab", "none", "mlflow", "comet_ml"});
}

/// Is an array handed over of which nobody knows what it holds, where the script writes the choice
/// of another tracker: `if [ $KEY ]; then more+=("--log_with=wandb"); fi`?
bool may_choose_in_array(const shell::CommandEvent& event) {
  const std::string_view text = event.unit->source.text();
  const bool array = std::any_of(
      event.arguments.begin(), event.arguments.end(), [&](const shell::Argument& argument) {
        return argument.value.unknown_whole() &&
               event.unit->source.slice(argument.span).find("[@]") != std::string_view::npos;
      });
  return array &&
         std::any_of(std::begin(kTrackerOptions), std::end(kTrackerOptions),
                     [&](std::string_view option) {
                       const size_t at = text.find(option);
                       if (at == std::string_view::npos) return false;
                       std::string_view name = text.substr(at + option.size());
                       name.remove_prefix(std::min(name.find_first_not_of("= \"'"), name.size()));
                       return is_other_tracker(name.substr(0, name.find_first_of(" \"')\r\n")));
                     });
}

/// `--log_with wandb`: the tracker that is chosen is another, and writes no such files.
bool other_tracker(const shell::CommandEvent& event) {
  for (const std::string_view option : kTrackerOptions) {
    const auto tracker = launch_option(event, option);
    const auto name = tracker ? tracker->constant() : std::nullopt;
    if (name && is_other_tracker(*name)) return true;
  }
  return may_choose_in_array(event);
}

void options(const Context& context, const Run& run, std::vector<EventFiles>& out) {
  for (const shell::CommandEvent& event : run.shell->commands) {
    if (!starts_training(event) || other_tracker(event)) continue;
    for (const std::string_view option : kOptions) {
      const auto value = launch_option(event, option);
      if (!value || speaks_for_itself(context, run, event, option)) continue;
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
  // Given twice, the last counts.
  for (size_t i = event.arguments.size(); i-- > 0;) {
    const std::string word = event.arguments[i].constant().value_or("");
    if (word == "--report_to=tensorboard" || word == "--report-to=tensorboard")
      return &event.arguments[i];
    if (word.starts_with("--report_to=") || word.starts_with("--report-to=")) return nullptr;
    if (word != "--report_to" && word != "--report-to") continue;
    for (size_t k = i + 1; k < event.arguments.size(); ++k) {
      const std::string tracker = event.arguments[k].constant().value_or("");
      if (tracker.starts_with("-")) break;
      if (tracker == "tensorboard") return &event.arguments[i];
    }
    return nullptr;
  }
  return nullptr;
}

/// Does the program that a command starts read the Trainer's settings from the command line, and
/// leave the directory of the event files to them?
bool trainer_by_options(const Run& run, const shell::CommandEvent& event) {
  for (const Run* child : run.children) {
    if (child->launch_command != event.index || !child->python) continue;
    const py::Trace& program = *child->python;
    const bool parses = std::any_of(program.calls.begin(), program.calls.end(), parses_settings);
    const bool sets = std::any_of(program.assignments.begin(), program.assignments.end(),
                                  [](const py::AssignEvent& assignment) {
                                    return assignment.target.ends_with(".logging_dir");
                                  });
    return parses && !sets && trains(program);
  }
  return false;
}

/// `--report_to tensorboard --output_dir X` without `--logging_dir`: X/runs.
void defaults(const Run& run, std::vector<EventFiles>& out) {
  for (const shell::CommandEvent& event : run.shell->commands) {
    if (!starts_training(event) || event.environment.find("TENSORBOARD_LOGGING_DIR")) continue;
    const shell::Argument* chosen = reports_to_tensorboard(event);
    auto output = launch_option(event, "--output_dir");
    if (!output) output = launch_option(event, "--output-dir");
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
                            : output->concatenated(Value::literal("/runs"));
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

}  // namespace

void add_launched_event_files(const Context& context, const Run& run,
                              std::vector<EventFiles>& out) {
  options(context, run, out);
  defaults(run, out);
}

}  // namespace preflint::project
