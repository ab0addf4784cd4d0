#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace preflint::engine {

enum class DirectiveKind : uint8_t {
  ignore,  // of this line, or of the statement below
  ignore_file,
  off,  // until `on`
  on,
  malformed,  // meant to be one of these: a misspelt word, a bracket that is not closed
};

/// A rule, prefix, name or gotcha that a directive names.
struct Selector {
  std::string text;
  Span span;
};

/// `# preflint: ignore[NET001] reason` as it stands in a comment.
struct Directive {
  DirectiveKind kind = DirectiveKind::ignore;
  Span span;  // from `#` to the end of the reason
  Span head;  // `preflint: ignore[NET001]`
  std::string word;
  bool bare = true;  // no list of rules at all
  std::vector<Selector> selectors;
  std::string reason;
};

/// The directives of one comment, which is `comment` in `text`. A comment may say other things
/// before.
std::vector<Directive> directives_of(std::string_view text, Span comment);

}  // namespace preflint::engine
