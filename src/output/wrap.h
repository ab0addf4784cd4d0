#pragma once

#include <string>
#include <string_view>

namespace preflint::output {

/// A paragraph broken into lines of at most `columns`, each after `indent`: at spaces, and between
/// wide characters, but never before closing punctuation. Line ends in the text count as spaces; an
/// empty line begins a new paragraph. Ends in a newline unless the text is empty.
std::string wrap(std::string_view text, size_t columns, std::string_view indent);

}  // namespace preflint::output
