#pragma once

#include <vector>

#include "base/finding.h"
#include "engine/engine.h"
#include "project/program.h"

namespace preflint::engine {

/// What the analysis itself has to say of the files: syntax errors (PFL002), files that are not
/// what their name says (PFL003), parts that could not be read (PFL005), limits that were reached
/// (PFL006); also where these rules are not selected.
void meta_findings(const Request& request, const project::Program& program,
                   std::vector<Finding>& findings);

}  // namespace preflint::engine
