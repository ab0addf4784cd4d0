#pragma once

#include <string>
#include <string_view>

#include "syntax/source.h"

namespace preflint::py {

/// How the inside of a string literal is written.
struct LiteralStyle {
  bool raw = false;
  bool bytes = false;
  bool formatted = false;  // {{ and }} stand for braces
  bool template_ = false;
  uint32_t prefix = 0;  // bytes before the first quote
  uint32_t quote = 1;   // 1 or 3
  char mark = '"';
};

/// Reads prefix and quotes of a literal as written.
LiteralStyle literal_style(std::string_view literal);

/// Appends the decoded value of `inside` (a stretch between the quotes) to `out`; `offset` is where
/// it stands in the text that `out` maps to. False when an escape cannot be decoded (\N{…},
/// surrogates): then something else stands for it.
bool decode_literal(std::string_view inside, const LiteralStyle& style, uint32_t offset,
                    SourceBuilder& out);

}  // namespace preflint::py
