#pragma once

#include "model/shell/event.h"

namespace preflint::project {

/// A command that runs for hours: a training launcher, a program or script whose name says that it
/// trains. Dry runs, help and runs with a short time limit do not count.
bool long_run(const shell::CommandEvent& event);

}  // namespace preflint::project
