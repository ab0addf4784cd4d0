#include "syntax/python/lexer.h"

#include <algorithm>

namespace preflint::py {
namespace {

constexpr size_t kMaxBrackets = 200;  // CPython's MAXLEVEL
constexpr size_t kMaxIndents = 100;   // CPython's MAXINDENT
constexpr int kMaxNestedStrings = 100;

bool name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<uint8_t>(c) >= 0x80;
}
bool digit(char c) { return c >= '0' && c <= '9'; }
bool name_part(char c) { return name_start(c) || digit(c); }

bool string_prefix(std::string_view word) {
  static constexpr std::string_view kPrefixes[] = {"r",  "u",  "b",  "f",  "t", "br",
                                                   "rb", "fr", "rf", "tr", "rt"};
  if (word.size() > 2) return false;
  std::string lower(word);
  for (char& c : lower) c = static_cast<char>(c | 0x20);
  return std::find(std::begin(kPrefixes), std::end(kPrefixes), lower) != std::end(kPrefixes);
}

/// Characters that no identifier may hold although they are not ASCII; people paste them.
constexpr std::string_view kForeign[] = {
    "，", "。", "（", "）", "：", "；",     "、",     "“",      "”",      "‘",      "’",     "！",
    "？", "【", "】", "《", "》", "\u00a0", "\u200b", "\u3000", "\u2013", "\u2014", "\u2026"};

const char* message(std::string_view key) {
  static constexpr std::pair<std::string_view, const char*> kMessages[] = {
      {"unterminated-string", "string is not closed"},
      {"unterminated-triple", "triple-quoted string is not closed"},
      {"unclosed-bracket", "bracket is never closed"},
      {"unmatched-bracket", "closing bracket has no opening one"},
      {"mismatched-bracket", "closing bracket does not match the opening one"},
      {"too-many-brackets", "too many nested brackets"},
      {"bad-dedent", "unindent does not match any outer indentation level"},
      {"mixed-tabs", "inconsistent use of tabs and spaces"},
      {"too-deep", "too many levels of indentation"},
      {"bad-character", "invalid character"},
      {"bad-continuation", "unexpected character after a line continuation"},
      {"octal", "leading zeros in a number"},
      {"nul", "NUL byte in source"},
  };
  for (const auto& [name, text] : kMessages) {
    if (name == key) return text;
  }
  return "invalid syntax";
}

}  // namespace

Lexer::Lexer(std::string_view text, uint32_t base) : text_(text), base_(base) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
}

Token Lexer::token(TokenKind kind, size_t begin) const {
  return {kind, {base_ + static_cast<uint32_t>(begin), base_ + static_cast<uint32_t>(at_)}};
}

Token Lexer::fail(size_t begin, size_t end, std::string_view key, std::string argument) {
  end = std::min(end, text_.size());
  error_ = SyntaxError{{base_ + static_cast<uint32_t>(begin), base_ + static_cast<uint32_t>(end)},
                       message(key),
                       std::string(key),
                       std::move(argument)};
  ended_ = true;
  at_ = text_.size();
  return token(TokenKind::end, at_);
}

void Lexer::skip_newline() {
  if (at_ < text_.size() && text_[at_] == '\r') {
    ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
  } else if (at_ < text_.size()) {
    ++at_;
  }
}

