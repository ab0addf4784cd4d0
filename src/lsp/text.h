#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/span.h"
#include "lsp/message.h"
#include "output/position.h"

namespace preflint::lsp {

/// A position or range of the protocol, whose lines and columns start at 0.
Json position_json(const output::LineIndex& index, uint32_t offset, output::Encoding encoding);
Json range_json(const output::LineIndex& index, Span span, output::Encoding encoding);
/// The bytes of a range; nothing when it is none. Positions past the end are the end.
std::optional<Span> span_of(const output::LineIndex& index, const Json& range,
                            output::Encoding encoding);
std::optional<uint32_t> offset_of(const output::LineIndex& index, const Json& position,
                                  output::Encoding encoding);

/// Applies `contentChanges` in order. When one of them is wrong, the text stays as it was.
Result<std::string> apply_changes(std::string text, const Json& changes, output::Encoding encoding);

/// The smallest range of lines in which two texts differ: the span in `before` and its replacement.
struct Difference {
  Span span;
  std::string_view text;  // of `after`
};
Difference difference(std::string_view before, std::string_view after);

}  // namespace preflint::lsp
