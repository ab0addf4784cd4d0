#pragma once

#include <string>
#include <vector>

#include "workspace/project.h"

namespace preflint::cli {

/// Where each script of a project runs, and what shows it: "deploy.sh: local (ssh in line 7)". One
/// line for each script in focus, in order of path.
std::vector<std::string> sites_of(const workspace::Project& project, const std::string& directory);

}  // namespace preflint::cli