/// Measures the indentation of a line that holds code. True when an indent or dedent is due.
bool Lexer::start_of_line(Token& out) {
  for (;;) {
    uint32_t column = 0, alternative = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == ' ')
        ++column, ++alternative;
      else if (c == '\t')
        column = (column / 8 + 1) * 8, ++alternative;
      else if (c == '\f')
        column = alternative = 0;
      else if (c == '\\' && at_ + 1 < text_.size() &&
               (text_[at_ + 1] == '\n' || text_[at_ + 1] == '\r')) {
        ++at_;
        skip_newline();
        --at_;  // the loop steps over it again
      } else
        break;
    }
    if (at_ < text_.size() && text_[at_] == '#') {
      const size_t begin = at_;
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
      comments_.push_back(token(TokenKind::end, begin).span);
    }
    if (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) {
      skip_newline();  // a blank line says nothing about indentation
      continue;
    }
    if (at_ >= text_.size()) return false;
    line_start_ = false;
    const Indent now{column, alternative};
    Indent top = indents_.back();
    if (now.column == top.column) {
      if (now.alternative != top.alternative) fail(at_, at_ + 1, "mixed-tabs");
      return false;
    }
    if (now.column > top.column) {
      if (now.alternative <= top.alternative) return fail(at_, at_ + 1, "mixed-tabs"), false;
      if (indents_.size() >= kMaxIndents) return fail(at_, at_ + 1, "too-deep"), false;
      indents_.push_back(now);
      out = token(TokenKind::indent, at_);
      return true;
    }
    while (indents_.size() > 1 && now.column < indents_.back().column) {
      indents_.pop_back();
      ++pending_dedents_;
    }
    top = indents_.back();
    if (now.column != top.column) return fail(at_, at_ + 1, "bad-dedent"), false;
    if (now.alternative != top.alternative) return fail(at_, at_ + 1, "mixed-tabs"), false;
    return false;
  }
}

/// Skips blanks, comments and continued lines. False at an error.
bool Lexer::skip_blanks() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\f') {
      ++at_;
    } else if (c == '#') {
      const size_t begin = at_;
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
      comments_.push_back(token(TokenKind::end, begin).span);
    } else if (c == '\\') {
      const size_t begin = at_++;
      if (at_ >= text_.size() || (text_[at_] != '\n' && text_[at_] != '\r')) {
        fail(begin, begin + 1, "bad-continuation");
        return false;
      }
      skip_newline();
    } else if ((c == '\n' || c == '\r') && !brackets_.empty()) {
      skip_newline();
    } else {
      return true;
    }
  }
  return true;
}

Token Lexer::next() {
  if (ended_) return token(TokenKind::end, text_.size());
  Token indent;
  if (line_start_ && brackets_.empty() && start_of_line(indent)) return indent;
  if (ended_) return token(TokenKind::end, text_.size());
  if (pending_dedents_ > 0) {
    --pending_dedents_;
    return token(TokenKind::dedent, at_);
  }
  if (!skip_blanks()) return token(TokenKind::end, text_.size());
  if (at_ >= text_.size()) {
    if (!brackets_.empty()) {
      return fail(brackets_.back(), brackets_.back() + 1, "unclosed-bracket",
                  std::string(1, text_[brackets_.back()]));
    }
    if (!blank_line_) {
      blank_line_ = true;
      line_start_ = true;
      return token(TokenKind::newline, at_);
    }
    if (indents_.size() > 1) {
      indents_.pop_back();
      return token(TokenKind::dedent, at_);
    }
    ended_ = true;
    return token(TokenKind::end, at_);
  }
  const size_t begin = at_;
  const char c = text_[at_];
  if (c == '\n' || c == '\r') {
    skip_newline();
    line_start_ = blank_line_ = true;
    return token(TokenKind::newline, begin);
  }
  blank_line_ = false;
  if (c == '"' || c == '\'') {
    return string(begin, at_) ? token(TokenKind::string, begin) : token(TokenKind::end, begin);
  }
  if (digit(c) || (c == '.' && at_ + 1 < text_.size() && digit(text_[at_ + 1]))) {
    return number(begin) ? token(TokenKind::number, begin) : token(TokenKind::end, begin);
  }
  if (name_start(c)) {
    while (at_ < text_.size() && name_part(text_[at_])) {
      if (static_cast<uint8_t>(text_[at_]) >= 0x80 && unusual(at_))
        return token(TokenKind::end, begin);
      ++at_;
    }
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'') &&
        string_prefix(text_.substr(begin, at_ - begin))) {
      return string(begin, at_) ? token(TokenKind::string, begin) : token(TokenKind::end, begin);
    }
    return token(TokenKind::name, begin);
  }
  return bracket(begin) ? token(TokenKind::op, begin) : token(TokenKind::end, begin);
}

