#pragma once

#include <vector>

#include "base/result.h"
#include "catalog/matcher.h"
#include "catalog/rule_storage.h"
#include "syntax/document.h"

namespace preflint::catalog {

/// Reads a rule's `match:`.
Matcher load_matcher(const Document& document, RuleStorage& storage, std::vector<Error>& errors);

/// The placeholders that the evaluation of a matcher fills.
std::vector<std::string_view> filled_by(const Matcher& matcher);

}  // namespace preflint::catalog
