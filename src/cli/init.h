#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "base/finding.h"

namespace preflint::cli {

/// A file that `preflint init` proposes, by its path below the project.
struct Proposal {
  std::string path;
  std::string text;
  /// What somebody adds by hand who has a file of that name already; empty: nothing to add.
  std::string entry;
};

/// The configuration, the pre-commit entry and a CI step: for GitLab where the project has a
/// .gitlab-ci.yml, for GitHub otherwise.
std::vector<Proposal> proposals(bool gitlab, const std::string& version, Language language);

/// Writes what is not there yet into `directory` and says what it did. It asks nothing and
/// overwrites nothing. Returns the exit status: 2 when something could not be written.
int init(const std::string& directory, const std::string& version, Language language,
         std::ostream& out, std::ostream& error);

}  // namespace preflint::cli