/// True (and an error) when a character that looks like part of a name surely is not.
bool Lexer::unusual(size_t at) {
  for (std::string_view foreign : kForeign) {
    if (text_.substr(at).starts_with(foreign)) {
      fail(at, at + foreign.size(), "bad-character", std::string(foreign));
      return true;
    }
  }
  return false;
}

bool Lexer::bracket(size_t begin) {
  static constexpr std::string_view kLong[] = {
      "**=", "//=", ">>=", "<<=", "...", "!=", "<=", ">=", "==", "->", "+=", "-=",
      "*=",  "/=",  "%=",  "&=",  "|=",  "^=", "@=", "**", "//", ">>", "<<", ":="};
  const char c = text_[begin];
  if (c == '(' || c == '[' || c == '{') {
    if (brackets_.size() >= kMaxBrackets) return fail(begin, begin + 1, "too-many-brackets"), false;
    brackets_.push_back(begin);
    ++at_;
    return true;
  }
  if (c == ')' || c == ']' || c == '}') {
    if (brackets_.empty()) {
      return fail(begin, begin + 1, "unmatched-bracket", std::string(1, c)), false;
    }
    const char open = text_[brackets_.back()];
    const char close = open == '(' ? ')' : open == '[' ? ']' : '}';
    if (c != close) return fail(begin, begin + 1, "mismatched-bracket", std::string(1, c)), false;
    brackets_.pop_back();
    ++at_;
    return true;
  }
  for (std::string_view op : kLong) {
    if (text_.substr(begin).starts_with(op)) {
      at_ += op.size();
      return true;
    }
  }
  if (std::string_view("+-*/%@&|^~<>=.,:;").find(c) != std::string_view::npos) {
    ++at_;
    return true;
  }
  fail(begin, begin + 1, c == '\0' ? "nul" : "bad-character", std::string(1, c));
  return false;
}

bool Lexer::number(size_t begin) {
  const auto peek = [&](size_t i) { return i < text_.size() ? text_[i] : '\0'; };
  const char second = static_cast<char>(peek(begin + 1) | 0x20);
  if (text_[begin] == '0' && (second == 'x' || second == 'o' || second == 'b')) {
    at_ += 2;
    while (at_ < text_.size() &&
           (digit(text_[at_]) || text_[at_] == '_' ||
            (second == 'x' &&
             std::string_view("abcdefABCDEF").find(text_[at_]) != std::string_view::npos))) {
      ++at_;
    }
    return true;
  }
  bool integer = true;
  const auto digits = [&] {
    while (digit(peek(at_)) || (peek(at_) == '_' && digit(peek(at_ + 1)))) ++at_;
  };
  digits();
  const size_t whole = at_;
  if (peek(at_) == '.') {
    integer = false;
    ++at_;
    digits();
  }
  const char e = static_cast<char>(peek(at_) | 0x20);
  const bool sign = peek(at_ + 1) == '+' || peek(at_ + 1) == '-';
  if (e == 'e' && digit(peek(at_ + (sign ? 2 : 1)))) {
    integer = false;
    at_ += sign ? 2 : 1;
    digits();
  }
  if (static_cast<char>(peek(at_) | 0x20) == 'j') {
    integer = false;
    ++at_;
  }
  const std::string_view written = text_.substr(begin, whole - begin);
  if (integer && written.size() > 1 && written[0] == '0' &&
      written.find_first_not_of("0_") != std::string_view::npos) {
    fail(begin, at_, "octal", std::string(written));
    return false;
  }
  return true;
}

/// Reads a string whose prefix begins at `begin` and whose first quote is at `quote`.
bool Lexer::string(size_t begin, size_t quote) {
  for (size_t i = begin; i < quote; ++i) {
    const char c = static_cast<char>(text_[i] | 0x20);
    if (c == 'f' || c == 't') return formatted(begin, quote);
  }
  const char mark = text_[quote];
  const bool triple = text_.substr(quote).starts_with(std::string(3, mark));
  at_ = quote + (triple ? 3 : 1);
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\\') {
      ++at_;
      if (at_ + 1 < text_.size() && text_[at_] == '\r' && text_[at_ + 1] == '\n') ++at_;
    } else if (c == mark) {
      if (!triple) return ++at_, true;
      if (text_.substr(at_).starts_with(std::string(3, mark))) return at_ += 3, true;
    } else if (!triple && (c == '\n' || c == '\r')) {
      break;
    }
  }
  const size_t end = std::min(text_.find_first_of("\r\n", begin), text_.size());
  fail(begin, end, triple ? "unterminated-triple" : "unterminated-string");
  return false;
}

