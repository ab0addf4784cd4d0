#pragma once

#include <string_view>
#include <vector>

namespace preflint::catalog {

/// A text that is looked for; a letter, digit or `_` at an end that is not open is the end of a
/// word.
struct TriggerText {
  std::string_view text;
  bool open_before = false, open_after = false;
};

/// Of each group one text has to be there.
using Trigger = std::vector<std::vector<TriggerText>>;

/// Reads "a | b & *c*": a or b, and c also within a word.
Trigger read_trigger(std::string_view written);

}  // namespace preflint::catalog
