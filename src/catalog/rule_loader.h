#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/rule.h"
#include "syntax/document.h"

namespace preflint::catalog {

/// Keeps the strings and lists that a Rule refers to.
class RuleStorage;

/// A rule as read from YAML. It may be used only when there are no errors.
struct LoadedRule {
  Rule rule;
  std::shared_ptr<const RuleStorage> storage;
  std::vector<Error> errors;
};

enum class RuleOrigin : uint8_t {
  builtin,  // both languages, explanations and examples are required
  user,     // id, name, message and match are
};

/// Reads one rule. `category` is the folder it lies in.
LoadedRule load_rule(const Document& document, RuleOrigin origin, std::string_view category);

/// `key: {en: …, zh: …}` entries, as in rules/notes.yaml.
struct LoadedNotes {
  std::vector<NamedWords> notes;
  std::shared_ptr<const RuleStorage> storage;
  std::vector<Error> errors;
};
LoadedNotes load_notes(const Document& document);

/// The names in braces of a template, each once: "`{last}` hides `{first}`" has last and first.
std::vector<std::string_view> placeholders(std::string_view words);

}  // namespace preflint::catalog
