#pragma once

#include "model/shell/event.h"
#include "project/program.h"

namespace preflint::project {

/// Does a command stand in a function that nothing calls, or in a text that only such a function
/// runs: `start() { tmux new -d "conda activate x"; }`? Then it is not known that it ever runs.
bool uncalled(const Run& run, const shell::CommandEvent& event);
/// Is the whole text of a run such a text?
bool uncalled(const Run& run);

}  // namespace preflint::project