namespace {

/// One open construct of an f-string: the literal part of a string, a replacement field, or a
/// field's format specification.
struct Open {
  enum Kind : uint8_t { literal, field, spec } kind;
  char mark;  // literal, spec: the quote of the string it belongs to
  bool triple;
  uint32_t depth;  // field: brackets open inside it
};

}  // namespace

/// Reads an f-string by the rules of Python 3.12, which take everything that earlier versions take.
bool Lexer::formatted(size_t begin, size_t quote_at) {
  std::vector<Open> open;
  const auto enter = [&](size_t quote) {
    const bool triple = text_.substr(quote).starts_with(std::string(3, text_[quote]));
    open.push_back({Open::literal, text_[quote], triple, 0});
    at_ = quote + (triple ? 3 : 1);
  };
  const auto unterminated = [&] {
    const size_t end = std::min(text_.find_first_of("\r\n", begin), text_.size());
    fail(begin, end, "unterminated-string");
    return false;
  };
  enter(quote_at);
  while (!open.empty()) {
    if (at_ >= text_.size() || open.size() > kMaxNestedStrings) return unterminated();
    Open& top = open.back();
    const char c = text_[at_];
    const char after = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (top.kind == Open::literal || top.kind == Open::spec) {
      if (c == '\\') {
        if (after == 'N' && at_ + 2 < text_.size() && text_[at_ + 2] == '{') {
          const size_t close = text_.find_first_of("}\n", at_);
          at_ = close == std::string_view::npos ? text_.size() : close + 1;
        } else if (after == '\r' || after == '\n') {
          ++at_;
          skip_newline();  // a continued line, whatever ends it
        } else {
          at_ += after == '{' || after == '}' ? 1 : 2;
        }
      } else if (c == '{' && after == '{' && top.kind == Open::literal) {
        at_ += 2;
      } else if (c == '{') {
        ++at_;
        open.push_back({Open::field, top.mark, top.triple, 0});
      } else if (c == '}' && top.kind == Open::spec) {
        ++at_;
        open.pop_back();  // the specification and its field
        open.pop_back();
      } else if (c == top.mark &&
                 (!top.triple || text_.substr(at_).starts_with(std::string(3, c)))) {
        if (top.kind == Open::spec) return unterminated();
        at_ += top.triple ? 3 : 1;
        open.pop_back();
      } else if (!top.triple && (c == '\n' || c == '\r')) {
        return unterminated();
      } else {
        ++at_;
      }
      continue;
    }
    if (c == '}' && top.depth == 0) {
      ++at_;
      open.pop_back();
    } else if (c == '(' || c == '[' || c == '{') {
      ++top.depth;
      ++at_;
    } else if (c == ')' || c == ']' || c == '}') {
      if (top.depth > 0) --top.depth;
      ++at_;
    } else if (c == ':' && top.depth == 0) {
      ++at_;
      const Open spec{Open::spec, top.mark, top.triple, 0};
      open.push_back(spec);
    } else if (c == '#') {
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    } else if (c == '"' || c == '\'' || name_start(c)) {
      const size_t word = at_;
      while (at_ < text_.size() && name_part(text_[at_])) ++at_;
      if (at_ >= text_.size()) continue;
      if (text_[at_] != '"' && text_[at_] != '\'') continue;
      // The quote of the enclosing string ends it in Python 3.11, where the field is then cut off.
      bool nested = false;
      for (size_t i = word; i < at_; ++i)
        nested |= (text_[i] | 0x20) == 'f' || (text_[i] | 0x20) == 't';
      if (nested && at_ - word <= 2)
        enter(at_);
      else if (!string(at_, at_))
        return false;
    } else {
      ++at_;
    }
  }
  return true;
}

}  // namespace preflint::py
