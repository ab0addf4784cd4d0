#pragma once

#include <string>
#include <vector>

#include "cli/box.h"
#include "output/report.h"

namespace preflint::cli {

/// One thing to do before the meter runs.
struct Step {
  probe::Verdict verdict = probe::Verdict::no_go;
  std::string rule;
  std::string where;  // "requirements.txt:2:1", or the box
  std::string reason, remedy;
  size_t more = 0;  // further places of the same rule
};

/// The shortest list that makes a GO: one step a rule, what ends the run soonest first; what
/// vanishes with another step is left out.
std::vector<Step> first_steps(const Box& box, const output::Report& report);

}  // namespace preflint::cli
