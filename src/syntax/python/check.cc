#include "syntax/python/check.h"

#include <algorithm>
#include <array>

#include "syntax/python/lexer.h"

namespace preflint::py {
namespace {

template <size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

constexpr std::array<std::string_view, 32> kKeywords = {
    "and",    "as",   "assert", "async",  "await",  "break",   "class",    "continue",
    "def",    "del",  "elif",   "else",   "except", "finally", "for",      "from",
    "global", "if",   "import", "in",     "is",     "lambda",  "nonlocal", "not",
    "or",     "pass", "raise",  "return", "try",    "while",   "with",     "yield"};
/// Keywords that begin a statement and can stand nowhere else on a line.
constexpr std::array<std::string_view, 17> kStarters = {
    "assert", "break",    "class", "continue", "def",    "del", "elif",  "except", "finally",
    "global", "nonlocal", "pass",  "raise",    "return", "try", "while", "with"};
constexpr std::array<std::string_view, 11> kBlocks = {
    "if", "elif", "else", "while", "for", "try", "except", "finally", "with", "def", "class"};
/// Keywords of statements that cannot end with a comma.
constexpr std::array<std::string_view, 6> kWithoutComma = {"assert", "from",     "global",
                                                           "import", "nonlocal", "raise"};
/// Operators that need something on their right.
constexpr std::array<std::string_view, 39> kNeedRight = {
    "+",  "-",  "*",  "/",  "//",  "%",   "**",  "@",  "&",   "|",  "^",   "<<",  ">>",
    "==", "!=", "<",  ">",  "<=",  ">=",  "=",   "+=", "-=",  "*=", "/=",  "//=", "%=",
    "&=", "|=", "^=", "@=", "**=", ">>=", "<<=", "->", "and", "or", "not", "in",  "is"};
/// Operators that need something on their left.
constexpr std::array<std::string_view, 33> kNeedLeft = {
    "/",  "//", "%",  "&",   "|",   "^",   "<<",  ">>", "==",  "!=", "<",
    ">",  "<=", ">=", "=",   "+=",  "-=",  "*=",  "/=", "//=", "%=", "&=",
    "|=", "^=", "@=", "**=", ">>=", "<<=", "and", "or", "in",  "is", ":="};

/// Follows the tokens of one logical line at a time.
class Checker {
 public:
  Checker(std::string_view text, uint32_t base) : lexer_(text, base) {
    flufl_ = text.find("barry_as_FLUFL") != std::string_view::npos;
  }

  Inspection run() {
    for (;;) {
      const Token token = lexer_.next();
      if (token.kind == TokenKind::end) break;
      if (!error_) step(token);
    }
    Inspection out;
    out.lexical = lexer_.error().has_value();
    if (!error_) error_ = lexer_.error();
    if (expects_block_) fail(last_line_, "expected-block", "an indented block is missing");
    out.error = std::move(error_);
    out.comments = lexer_.comments();
    return out;
  }

 private:
  void fail(Span span, std::string_view key, std::string_view message,
            std::string_view argument = {}) {
    if (!error_) {
      error_ = SyntaxError{span, std::string(message), std::string(key), std::string(argument)};
    }
  }

  bool keyword(const Token& token, std::string_view word) const {
    return token.kind == TokenKind::name && one_of(word, kKeywords);
  }

  bool ends_operand(const Token& token, std::string_view word) const {
    switch (token.kind) {
      case TokenKind::number:
      case TokenKind::string:
        return true;
      case TokenKind::name:
        return !keyword(token, word);
      case TokenKind::op:
        return word == ")" || word == "]" || word == "}" ||
               (word == "..." && first_word_ != "from");
      default:
        return false;
    }
  }

  bool needs_right(const Token& token, std::string_view word) const {
    return (token.kind == TokenKind::op || token.kind == TokenKind::name) &&
           one_of(word, kNeedRight);
  }

  void step(const Token& token) {
    if (token.kind == TokenKind::indent) {
      if (!expects_block_)
        fail({token.span.begin, token.span.begin + 1}, "unexpected-indent", "unexpected indent");
      expects_block_ = false;
      return;
    }
    if (token.kind == TokenKind::dedent) {
      if (expects_block_) fail(last_line_, "expected-block", "an indented block is missing");
      return;
    }
    const std::string_view word = lexer_.slice(token.span);
    if (token.kind == TokenKind::newline) {
      end_of_line(token);
      return;
    }
    if (count_ == 0 && !continued_line_) {
      if (expects_block_) fail(last_line_, "expected-block", "an indented block is missing");
      line_begin_ = token.span.begin;
    }
    if (count_ == 0) first_ = token, first_word_ = word;
    if (count_ > 0) adjacent(token, word);
    note(token, word);
    previous_ = token;
    previous_word_ = word;
    ++count_;
    if (token.kind == TokenKind::op && word == ";" && lexer_.brackets() == 0) {
      end_of_statement(token);
      continued_line_ = true;
    }
  }

  void note(const Token& token, std::string_view word) {
    if (token.kind == TokenKind::name && word == "lambda") ++all_lambdas_;
    if (lexer_.brackets() > 0) return;
    if (token.kind == TokenKind::op && word == ":") ++colons_;
    if (token.kind == TokenKind::op && word == "," && colons_ == 0) ++commas_;
    if (token.kind == TokenKind::name && word == "lambda") ++lambdas_;
  }

