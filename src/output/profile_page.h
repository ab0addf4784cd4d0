#pragma once

#include <string>
#include <vector>

#include "base/finding.h"
#include "catalog/profile.h"
#include "catalog/rule.h"

namespace preflint::output {

/// All that a profile knows, with its evidence, and the rules that sleep because of what it does
/// not.
std::string profile_text(const catalog::Profile& profile,
                         const std::vector<const catalog::Rule*>& rules, Language language,
                         bool color);
std::string profile_json(const catalog::Profile& profile,
                         const std::vector<const catalog::Rule*>& rules);

/// One line for each profile: name, title, known facts, rules awake.
std::string profile_list(const std::vector<const catalog::Profile*>& profiles,
                         const std::vector<const catalog::Rule*>& rules, Language language);

}  // namespace preflint::output
