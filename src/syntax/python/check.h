#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "syntax/python/ast.h"

namespace preflint::py {

/// What one reading of the tokens tells: comments, and the first thing that every CPython 3
/// refuses. It knows only part of the grammar: silence does not mean that the text is valid.
struct Inspection {
  std::optional<SyntaxError> error;
  std::vector<Span> comments;
  bool lexical = false;  // the error is one of tokens: where later tokens end is not known
};

Inspection inspect(std::string_view text, uint32_t base);

}  // namespace preflint::py