  void adjacent(const Token& token, std::string_view word) {
    const bool after_operand = ends_operand(previous_, previous_word_);
    const bool soft =
        count_ == 1 && previous_.kind == TokenKind::name &&
        (previous_word_ == "match" || previous_word_ == "case" || previous_word_ == "type");
    if (after_operand && !soft) {
      const bool operand = token.kind == TokenKind::number || token.kind == TokenKind::string ||
                           (token.kind == TokenKind::name && !keyword(token, word));
      const bool strings = token.kind == TokenKind::string && previous_.kind == TokenKind::string;
      if (operand && !strings) return fail_adjacent(token);
      if (token.kind == TokenKind::op && (word == "{" || word == "~")) {
        return fail(token.span, "invalid-syntax", "invalid syntax", word);
      }
      if (keyword(token, word) && one_of(word, kStarters)) {
        return fail(token.span, "invalid-syntax", "invalid syntax", word);
      }
    }
    if (needs_right(previous_, previous_word_) && token.kind != TokenKind::string)
      right_side(token, word);
  }

  void fail_adjacent(const Token& token) {
    const bool statement = count_ == 1 && (previous_word_ == "print" || previous_word_ == "exec");
    if (statement) {
      fail({previous_.span.begin, token.span.end}, "python2-statement",
           "a statement of Python 2: in Python 3 this is a function", previous_word_);
    } else {
      fail(token.span, "invalid-syntax", "invalid syntax", lexer_.slice(token.span));
    }
  }

  void right_side(const Token& token, std::string_view word) {
    if (token.kind == TokenKind::newline) return;
    const bool splat = previous_word_ == "*" || previous_word_ == "/" || previous_word_ == "**";
    const bool closes =
        word == ")" || word == "]" || word == "}" || word == "," || word == ";" || word == ":";
    if (token.kind == TokenKind::op && closes && !splat) {
      return fail(previous_.span, "missing-operand", "an operand is missing", previous_word_);
    }
    if (flufl_ || splat || !one_of(word, kNeedLeft)) return;
    if (token.kind != TokenKind::op && token.kind != TokenKind::name) return;
    if (previous_word_ == "not" && word == "in") return;
    fail(token.span, "invalid-syntax", "invalid syntax", word);
  }

  void end_of_line(const Token& token) {
    end_of_statement(token);
    continued_line_ = false;
  }

  void end_of_statement(const Token& token) {
    const bool ended_by_newline = token.kind == TokenKind::newline;
    if (count_ > 0 && ended_by_newline) {
      const bool star_import = previous_word_ == "*";
      if (needs_right(previous_, previous_word_) && !star_import) {
        fail(previous_.span, "missing-operand", "an operand is missing", previous_word_);
      }
      const bool comma = previous_word_ == "," && one_of(first_word_, kWithoutComma) &&
                         first_.kind == TokenKind::name;
      if (previous_.kind == TokenKind::op && (previous_word_ == "." || comma)) {
        fail(previous_.span, "missing-operand", "an operand is missing", previous_word_);
      }
      head_of_block();
      expects_block_ = previous_.kind == TokenKind::op && previous_word_ == ":";
      last_line_ = {line_begin_, previous_.span.end};
    }
    if (count_ > 0 && first_.kind == TokenKind::name && all_lambdas_ == 0) {
      if (first_word_ == "raise" && commas_ > 0) {
        fail(first_.span, "python2-raise", "`raise X, Y` is Python 2", "raise");
      }
    }
    count_ = colons_ = commas_ = lambdas_ = all_lambdas_ = 0;
  }

  /// `if x` without its colon, `else if`, `except X, e:`.
  void head_of_block() {
    if (continued_line_ || first_.kind != TokenKind::name || !one_of(first_word_, kBlocks)) return;
    if (colons_ <= lambdas_) {
      fail({first_.span.begin, previous_.span.end}, "missing-colon", "`:` is missing", first_word_);
    }
  }

  Lexer lexer_;
  bool flufl_ = false;
  std::optional<SyntaxError> error_;
  Token previous_, first_;
  std::string_view previous_word_, first_word_;
  size_t count_ = 0;  // tokens of this simple statement so far
  size_t colons_ = 0, commas_ = 0, lambdas_ = 0, all_lambdas_ = 0;
  bool continued_line_ = false;  // a `;` stands before on this line
  bool expects_block_ = false;
  uint32_t line_begin_ = 0;
  Span last_line_;
};

/// The first byte that is not UTF-8, or npos.
size_t bad_utf8(std::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    const auto byte = static_cast<uint8_t>(text[i]);
    const size_t length = byte < 0x80                   ? 1
                          : byte >= 0xC2 && byte < 0xE0 ? 2
                          : byte >= 0xE0 && byte < 0xF0 ? 3
                          : byte >= 0xF0 && byte < 0xF5 ? 4
                                                        : 0;
    if (length == 0 || i + length > text.size()) return i;
    for (size_t k = 1; k < length; ++k) {
      if ((static_cast<uint8_t>(text[i + k]) & 0xC0) != 0x80) return i;
    }
    i += length;
  }
  return std::string_view::npos;
}

/// True when one of the first two lines declares an encoding (then other bytes than UTF-8 are
/// right).
bool declares_encoding(std::string_view text) {
  size_t begin = 0;
  for (int line = 0; line < 2 && begin < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view row = text.substr(begin, end - begin);
    const size_t hash = row.find('#');
    if (hash != row.npos && row.find("coding", hash) != row.npos) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

Inspection inspect(std::string_view text, uint32_t base) {
  const size_t bad = bad_utf8(text);
  if (bad != std::string_view::npos && !declares_encoding(text)) {
    Inspection out;
    const auto at = base + static_cast<uint32_t>(bad);
    out.error =
        SyntaxError{{at, at + 1}, "the text is not UTF-8 and declares no encoding", "not-utf8", {}};
    out.comments = Checker(text, base).run().comments;
    return out;
  }
  return Checker(text, base).run();
}

}  // namespace preflint::py
