#pragma once

#include <vector>

#include "syntax/source.h"

namespace preflint::notebook {

/// For each cell of a notebook, in order: has it a number of execution? Empty where the file is no
/// notebook.
std::vector<bool> cells_run(const File& file);

}  // namespace preflint::notebook
