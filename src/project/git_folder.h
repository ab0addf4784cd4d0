#pragma once

#include <string>

namespace preflint::project {

/// The folder with the repository's own data for a work tree whose root holds `.git`: that folder,
/// or the shared one that a `.git` file of a linked work tree points to.
std::string git_folder(const std::string& root);

/// The user's ignore file (core.excludesFile, by default ~/.config/git/ignore); "" when there is
/// none.
std::string user_excludes_file(const std::string& root);

}  // namespace preflint::project
