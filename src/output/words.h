#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/finding.h"
#include "catalog/rule.h"

namespace preflint::output {

/// Where the words of rules come from: the built-in catalogue and the user's own rules.
struct RuleBook {
  std::function<const catalog::Rule*(std::string_view id)> rule;
  std::function<const catalog::Words*(std::string_view key)> note;  // notes that rules share
};

/// A template with `{name}` replaced by arguments, as messages show them; a name that is no
/// argument stays as written.
std::string fill(std::string_view words, const Arguments& arguments, Language language);

/// The finding's message in one line.
std::string message_of(const Finding& finding, const catalog::Rule* rule, Language language);
std::string note_of(const Note& note, const catalog::Rule* rule, const RuleBook& book,
                    Language language);
/// What to do about it; empty when the rule says nothing.
std::string advice_of(const Finding& finding, const catalog::Rule* rule, Language language);

std::string_view name_of(Severity severity);                     // as machines read it: "error"
std::string_view name_of(Severity severity, Language language);  // as people do

}  // namespace preflint::output
