#pragma once

#include <set>
#include <string>

#include "project/context.h"

namespace preflint::project {

/// The names (and prefixes) of the conda environments that the project creates or tells people to
/// create: `conda create -n X`, an environment file's `name:`, the same in what it tells people
/// to do.
std::set<std::string> created_environments(const Context& context);

/// What a command activates or runs in: `conda activate X`, `source activate X`, `conda run -n X`.
/// Null when it does not; `span` of the name.
const shell::Argument* activated_environment(const shell::CommandEvent& event);

/// Does `conda create` copy the image's base: `--clone base`, or by its folder?
bool clones_base(const shell::CommandEvent& event, const std::string& prefix);

}  // namespace preflint::project
