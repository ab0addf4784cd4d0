#include <algorithm>

#include "syntax/shell/parser.h"

namespace preflint::shell {
namespace {

constexpr uint32_t kMaxGroup = 2048;  // bytes of an extglob group
constexpr size_t kMaxRange = 64;      // words of {1..n}

/// The numbers or letters of `1..5`, `a..e`, `0..10..2`; nothing when it is no range.
std::vector<std::string> range(std::string_view text) {
  std::vector<std::string_view> ends;
  for (size_t at = 0;;) {
    const size_t dots = std::min(text.find("..", at), text.size());
    ends.push_back(text.substr(at, dots - at));
    if (dots == text.size()) break;
    at = dots + 2;
  }
  std::vector<std::string> out;
  if (ends.size() < 2 || ends.size() > 3) return out;
  const auto number = [](std::string_view word) -> std::optional<long> {
    const std::string_view digits = word.substr(word.starts_with('-') ? 1 : 0);
    if (digits.empty() || digits.size() > 9 || !std::all_of(digits.begin(), digits.end(), digit))
      return std::nullopt;
    return std::stol(std::string(word));
  };
  long step = 1;
  if (ends.size() == 3) {
    const auto given = number(ends[2]);
    if (!given) return out;
    step = std::max(1L, std::abs(*given));
  }
  const auto letter = [](std::string_view word) {
    return word.size() == 1 && name_start(word[0]) && word[0] != '_';
  };
  const bool letters = letter(ends[0]) && letter(ends[1]);
  const auto from = letters ? std::optional<long>(ends[0][0]) : number(ends[0]);
  const auto to = letters ? std::optional<long>(ends[1][0]) : number(ends[1]);
  if (!from || !to) return out;
  const bool padded = !letters && (ends[0].starts_with('0') || ends[1].starts_with('0')) &&
                      std::max(ends[0].size(), ends[1].size()) > 1;
  const size_t width = padded ? std::max(ends[0].size(), ends[1].size()) : 0;
  for (long i = *from; (*from <= *to ? i <= *to : i >= *to) && out.size() < kMaxRange;
       i += *from <= *to ? step : -step) {
    std::string word = letters ? std::string(1, static_cast<char>(i)) : std::to_string(i);
    if (word.size() < width && i >= 0) word.insert(0, width - word.size(), '0');
    out.push_back(std::move(word));
  }
  return out;
}

}  // namespace

Part& Parser::add(std::vector<Part>& out, PartKind kind, uint32_t begin, std::string text) {
  Part& part = out.emplace_back();
  part.kind = kind;
  part.span = span(begin, at_);
  part.text = std::move(text);
  return part;
}

bool Parser::word_end(Mode mode) const {
  if (eof()) return true;
  const char next = c();
  if (mode == Mode::operand) return next == '}';
  if (mode == Mode::replaced) return next == '}' || next == '/';
  if (mode == Mode::regex)
    return next == ' ' || next == '\t' || next == ')' || next == '\n' || line_end();
  if (next == '\r') return line_end();
  return metacharacter(next) && !((next == '<' || next == '>') && c(1) == '(');
}

/// Reads a word; false when there is none.
bool Parser::word(Word& out, Mode mode) {
  const uint32_t begin = at_;
  while (!failed_ && !word_end(mode)) part(out.parts, mode, at_ == begin);
  out.span = span(begin, at_);
  return at_ > begin;
}

void Parser::part(std::vector<Part>& out, Mode mode, bool first) {
  if (count()) return;
  const char next = c();
  const bool operand = mode == Mode::operand || mode == Mode::replaced;
  const bool quoted = operand && quoted_operand_;
  if (next == '\'' && !quoted) return single_quoted(out);
  if (next == '"') return double_quoted(out, at_);
  if (next == '$' || next == '`') {
    if (dollar(out, quoted) || failed_) return;
  } else if ((next == '<' || next == '>') && c(1) == '(' && !operand && mode != Mode::regex) {
    return process(out);
  } else if (mode == Mode::regex) {
    if (next == '(') return regex_group(out);
  } else if (next == '*' || next == '?' ||
             ((next == '@' || next == '+' || next == '!') && c(1) == '(')) {
    return glob(out);
  } else if (next == '~' && !quoted) {
    const bool after_colon = mode == Mode::assignment && !first && text_[at_ - 1] == ':';
    if ((first || after_colon) && tilde(out, mode)) return;
  } else if (next == '{' && mode == Mode::argument && brace(out)) {
    return;
  }
  run(out, mode);
}

void Parser::literal(std::vector<Part>& out, uint32_t begin, uint32_t end) {
  if (begin >= end) return;
  Part& part = out.emplace_back();
  part.span = span(begin, end);
  part.text = slice(begin, end);
}

/// A backslash and what it quotes.
void Parser::escape(std::vector<Part>& out) {
  const uint32_t begin = at_++;
  if (c() == '\n' || (c() == '\r' && c(1) == '\n')) {
    at_ += c() == '\n' ? 1 : 2;
    return;
  }
  const auto lead = static_cast<uint8_t>(c());
  const uint32_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const uint32_t end = std::min(at_ + length, end_);
  const std::string text = eof() ? "\\" : slice(at_, end);
  at_ = end;
  add(out, PartKind::literal, begin, text);
}

/// Literal bytes up to what is special; the first one is taken in any case.
void Parser::run(std::vector<Part>& out, Mode mode) {
  const uint32_t begin = at_;
  const bool operand = mode == Mode::operand || mode == Mode::replaced;
  const bool quoted = operand && quoted_operand_;
  if (c() == '\\') {
    if (!quoted || std::string_view("$`\"\\}\n").find(c(1)) != std::string_view::npos)
      return escape(out);
    ++at_;
  }
  while (at_ == begin || !word_end(mode)) {
    const char next = c();
    const bool group = (next == '@' || next == '+' || next == '!') && c(1) == '(';
    const bool special =
        next == '\\' || next == '"' || next == '$' || next == '`' || next == '*' || next == '?' ||
        group || (next == '\'' && !quoted) || (next == '{' && mode == Mode::argument) ||
        (next == '(' && mode == Mode::regex) || ((next == '<' || next == '>') && !operand);
    if (special && at_ > begin) break;
    ++at_;
    if (next == ':' && c() == '~' && mode == Mode::assignment) break;
  }
  literal(out, begin, at_);
}

void Parser::single_quoted(std::vector<Part>& out) {
  const uint32_t begin = at_;
  const size_t close = text_.find('\'', at_ + 1);
  if (close >= end_) return unclosed(begin, "'");
  at_ = static_cast<uint32_t>(close) + 1;
  add(out, PartKind::single_quoted, begin, slice(begin + 1, at_ - 1));
}

/// `begin` is where the part begins, at a `$` or at the quote where we are.
void Parser::double_quoted(std::vector<Part>& out, uint32_t begin) {
  const uint32_t quote = at_++;
  std::vector<Part> parts;
  quoted_parts(parts, '"');
  if (failed_) return;
  if (eof()) return unclosed(quote, "\"");
  ++at_;
  add(out, PartKind::double_quoted, begin).parts = std::move(parts);
}

void Parser::quoted_parts(std::vector<Part>& out, char closing) {
  uint32_t begin = at_;
  while (!failed_ && !eof() && c() != closing) {
    const bool escaped = c() == '\\' && at_ + 1 < end_ &&
                         (std::string_view("$`\"\\\n").find(c(1)) != std::string_view::npos ||
                          (c(1) == '\r' && c(2) == '\n'));
    if (!escaped && c() != '$' && c() != '`') {
      ++at_;
      continue;
    }
    literal(out, begin, at_);
    begin = at_;
    if (escaped) {
      escape(out);
    } else if (!dollar(out, true)) {
      ++at_;
      continue;
    }
    begin = at_;
  }
  literal(out, begin, at_);
}

/// `*`, `?`, and groups like `@(a|b)` as written.
void Parser::glob(std::vector<Part>& out) {
  const uint32_t begin = at_++;
  if (c() != '(') {
    add(out, PartKind::glob, begin, slice(begin, at_));
    return;
  }
  size_t nested = 0;
  const uint32_t limit = std::min(end_, at_ + kMaxGroup);
  for (uint32_t i = at_; i < limit; ++i) {
    const char next = text_[i];
    if (next == '\\')
      ++i;
    else if (next == '\'' || next == '"')
      i = static_cast<uint32_t>(std::min<size_t>(text_.find(next, i + 1), limit));
    else if (next == '(')
      ++nested;
    else if (next == ')' && --nested == 0) {
      at_ = i + 1;
      break;
    }
  }
  const bool star = text_[begin] == '*' || text_[begin] == '?';
  if (at_ == begin + 1 && !star) return literal(out, begin, at_);
  add(out, PartKind::glob, begin, slice(begin, at_));
}

bool Parser::tilde(std::vector<Part>& out, Mode mode) {
  const uint32_t begin = at_++;
  while (!eof() && (name_part(c()) || c() == '.' || c() == '-' || c() == '+')) ++at_;
  if (!word_end(mode) && c() != '/' && !(c() == ':' && mode == Mode::assignment)) {
    at_ = begin;
    return false;
  }
  add(out, PartKind::tilde, begin, slice(begin + 1, at_));
  return true;
}

/// Finds the matching braces of the word around here, once for all of them.
void Parser::find_braces() {
  braces_.clear();
  std::vector<size_t> open;
  uint32_t i = at_;
  for (; i < end_ && !metacharacter(text_[i]) && text_[i] != '`'; ++i) {
    const char next = text_[i];
    if (next == '\\') {
      ++i;
    } else if (next == '\'' || next == '"') {
      i = static_cast<uint32_t>(std::min<size_t>(text_.find(next, i + 1), end_));
    } else if (next == '{') {
      open.push_back(braces_.size());
      braces_.push_back({i, 0});
      // A parameter's braces take part in the counting alone.
      if (i > 0 && text_[i - 1] == '$') braces_.back().begin = end_;
    } else if (!open.empty() && next == ',') {
      braces_[open.back()].comma = true;
    } else if (!open.empty() && next == '.' && i + 1 < end_ && text_[i + 1] == '.') {
      braces_[open.back()].range = true;
    } else if (!open.empty() && next == '}') {
      braces_[open.back()].end = i + 1;
      open.pop_back();
    }
  }
  braces_known_ = std::min(i, end_);
  std::erase_if(braces_, [&](const Brace& one) { return one.end == 0 || one.begin == end_; });
}

bool Parser::brace(std::vector<Part>& out) {
  const Level level(*this);
  if (too_deep()) return false;
  if (at_ >= braces_known_) find_braces();
  const auto found = std::lower_bound(braces_.begin(), braces_.end(), at_,
                                      [](const Brace& one, uint32_t at) { return one.begin < at; });
  if (found == braces_.end() || found->begin != at_ || found->end > end_) return false;
  const Brace brace = *found;
  Part part;
  part.kind = PartKind::brace;
  part.span = span(brace.begin, brace.end);
  if (brace.comma) {
    alternatives(brace, part);
    if (failed_) return true;
  } else if (brace.range) {
    for (std::string& text : range(text_.substr(brace.begin + 1, brace.end - brace.begin - 2))) {
      Word& word = part.words.emplace_back();
      word.span = part.span;
      word.parts.emplace_back().text = std::move(text);
      word.parts.back().span = part.span;
    }
  }
  if (part.words.empty()) return false;
  out.push_back(std::move(part));
  at_ = brace.end;
  return true;
}

/// The words between the commas of a brace.
void Parser::alternatives(const Brace& brace, Part& out) {
  const uint32_t outer_end = end_;
  uint32_t begin = brace.begin + 1;
  size_t nested = 0;
  for (uint32_t i = begin; i < brace.end && !failed_; ++i) {
    const char next = text_[i];
    if (next == '\\') {
      ++i;
    } else if (next == '\'' || next == '"') {
      i = static_cast<uint32_t>(std::min<size_t>(text_.find(next, i + 1), brace.end));
    } else if (next == '{') {
      ++nested;
    } else if (nested > 0 && next == '}') {
      --nested;
    } else if (nested == 0 && (next == ',' || i + 1 == brace.end)) {
      at_ = begin;
      end_ = i;
      word(out.words.emplace_back(), Mode::argument);
      end_ = outer_end;
      begin = i + 1;
    }
  }
}

void Parser::process(std::vector<Part>& out) {
  const Level level(*this);
  if (too_deep()) return;
  const uint32_t begin = at_;
  const std::string text = slice(at_, at_ + 1);
  at_ += 2;
  auto list = std::make_shared<List>();
  this->list(*list, true);
  if (failed_) return;
  if (eof()) return unclosed(begin, text + "(");
  if (c() != ')') return unexpected();
  ++at_;
  add(out, PartKind::process, begin, text).list = std::move(list);
}

/// A group of a regular expression, in which blanks and operators are text.
void Parser::regex_group(std::vector<Part>& out) {
  const uint32_t opening = at_;
  uint32_t begin = at_;
  size_t nested = 0;
  do {
    const char next = c();
    if (next == '\'' || next == '"' || next == '$' || next == '`' || next == '\\') {
      literal(out, begin, at_);
      part(out, Mode::regex, false);
      begin = at_;
      continue;
    }
    if (next == '(') ++nested;
    if (next == ')') --nested;
    ++at_;
  } while (!failed_ && nested > 0 && !eof());
  if (failed_) return;
  if (nested > 0) return unclosed(opening, "(");
  literal(out, begin, at_);
}

}  // namespace preflint::shell
