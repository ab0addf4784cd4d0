#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "catalog/profile.h"
#include "probe/facts.h"

namespace preflint::probe {

/// In the order of weight.
enum class Verdict : uint8_t { go, unknown, warn, no_go };

/// As it is printed in every language and format: "NO-GO".
std::string_view name_of(Verdict verdict);

/// What one probe says. Like a finding it holds no words: `message` names one of the rule's
/// templates
/// ("" is the main one).
struct Answer {
  std::string rule;
  Verdict verdict = Verdict::go;
  std::string message;
  Arguments arguments;
  std::string fact;        // the key that decided
  Span span;               // its line in the output
  bool essential = false;  // without it there is no GO
};

/// What is known here and not on the box.
struct Here {
  std::string target;              // "root@box", the name of a file
  std::optional<long long> clock;  // seconds since 1970 when the box told its own time
};

/// Judges the facts of a box by a profile: one answer or more a rule, in the order of the rules. A
/// rule whose facts the profile does not have says nothing.
std::vector<Answer> judge(const Facts& facts, const catalog::Profile& profile, const Here& here);

/// All in one: the heaviest verdict; an unknown one counts only where it is essential.
Verdict overall(const std::vector<Answer>& answers);

/// The answers as findings about the output (NO-GO error, WARN warning, UNKNOWN info), for formats
/// that know nothing else. `path` is that of the output.
std::vector<Finding> findings(const std::vector<Answer>& answers, const std::string& path);

}  // namespace preflint::probe
