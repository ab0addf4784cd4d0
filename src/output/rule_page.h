#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "catalog/rule.h"

namespace preflint::output {

/// A rule explained for a terminal. `sample` is a finding of its first bad example, for the words
/// that hold values (workspace::sample_of); without one they stay open.
std::string rule_text(const catalog::Rule& rule, const std::optional<Finding>& sample,
                      Language language, bool color, size_t columns);

/// A rule explained as a Markdown page; docs/rules/<language>/<ID>.md are these.
std::string rule_markdown(const catalog::Rule& rule, const std::optional<Finding>& sample,
                          Language language);

/// The table of all rules, linking to their pages. `rules` are sorted by id.
std::string rule_index(const std::vector<const catalog::Rule*>& rules, Language language);

/// The rules as a JSON array for tools, both languages in each.
std::string rules_json(const std::vector<const catalog::Rule*>& rules);

/// One line for each rule: id, severity, name, summary.
std::string rule_list(const std::vector<const catalog::Rule*>& rules, Language language,
                      bool color);

/// An example's code without ⟦ and ⟧.
std::string without_marks(std::string_view text);

}  // namespace preflint::output
