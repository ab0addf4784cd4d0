#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/rule.h"

namespace preflint::catalog {

/// How closely a selector names a rule: 0 not at all, 1 `ALL`, more for longer prefixes and
/// gotchas, most for its id or name. Case does not matter.
int closeness(std::string_view selector, const Rule& rule);

/// Whether a rule may report. The closest selector that names it decides; between equals, `ignore`
/// does. An empty `select` selects all.
bool enabled(const Rule& rule, const std::vector<std::string>& select,
             const std::vector<std::string>& extend_select, const std::vector<std::string>& ignore);

/// What is wrong with a selector that names none of these rules; nothing when it names one.
std::optional<Sentence> unknown_selector(std::string_view selector,
                                         const std::vector<const Rule*>& rules);

}  // namespace preflint::catalog
