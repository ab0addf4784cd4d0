#pragma once

#include <cstddef>

#include "syntax/source.h"

namespace preflint::engine {

/// How many mistakes keep a file from being read by the program that it is for: what `bash -n`,
/// CPython or a parser of its format would report. A file that is no text of its format at all has
/// more than any other.
size_t syntax_errors(const File& file);

}  // namespace preflint::engine
