#pragma once

#include "model/python/trace.h"
#include "project/context.h"

namespace preflint::project {

/// Is the call made only where a variable of the environment is set that the launch of the program
/// leaves alone and another script of the project sets: `if os.environ.get("USE_MIRROR") == "1":`?
/// Like an option that the launch does not give.
bool behind_unset_switch(const Context& context, const Run& run, const py::CallEvent& call);

}  // namespace preflint::project
