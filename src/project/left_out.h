#pragma once

#include "project/context.h"
#include "project/dependencies.h"

namespace preflint::project {

/// Do all scripts that install a list keep one of its entries out: is it filtered from the copies
/// that they install, or limited to what the image has, or there by then in a version that fits?
/// Where nothing installs the list as it is, a filter that drops the entry is enough, or a program
/// that chooses from the list. A guide for the platform that installs the list plainly speaks
/// against it.
bool left_out(const Context& context, const DependencyFile& file, const Dependency& entry);

}  // namespace preflint::project
