#include <algorithm>
#include <utility>

#include "syntax/shell/parser.h"

namespace preflint::shell {
namespace {

constexpr int kRecoveries = 16;
constexpr size_t kMaxBytes = 16 * 1024 * 1024;
constexpr size_t kMaxDepth =
    100;  // some kilobytes of stack each, here and in whoever walks the tree
constexpr size_t kMaxNodes = 1'000'000;  // some hundred bytes each

/// What an error says in English; rules/meta/PFL002 says it in both languages.
std::string message(std::string_view key, const std::string& argument) {
  if (key == "unclosed") return "`" + argument + "` is never closed";
  if (key == "unexpected-end") return "the file ends in the middle of a command";
  if (key == "unexpected-newline") return "the line ends in the middle of a command";
  return "`" + argument + "` is not expected here";
}

}  // namespace

bool name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool name_part(char c) { return name_start(c) || digit(c); }
bool metacharacter(char c) {
  static constexpr std::string_view kAll = " \t\n;&|()<>";
  return kAll.find(c) != std::string_view::npos;
}

Span Parser::span(uint32_t begin, uint32_t end) const {
  if (!origins_) return {begin, end};
  return {(*origins_)[begin], (*origins_)[end]};
}

void Parser::fail(uint32_t begin, uint32_t end, std::string_view key, std::string argument) {
  if (failed_) return;
  failed_ = true;
  error_ =
      SyntaxError{span(begin, end), message(key, argument), std::string(key), std::move(argument)};
}

bool Parser::stop(bool Program::*why) {
  out_.*why = true;
  failed_ = stopped_ = true;
  return true;
}

/// Fails at the token that comes next.
void Parser::unexpected() {
  if (eof()) return fail(at_, at_, "unexpected-end", "");
  if (line_end()) return fail(at_, at_ + 1, "unexpected-newline", "");
  uint32_t end = at_;
  if (metacharacter(c())) {
    while (end < end_ && end - at_ < 2 &&
           std::string_view(";&|()<>").find(text_[end]) != std::string_view::npos)
      ++end;
    if (end - at_ == 2 && (text_[at_] != text_[at_ + 1] || text_[at_] == '(' || text_[at_] == ')'))
      --end;
  } else {
    while (end < end_ && !metacharacter(text_[end]) && end - at_ < 40) ++end;
    while (end > at_ + 1 && end < end_ && (static_cast<uint8_t>(text_[end]) & 0xC0) == 0x80) --end;
  }
  fail(at_, end, "unexpected-token", slice(at_, end));
}

void Parser::unclosed(uint32_t begin, std::string_view opener) {
  fail(begin, std::min(begin + static_cast<uint32_t>(opener.size()), end_), "unclosed",
       std::string(opener));
}

/// A newline, also as CR LF, in which the CR is a blank.
bool Parser::line_end(uint32_t ahead) const {
  return c(ahead) == '\n' ||
         (c(ahead) == '\r' && (c(ahead + 1) == '\n' || at_ + ahead + 1 >= end_));
}

/// Nothing of a simple command can stand here.
bool Parser::separator() const {
  if (eof() || line_end()) return true;
  const char next = c();
  return next == ';' || next == '&' || next == '|' || next == '(' || next == ')';
}

/// Behind the blanks and line continuations that stand here.
uint32_t Parser::after_blanks() const {
  uint32_t ahead = 0;
  for (;;) {
    const char next = c(ahead);
    if (next == ' ' || next == '\t' || (next == '\r' && line_end(ahead)))
      ++ahead;
    else if (next == '\\' && c(ahead + 1) == '\n')
      ahead += 2;
    else if (next == '\\' && c(ahead + 1) == '\r' && c(ahead + 2) == '\n')
      ahead += 3;
    else
      return at_ + ahead;
  }
}

/// Skips blanks and a comment.
void Parser::blanks() {
  at_ = after_blanks();
  if (c() != '#') return;
  const uint32_t begin = at_;
  at_ = static_cast<uint32_t>(std::min<size_t>(text_.find('\n', at_), end_));
  uint32_t end = at_;
  if (end > begin && text_[end - 1] == '\r') --end;
  out_.comments.push_back({span(begin, end)});
}

void Parser::newlines() {
  for (blanks(); !eof() && c() == '\n'; blanks()) {
    ++at_;
    if (!pending_.empty()) heredocs();
    if (failed_) return;
  }
}

/// The word that could be reserved here: as written, up to a metacharacter.
std::string_view Parser::keyword() const {
  uint32_t end = at_;
  while (end < end_ && end - at_ < 10 && !metacharacter(text_[end])) ++end;
  std::string_view out = text_.substr(at_, end - at_);
  if (out.ends_with('\r') && (end >= end_ || text_[end] == '\n')) out.remove_suffix(1);
  return out;
}

bool Parser::list_end() {
  newlines();
  if (failed_ || eof() || c() == ')') return true;
  if (c() == ';') return c(1) == ';' || c(1) == '&';
  static constexpr std::string_view kEnds[] = {"then", "elif", "else", "fi",
                                               "do",   "done", "esac", "}"};
  return std::find(std::begin(kEnds), std::end(kEnds), keyword()) != std::end(kEnds);
}

void Parser::list(List& out, bool may_be_empty) {
  newlines();
  const uint32_t begin = at_;
  while (!list_end()) {
    if (!statement(out)) break;
  }
  out.span = span(begin, std::max(begin, at_));
  if (!failed_ && out.items.empty() && !may_be_empty && !eof()) unexpected();
}

/// One and-or list and what separates it from the next. False after an error.
bool Parser::statement(List& out) {
  AndOr item;
  and_or(item);
  if (failed_) return false;
  blanks();
  if (c() == '&') {
    item.background = true;
    ++at_;
  } else if (c() == ';' && c(1) != ';' && c(1) != '&') {
    ++at_;
  } else if (!eof() && c() != '\n' && !list_end()) {
    unexpected();
  }
  out.items.push_back(std::move(item));
  return !failed_;
}

void Parser::and_or(AndOr& out) {
  blanks();
  const uint32_t begin = at_;
  for (;;) {
    pipeline(out.pipelines.emplace_back());
    if (failed_) return;
    out.span = {span(begin, begin).begin, out.pipelines.back().span.end};
    blanks();
    const bool both = at("&&");
    if (!both && !at("||")) return;
    out.operators.push_back(both ? AndOr::and_if : AndOr::or_if);
    at_ += 2;
    newlines();
    if (failed_) return;
  }
}

void Parser::pipeline(Pipeline& out) {
  blanks();
  const uint32_t begin = at_;
  for (bool more = true; more; blanks()) {
    const std::string_view word = keyword();
    more = word == "!" || word == "time";
    if (word == "!") out.negated = !out.negated;
    if (word == "time") out.timed = true;
    if (more) at_ += static_cast<uint32_t>(word.size());
    if (word == "time") {
      blanks();
      if (keyword() == "-p") at_ += 2;
    }
  }
  if ((out.negated || out.timed) && separator() && c() != '(') {
    out.span = span(begin, at_);
    return;
  }
  for (;;) {
    const CommandPtr next = command();
    if (failed_) return;
    out.commands.push_back(next);
    out.span = span(begin, at_);
    blanks();
    if (c() != '|' || c(1) == '|') return;
    ++at_;
    out.merges_stderr.push_back(c() == '&');
    if (c() == '&') ++at_;
    newlines();
    if (failed_) return;
  }
}

void Parser::program() {
  if (at("\xEF\xBB\xBF")) at_ = 3;
  for (int left = kRecoveries;;) {
    const bool stray = list_end() && !failed_ && !eof();
    if (eof() && !failed_) break;
    const uint32_t begin = at_;
    if (stray) unexpected();
    if (!failed_ && statement(out_.list)) continue;
    if (error_) out_.errors.push_back(*std::exchange(error_, std::nullopt));
    if (stopped_ || left-- == 0) break;
    // The statement is lost; reading goes on at the line below its first.
    failed_ = false;
    pending_.clear();
    at_ = static_cast<uint32_t>(std::min<size_t>(text_.find('\n', begin), end_));
    std::erase_if(out_.comments, [&](const Comment& comment) { return comment.span.begin >= at_; });
  }
  out_.list.span = {0, end_};
  if (dialect_ == Dialect::zsh) out_.errors.clear();  // what bash refuses may be right there
}

Program parse(std::string_view text, Dialect dialect, const ParseLimits& limits) {
  Program out;
  if (text.size() > kMaxBytes) {
    out.incomplete = true;
    return out;
  }
  Parser(text, dialect, {std::min(limits.depth, kMaxDepth), std::min(limits.nodes, kMaxNodes)}, out)
      .program();
  return out;
}

}  // namespace preflint::shell
