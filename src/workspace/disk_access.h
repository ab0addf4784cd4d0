#pragma once

#include <string>

#include "catalog/setup.h"

namespace preflint::workspace {

/// The disk as configuration sees it: no preflint.yaml above `ceiling` ("": up to the root).
catalog::FileAccess disk_access(const std::string& ceiling);

}  // namespace preflint::workspace
