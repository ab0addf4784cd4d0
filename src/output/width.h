#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace preflint::output {

/// Reads one code point of UTF-8 at `at` and moves past it. A byte that is no valid UTF-8 is U+FFFD
/// and one byte long.
char32_t next_code_point(std::string_view text, size_t& at);
/// Columns that a terminal gives a code point: 0 (combining), 1, or 2 (East Asian wide, emoji).
int width(char32_t point);
size_t display_width(std::string_view text);

/// The text as valid UTF-8: bytes that are not become U+FFFD.
std::string valid_utf8(std::string_view text);

/// The text made harmless for a terminal: control characters and escape sequences become visible
/// pictures (␛), direction overrides and bytes that are not UTF-8 become U+FFFD, a tab becomes
/// spaces. No newline survives.
std::string visible(std::string_view text);

}  // namespace preflint::output
