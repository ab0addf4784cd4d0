#pragma once

#include "model/unit.h"

namespace preflint::project {

/// Does the text run the hook and nothing else, but for what guards it (`|| true`)? Its shell ends
/// with it.
bool only_hook(const Unit& unit);

}  // namespace preflint::project
