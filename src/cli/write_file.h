#pragma once

#include <optional>
#include <string>

#include "base/sentence.h"

namespace preflint::cli {

/// Replaces a file that still holds `before` by one that holds `after`: whole or not at all,
/// whatever stops us. Mode and owner stay. A symlink is followed as long as it stays below `root`;
/// its target is what is replaced. Returns why it could not be done.
std::optional<Sentence> replace_file(const std::string& path, const std::string& root,
                                     const std::string& before, const std::string& after);

}  // namespace preflint::cli
