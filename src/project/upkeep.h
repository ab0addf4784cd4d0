#pragma once

#include <string>

#include "catalog/profile.h"
#include "project/reader.h"

namespace preflint::project {

/// Does a file that nothing launches serve something else than the runs of this project? That is so in the
/// folders for documentation, tests, images of containers and continuous integration, and in a whole project
/// that lies in a subfolder with a licence and packaging of its own. A file that names the platform's own
/// places was written for it wherever it lies.
bool kept_for_others(const File& file, const std::string& root, const catalog::Profile& profile, const Reader& reader);

}  // namespace preflint::project
