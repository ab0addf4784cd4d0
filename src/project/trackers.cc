#include "project/trackers.h"

#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "project/training.h"

namespace preflint::project {

bool trainer_settings(std::string_view package, std::string_view name) {
  if (package == "transformers")
    return one_of(name, {"TrainingArguments", "Seq2SeqTrainingArguments"});
  return package == "trl" &&
         one_of(name,
                {"SFTConfig", "DPOConfig", "GRPOConfig", "KTOConfig", "ORPOConfig", "CPOConfig",
                 "RewardConfig", "RLOOConfig", "PPOConfig", "OnlineDPOConfig", "NashMDConfig",
                 "XPOConfig", "GKDConfig", "BCOConfig", "PRMConfig", "IterativeSFTConfig"});
}

bool parses_settings(const py::CallEvent& call) {
  return one_of(call.method, {"parse_args_into_dataclasses", "parse_args_and_config"});
}

Tri names_tracker(const py::Value& trackers, std::string_view tracker) {
  const auto one = [&](const py::Value& value) -> Tri {
    if (value.is_none()) return Tri::no;
    if (value.type == py::Type::reference) {
      const std::string origin = lower(value.origin());
      return origin.ends_with("loggertype." + std::string(tracker)) ? Tri::yes : Tri::maybe;
    }
    const auto text = value.constant();
    if (!text) return Tri::maybe;
    // All that are installed: the images hold TensorBoard.
    if (*text == "all") return tracker == "tensorboard" ? Tri::yes : Tri::maybe;
    return tri(*text == tracker);
  };
  if (trackers.type == py::Type::list || trackers.type == py::Type::tuple) {
    Tri out = trackers.open ? Tri::maybe : Tri::no;
    for (const py::Value& item : trackers.items()) out = out | one(item);
    return out;
  }
  if (trackers.type == py::Type::either) {
    std::optional<Tri> all;
    for (const py::Value& item : trackers.items()) all = all ? join(*all, one(item)) : one(item);
    return *all;
  }
  return one(trackers);
}

bool reports_to(const py::Trace& trace, const py::CallEvent& call, std::string_view tracker) {
  const std::string_view origin = call.origin;
  const std::string_view package = origin.substr(0, origin.find_first_of(".("));
  const std::string_view name = origin.substr(origin.rfind('.') + 1);
  const bool accelerator = package == "accelerate" && name == "Accelerator";
  if (!accelerator && !trainer_settings(package, name)) return false;
  const py::Argument* trackers = call.keyword(accelerator ? "log_with" : "report_to");
  if (!trackers || names_tracker(trackers->value, tracker) != Tri::yes) return false;
  if (!accelerator) return trains(trace);
  return std::any_of(trace.calls.begin(), trace.calls.end(), [](const py::CallEvent& other) {
    return other.origin == "accelerate.Accelerator().init_trackers";
  });
}

namespace {

/// Is the value what the call gave, or something that holds it?
bool holds_result(const py::Value& value, const py::CallEvent& made) {
  if (value.type == py::Type::reference)
    return value.call == made.index && value.origin() == made.origin + "()";
  const auto& items = value.items();
  return std::any_of(items.begin(), items.end(),
                     [&](const py::Value& item) { return holds_result(item, made); });
}

}  // namespace

bool may_start_trackers(const py::Trace& trace, const py::CallEvent& made) {
  if (trace.incomplete || trace.refused || made.uncalled()) return true;
  // An attribute goes wherever its object goes: to a base class that is not known, too.
  for (const py::AssignEvent& event : trace.assignments) {
    if (event.target.find('.') != std::string::npos && holds_result(event.value, made)) return true;
  }
  return std::any_of(trace.calls.begin(), trace.calls.end(), [&](const py::CallEvent& other) {
    if (one_of(other.method, {"init_trackers", "get_tracker"}) ||
        other.origin == made.origin + "().log")
      return true;
    return !other.project && std::any_of(other.arguments.begin(), other.arguments.end(),
                                         [&](const py::Argument& argument) {
                                           return holds_result(argument.value, made);
                                         });
  });
}

bool chosen_away(const std::vector<shell::Argument>& arguments) {
  bool away = false;
  for (const shell::Argument& argument : arguments) {
    std::string key(argument.constant().value_or(std::string(argument.value.known_start())));
    const bool removed = key.starts_with('~');
    const size_t equals = key.find('=');
    if (key.starts_with('-') || (equals == std::string::npos && !removed)) continue;
    key = lower(key.substr(0, equals));
    key.erase(0, std::min(key.find_first_not_of("+~"), key.size()));
    const std::string last = key.substr(key.find_last_of("./") + 1);
    const bool chooses = one_of(last, {"logger", "loggers", "tracker", "trackers", "report_to",
                                       "log_with", "logger_type", "logger_name"});
    const bool of_wandb = key.find("wandb") != std::string::npos;
    if (removed) {
      away = away || chooses || of_wandb;
      continue;
    }
    // What is not known of the value stands in it as it is written: `[console]` may be a pattern.
    const std::string shown = argument.value.display();
    const std::string value = lower(shown.substr(shown.find('=') + 1));
    const bool on = one_of(value, {"true", "yes", "on", "1"});
    const bool off = one_of(value, {"false", "no", "off", "0", "null", "none", "", "disabled",
                                    "disable", "offline", "dryrun"});
    if (chooses) {
      away = !on && value.find("wandb") == std::string::npos;
    } else if (of_wandb) {
      const bool negative = one_of(last, {"offline", "disable", "disabled"});
      const bool switches =
          negative || last.find("wandb") != std::string::npos ||
          one_of(last, {"mode", "enable", "enabled", "use", "active", "log", "track", "online"});
      if (switches && (negative ? off : on)) return false;
      if (switches) away = negative ? on : off;
    }
  }
  return away;
}

bool tracker_off(const shell::Environment& environment) {
  for (const char* name : {"WANDB_MODE", "WANDB_DISABLED"}) {
    const shell::Variable* variable = environment.find(name);
    if (!variable) continue;
    const auto value = variable->value.constant();
    // wandb stops at a mode that it does not know.
    const bool mode = name == std::string_view("WANDB_MODE");
    if (!value || (mode ? !one_of(*value, {"", "online", "run", "shared"})
                        : *value == "true" || *value == "1"))
      return true;
  }
  return false;
}

}  // namespace preflint::project
