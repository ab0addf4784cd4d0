#pragma once

#include <optional>

#include "project/program.h"

namespace preflint::project {

/// Does command `first_command` of one run happen before `second_command` of another? Nothing for
/// runs that are started each by itself.
std::optional<bool> happens_before(const Run& first, int first_command, const Run& second,
                                   int second_command);

}  // namespace preflint::project
