#pragma once

#include "project/context.h"
#include "project/dependencies.h"

namespace preflint::project {

/// Does a list that no script installs and no guide for the platform, as far as the project shows,
/// go somewhere else than into the image's environment? That is so of a list in a folder of which
/// no file names the platform while others of the project do, of one whose head gives it an
/// environment of its own, of a project that uv locked, and of one that asks for a Python which no
/// image has.
bool for_another_environment(const Context& context, const DependencyFile& file);

/// Was it copied or put away with a folder that has nothing to do with the platform, so that what
/// is wrong with it may never matter there? No script and no guide for the platform installs it, no
/// file of its folder names the platform while others of the project do, and the project has more
/// scripts than somebody starts by hand.
bool left_aside(const Context& context, const DependencyFile& file);

/// Does its name, or its folder's, say that somebody wrote down what was installed, and is it no
/// list to install from? No script installs it, no guide tells to, and the project has another.
bool record_of_environment(const Context& context, const DependencyFile& file);

}  // namespace preflint::project
