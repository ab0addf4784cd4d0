#pragma once

#include <functional>
#include <optional>
#include <span>

#include "syntax/python/ast.h"

namespace preflint::py {

struct ParseLimits {
  uint32_t depth = 200;             // nesting of statements and expressions
  size_t bytes = 16 * 1024 * 1024;  // longer texts are not parsed
  std::function<bool()> cancelled;
};

/// Parses Python text. Never fails, never throws; what cannot be read is in `errors`, `partial`,
/// `too_deep` and `incomplete`.
Module parse(Source source, const ParseLimits& limits = {});

/// The same for a text of independent pieces (the cells of a notebook): each is parsed alone, so
/// that a broken one spoils no other, and their statements form one program in order. One that
/// CPython rejects has none: it does not run at all.
Module parse(Source source, std::span<const Span> pieces, const ParseLimits& limits = {});

/// What is wrong with a text of which nothing else is asked: what CPython 3 surely rejects, and
/// nesting past the limit. The module has no statements.
Module parse_errors(Source source, const ParseLimits& limits = {});

/// The contents of a string literal as a text of its own, each byte mapped to where it stands.
/// Nothing for f-strings with interpolations, bytes and literals with undecoded escapes.
std::optional<Source> string_source(const Source& outer, const Expr& literal);

}  // namespace preflint::py
