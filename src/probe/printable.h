#pragma once

#include <string>
#include <string_view>

namespace preflint::probe {

/// What a box has printed as a text that may go to a terminal: control characters (escape
/// sequences) become spaces, bytes that are not UTF-8 become U+FFFD.
std::string printable(std::string_view text);

}  // namespace preflint::probe
