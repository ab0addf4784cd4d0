#pragma once

#include <string_view>
#include <vector>

#include "model/python/trace.h"
#include "model/shell/state.h"

namespace preflint::project {

/// The settings of transformers' Trainer, under their names in transformers and trl. `package` is
/// the first component of an origin, `name` its last.
bool trainer_settings(std::string_view package, std::string_view name);

/// Does the call fill such settings from the command line?
bool parses_settings(const py::CallEvent& call);

/// Is the tracker among those that `report_to` (transformers) or `log_with` (accelerate) names?
/// `tracker` is as it is written there: "tensorboard", "wandb".
Tri names_tracker(const py::Value& trackers, std::string_view tracker);

/// Does the call make a trainer report to this tracker, and does the program use the trainer?
bool reports_to(const py::Trace& trace, const py::CallEvent& call, std::string_view tracker);

/// Accelerate writes nothing before `init_trackers`. May anything call it on the accelerator that
/// the call made? No where the program is known to its end, never calls it, and hands the
/// accelerator to nobody who is not known.
bool may_start_trackers(const py::Trace& trace, const py::CallEvent& made);

/// Do the overrides of a launch (`trainer.logger=[console]`, `wandb.mode=disabled`,
/// `~logger.wandb`) choose another tracker, or none? A choice that is not known is taken to be
/// another.
bool chosen_away(const std::vector<shell::Argument>& arguments);

/// Does the environment turn wandb off (WANDB_MODE, WANDB_DISABLED)?
bool tracker_off(const shell::Environment& environment);

}  // namespace preflint::project
