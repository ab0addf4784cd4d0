#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/rule.h"
#include "syntax/document.h"

namespace preflint::project {
class Context;
}

namespace preflint::catalog {

/// A rule of the binary and the function that finds its violations; null for rules with a matcher
/// and for those that the engine itself reports.
struct BuiltinRule {
  Rule rule;
  void (*check)(project::Context&) = nullptr;
};

/// Sorted by id. Generated from rules/ when the program is built.
std::span<const BuiltinRule> builtin_rules();

/// The rule with this id or name, or null.
const BuiltinRule* find_builtin(std::string_view id_or_name);

/// A note's template that rules share (rules/notes.yaml), or null.
const Words* common_note(std::string_view key);

/// A YAML file of profiles/ by its path there: "autodl.yaml", "data/torch.yaml". Nothing is parsed:
/// the tree is stored in the binary. It has no places.
Result<Document> builtin_document(std::string_view name);
/// The names of all of them, sorted.
std::vector<std::string_view> builtin_documents();

}  // namespace preflint::catalog
