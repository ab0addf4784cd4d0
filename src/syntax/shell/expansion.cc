#include <algorithm>
#include <tuple>

#include "syntax/shell/ansi.h"
#include "syntax/shell/parser.h"

namespace preflint::shell {
namespace {

bool special(char c) {
  return c != '\0' && std::string_view("@*#?$!-").find(c) != std::string_view::npos;
}

/// Operators whose operand is a value, in which double quotes around the whole keep single quotes
/// as they are; those of the others are patterns.
bool takes_value(std::string_view op) {
  return op.ends_with('-') || op.ends_with('=') || op.ends_with('?') || op.ends_with('+') ||
         op == ":";
}

}  // namespace

/// Reads an expansion; false when the `$` stands for itself.
bool Parser::dollar(std::vector<Part>& out, bool quoted) {
  const uint32_t begin = at_;
  if (c() == '`') {
    backquoted(out, quoted);
    return true;
  }
  const char next = c(1);
  if (next == '(') {
    if (c(2) == '(') {
      if (auto text = arithmetic(at_ + 3, "))")) {
        add(out, PartKind::arithmetic, begin, std::move(*text));
        return true;
      }
    }
    substitution(out);
  } else if (next == '{') {
    parameter(out, quoted);
  } else if (next == '[') {
    auto text = arithmetic(at_ + 2, "]");
    if (!text) return unclosed(begin, "$["), true;
    add(out, PartKind::arithmetic, begin, std::move(*text));
  } else if (next == '\'' && !quoted) {
    ansi_quoted(out);
  } else if (next == '"' && !quoted) {
    ++at_;
    double_quoted(out, begin);
  } else if (name_start(next) || digit(next) || special(next)) {
    at_ += 2;
    while (name_start(next) && !eof() && name_part(c())) ++at_;
    add(out, PartKind::parameter, begin).name = slice(begin + 1, at_);
  } else {
    return false;
  }
  return true;
}

void Parser::ansi_quoted(std::vector<Part>& out) {
  const uint32_t begin = at_;
  uint32_t close = at_ + 2;
  while (close < end_ && text_[close] != '\'') close += text_[close] == '\\' ? 2 : 1;
  if (close >= end_) return unclosed(begin, "$'");
  std::string text;
  read_ansi(text_.substr(begin + 2, close - begin - 2),
            [&](std::string_view piece, size_t, size_t) { text += piece; });
  at_ = close + 1;
  add(out, PartKind::ansi_quoted, begin, std::move(text));
}

void Parser::substitution(std::vector<Part>& out) {
  const Level level(*this);
  if (too_deep()) return;
  const uint32_t begin = at_;
  at_ += 2;
  auto list = std::make_shared<List>();
  auto pending = std::exchange(pending_, {});
  this->list(*list, true);
  if (failed_) return;
  pending_.insert(pending_.begin(), pending.begin(), pending.end());
  if (eof()) return unclosed(begin, "$(");
  if (c() != ')') return unexpected();
  ++at_;
  add(out, PartKind::command, begin).list = std::move(list);
}

/// Like bash, takes what is broken inside for a matter of the moment when it runs.
void Parser::backquoted(std::vector<Part>& out, bool quoted) {
  const Level level(*this);
  if (too_deep()) return;
  const uint32_t begin = at_;
  uint32_t close = at_ + 1;
  std::string text;
  std::vector<uint32_t> origins;
  for (; close < end_ && text_[close] != '`'; ++close) {
    const char next = close + 1 < end_ ? text_[close + 1] : '\0';
    origins.push_back(span(close, close).begin);
    if (text_[close] == '\\' &&
        (next == '`' || next == '\\' || next == '$' || (quoted && next == '"')))
      ++close;
    text += text_[close];
  }
  if (close >= end_) return unclosed(begin, "`");
  const bool escapes = text.size() != close - begin - 1;
  origins.push_back(span(close, close).begin);
  auto list = std::make_shared<List>();
  const auto saved = std::tuple(text_, end_, origins_);
  auto pending = std::exchange(pending_, {});
  const bool operand = std::exchange(quoted_operand_, false);
  if (escapes) {
    text_ = text;
    at_ = 0;
    end_ = static_cast<uint32_t>(text.size());
    origins_ = &origins;
  } else {
    at_ = begin + 1;
    end_ = close;
  }
  braces_known_ = 0;
  this->list(*list, true);
  std::tie(text_, end_, origins_) = saved;
  pending_ = std::move(pending);
  quoted_operand_ = operand;
  braces_known_ = 0;
  if (stopped_) return;
  failed_ = false;
  error_.reset();
  at_ = close + 1;
  Part& part = add(out, PartKind::command, begin);
  part.list = std::move(list);
  part.backquoted = true;
}

/// `${…}`
void Parser::parameter(std::vector<Part>& out, bool quoted) {
  const Level level(*this);
  if (too_deep()) return;
  const uint32_t begin = at_;
  at_ += 2;
  Part part;
  part.kind = PartKind::parameter;
  parameter_name(part);
  if (c() == '[' && !part.name.empty()) index(part);
  if (!failed_) operands(part, quoted);
  if (failed_) return;
  if (eof()) return unclosed(begin, "${");
  ++at_;
  part.span = span(begin, at_);
  out.push_back(std::move(part));
}

void Parser::parameter_name(Part& out) {
  const auto named = [&](char next) { return name_start(next) || digit(next); };
  const char next = c(1);
  if (c() == '#' && next != '}' &&
      (named(next) || next == '@' || next == '*' || (special(next) && c(2) == '}'))) {
    out.op = "length";
    ++at_;
  } else if (c() == '!' && (named(next) || (special(next) && c(2) == '}'))) {
    out.op = "indirect";
    ++at_;
  }
  const uint32_t begin = at_;
  if (name_start(c())) {
    while (!eof() && name_part(c())) ++at_;
  } else if (digit(c())) {
    while (!eof() && digit(c())) ++at_;
  } else if (special(c())) {
    ++at_;
  }
  out.name = slice(begin, at_);
  if (out.op == "indirect" && (c() == '*' || c() == '@') && c(1) == '}') {
    out.op = "names";
    ++at_;
  }
}

/// The subscript of an array element, as written.
void Parser::index(Part& out) {
  const uint32_t begin = ++at_;
  size_t nested = 0;
  for (; !eof(); ++at_) {
    const char next = c();
    if (next == '\\')
      ++at_;
    else if (next == '\'' || next == '"')
      at_ = static_cast<uint32_t>(std::min<size_t>(text_.find(next, at_ + 1), end_));
    else if (next == '[')
      ++nested;
    else if (next == ']' && nested-- == 0)
      break;
  }
  if (eof()) {
    at_ = end_;
    return unclosed(begin - 1, "[");
  }
  out.index = slice(begin, at_);
  ++at_;
}

void Parser::operands(Part& out, bool quoted) {
  static constexpr std::string_view kOperators[] = {":-", ":=", ":?", ":+", "##", "%%", "//", "/#",
                                                    "/%", "^^", ",,", "-",  "=",  "?",  "+",  "#",
                                                    "%",  "/",  ":",  "^",  ",",  "@"};
  if (c() == '}' || eof()) return;
  const auto* op = std::find_if(std::begin(kOperators), std::end(kOperators),
                                [&](std::string_view one) { return at(one); });
  std::string_view found =
      op == std::end(kOperators) || out.name.empty() ? std::string_view() : *op;
  at_ += static_cast<uint32_t>(found.size());
  if (out.op.empty()) out.op = found.empty() ? "bad" : found;
  if (found == "@" && !eof() && c() != '}') out.text = slice(at_, at_ + 1);
  const bool outer = std::exchange(quoted_operand_, quoted && takes_value(found));
  bool replaced = found.starts_with('/');
  while (!failed_ && !eof()) {
    Word& word = out.words.emplace_back();
    this->word(word, replaced ? Mode::replaced : Mode::operand);
    if (!replaced || c() != '/') break;
    ++at_;
    replaced = false;
  }
  quoted_operand_ = outer;
}

}  // namespace preflint::shell
