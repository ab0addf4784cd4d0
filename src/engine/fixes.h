#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/finding.h"
#include "syntax/source.h"

namespace preflint::engine {

/// Contents of files by absolute path.
using Contents = std::map<std::string, std::string>;
using FileLookup = std::function<std::shared_ptr<const File>(const std::string& path)>;

/// The files that change when the fixes of these findings are applied, as they are then. A fix is
/// applied as a whole or not at all: one that overlaps an earlier one waits for the next round,
/// when the changed files have been linted again. Two fixes that insert the same text at the same
/// place insert it once. Lines that are inserted end as those of the file do. `applied` counts up
/// for each fix.
Contents apply_fixes(const std::vector<Finding>& findings, bool unsafe, const FileLookup& file,
                     size_t* applied = nullptr);

/// One round of linting: the findings for files as `changed` has them.
using LintRound = std::function<std::vector<Finding>(const Contents& changed)>;

/// Applies fixes in rounds until none is left, and returns the files that are different in the end.
/// Fixes after which a file would parse worse than before are left out, and so are those that mend
/// nothing: what they found is there again, however often they are made.
Contents fix_all(const LintRound& lint, bool unsafe, const FileLookup& file,
                 size_t* applied = nullptr);

}  // namespace preflint::engine
