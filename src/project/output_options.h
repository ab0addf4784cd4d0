#pragma once

#include <optional>
#include <string>

#include "model/shell/event.h"

namespace preflint::project {

/// Is this a flag that says where a program saves its results: `--output_dir`,
/// `trainer.default_root_dir`?
bool names_output(const std::string& option);

/// What a launch gives a Python program for `--option`. Given twice, the last counts, as for
/// argparse.
std::optional<Value> launch_option(const shell::CommandEvent& launch, std::string_view option);

/// `trainer.save_freq=-1`, `--save_strategy no`: a launch says that its run saves nothing on the
/// way.
bool saves_nothing(const shell::CommandEvent& launch);

}  // namespace preflint::project
