#pragma once

#include <string>
#include <vector>

#include "catalog/setup.h"
#include "project/read_bytes.h"

namespace preflint::workspace {

/// The disk as configuration sees it: no preflint.yaml above `ceiling` ("": up to the root). A
/// checkout is the repository that a configuration lies in, else the one of `linted` (folders) that
/// holds it, else its own folder.
catalog::FileAccess disk_access(const std::string& ceiling, std::vector<std::string> linted = {});

/// The same for what was named on the command line.
catalog::FileAccess trusted(catalog::FileAccess access);

/// Why a file cannot be read, as an end of a sentence.
Sentence reason_of(project::Trouble trouble);

/// The nearest folder from `start` upward that holds `.git`; "" when there is none below `ceiling`.
std::string repository_of(const std::string& start, const std::string& ceiling);

}  // namespace preflint::workspace
