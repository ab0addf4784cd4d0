#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "syntax/python/ast.h"

namespace preflint::py {

enum class TokenKind : uint8_t { name, number, string, op, newline, indent, dedent, end };

/// A token as CPython's tokenizer makes it, an f-string being one token.
struct Token {
  TokenKind kind = TokenKind::end;
  Span span;
};

/// Reads Python 3 tokens (the lenient union of its versions). It stops at the first thing that
/// every CPython 3 refuses and keeps it in `error`.
class Lexer {
 public:
  /// `base` is added to every offset.
  Lexer(std::string_view text, uint32_t base);

  /// The next token; `end` at the end and after an error.
  Token next();
  const std::optional<SyntaxError>& error() const { return error_; }
  const std::vector<Span>& comments() const { return comments_; }
  size_t brackets() const { return brackets_.size(); }
  std::string_view slice(Span span) const { return text_.substr(span.begin - base_, span.size()); }

 private:
  Token fail(size_t begin, size_t end, std::string_view key, std::string argument = {});
  Token token(TokenKind kind, size_t begin) const;
  bool start_of_line(Token& out);
  bool skip_blanks();
  void skip_newline();
  bool bracket(size_t begin);
  bool number(size_t begin);
  bool string(size_t begin, size_t quote);
  bool formatted(size_t begin, size_t quote_at);
  bool unusual(size_t begin);

  std::string_view text_;
  uint32_t base_;
  size_t at_ = 0;
  bool line_start_ = true;
  bool blank_line_ = true;  // no token on this logical line yet
  bool ended_ = false;
  size_t pending_dedents_ = 0;
  struct Indent {
    uint32_t column, alternative;
  };
  std::vector<Indent> indents_{{0, 0}};
  std::vector<size_t> brackets_;
  std::vector<Span> comments_;
  std::optional<SyntaxError> error_;
};

}  // namespace preflint::py
