#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "syntax/source.h"

namespace preflint {

/// Walks a JSON text by offsets, so that every string keeps its place. It accepts what Python's
/// json does (strict RFC 8259), never recurses, and stops for good at the first error.
class JsonScan {
 public:
  explicit JsonScan(std::string_view text) : text_(text) { skip_blanks(); }

  /// The first byte of the value or closing bracket that comes next; 0 at the end.
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  uint32_t at() const { return static_cast<uint32_t>(at_); }
  bool failed() const { return error_.has_value(); }
  const Error& error() const { return *error_; }

  /// Enters an object or array ('{' or '['); false (and an error) when something else stands here.
  bool enter(char open);
  /// Steps to the next member or element of the container that was entered; false after the last
  /// one, which leaves the container. `first` is true before the first one.
  bool more(char close, bool& first);
  /// Reads `"key":`; the key as written, without quotes.
  std::string_view key();
  /// Skips the value that comes next, however deep.
  void skip();
  /// The span of the string that comes next, without its quotes.
  Span string();
  void fail(Sentence words);
  /// That the text ends here, or if it does not, what is wrong with what follows.
  void fail_or_end(Sentence words);

 private:
  void skip_blanks();
  void skip_scalar();

  std::string_view text_;
  size_t at_ = 0;
  std::optional<Error> error_;
};

/// Appends the decoded value of a JSON string's inside (escapes only; it was scanned before).
void decode_json_string(std::string_view inside, uint32_t offset, SourceBuilder& out);

}  // namespace preflint
