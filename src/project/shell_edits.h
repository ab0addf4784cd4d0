#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/unit.h"

namespace preflint::project {

/// Where a line of its own can be put: the offset in the unit's text, and how it is to be indented.
struct LinePlace {
  uint32_t at = 0;
  std::string indent;
};

/// Before the innermost statement that holds the span and stands at the start of its line. Nothing
/// when there is none (the text is a single line of another command).
std::optional<LinePlace> line_before(const Unit& unit, Span span);
/// After the line of that statement; the text to insert begins with a newline. Nothing when
/// something else shares the line, or a heredoc follows it.
std::optional<LinePlace> line_after(const Unit& unit, Span span);
/// The whole lines of that statement, with their newline; nothing when something else shares them.
std::optional<Span> lines_of(const Unit& unit, Span span);
/// After the shebang and the `set` lines at the top of a script: where its environment is set up.
uint32_t after_preamble(std::string_view text);

}  // namespace preflint::project
