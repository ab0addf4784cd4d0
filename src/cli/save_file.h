#pragma once

#include <string>

namespace preflint::cli {

/// Writes a file as a whole or not at all: a temporary one in the same folder takes its name. "-"
/// and what is no regular file (a pipe, a link, /dev/stdout) are written in place. Returns "" or
/// what went wrong, in a sentence.
std::string save_file(const std::string& path, const std::string& text);

}  // namespace preflint::cli
