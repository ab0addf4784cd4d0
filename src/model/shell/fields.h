#pragma once

#include <string_view>
#include <vector>

#include "model/value.h"

namespace preflint::shell {

/// Is a hole of this name a pattern for file names? Of "?" alone it is not known.
bool is_glob_name(std::string_view name);

/// Can a word that an unquoted expansion makes of a text turn out to be none or several?
bool may_be_several(const Text& text);

/// The words that an unquoted expansion surely makes of a text: it is cut at its known blanks.
/// What a hole adds may still be several words, or none.
std::vector<Text> split_at_blanks(const Text& text);

}  // namespace preflint::shell
