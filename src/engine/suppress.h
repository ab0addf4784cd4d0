#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/finding.h"
#include "engine/engine.h"
#include "project/program.h"

namespace preflint::engine {

/// Marks the findings that `# preflint: …` comments hide, and reports the comments that are wrong
/// or hide nothing (PFL001). `findings` are in order of output. In the files of `doubtful` the
/// analysis did not see everything: nothing there is called unused.
void suppress(const Request& request, const project::Program& program,
              const std::set<std::string>& doubtful, std::vector<Finding>& findings);

/// Can a rule report in a file at all: selected, with the facts it needs, not ignored there?
bool may_report(const Request& request, const catalog::Rule& rule, const std::string& path);

}  // namespace preflint::engine
