#pragma once

#include "project/context.h"

namespace preflint::project {

/// Is the program given a path that only some other machine has (`--model /home/someone/llama`)?
/// Then the launch was written for that one: STO011 says so, and what the run would fetch here is
/// nobody's concern.
bool launched_elsewhere(const Context& context, const shell::CommandEvent& event);

}  // namespace preflint::project
