#pragma once

#include <string>

#include "project/program.h"

namespace preflint::project {

/// Has the wrapper of a run ended before where this file is missing: `[ -f "$DATA" ] || exit 1`,
/// `if [ ! -f "$DATA" ]; then exit 1; fi`? `path` is as the wrapper knows it.
bool checked_by_wrapper(const Run& run, const std::string& path);

}  // namespace preflint::project
