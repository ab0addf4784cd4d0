#pragma once

#include <memory>
#include <vector>

#include "project/program.h"

namespace preflint::project {

/// What a project tells people to do by hand: its Markdown files, and scripts for Windows, which
/// run on the machine of whoever rents the box.
std::vector<std::shared_ptr<const File>> guides(const Program& program);

}  // namespace preflint::project
