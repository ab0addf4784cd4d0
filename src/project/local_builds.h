#pragma once

#include "project/context.h"
#include "project/dependencies.h"

namespace preflint::project {

/// The pin of a requirement on a build that PyPI does not have: `==2.1.0+cu118`; null without one.
const req::Specifier* local_pin(const req::Requirement& requirement);

/// Does an install ask an index that may have such builds?
bool asks_other_index(const Install& install);

/// Does an install ask for such a build by name, and no index that may have it? Then pip finds none
/// and changes nothing, whatever else the install names.
bool unserved(const Install& install, const InstalledPackage& package);

/// Does an entry of a file ask for such a build, which neither the image has nor an index that its
/// file or an install of it names? pip finds no such version and changes nothing.
bool unserved(const Context& context, const DependencyFile& file, const Dependency& entry);

}  // namespace preflint::project
