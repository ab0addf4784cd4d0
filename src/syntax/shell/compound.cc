#include <algorithm>

#include "syntax/shell/parser.h"

namespace preflint::shell {

CommandPtr Parser::command() {
  const Level level(*this);
  auto out = std::make_shared<Command>();
  blanks();
  if (too_deep() || count()) return out;
  const uint32_t begin = at_;
  if (compound(*out)) {
    while (!failed_ && out->kind != CommandKind::function && out->kind != CommandKind::coproc &&
           redirect(*out)) {
    }
  } else if (!failed_) {
    simple(*out);
  }
  if (failed_) return out;
  out->span = span(begin, at_);
  return out;
}

/// Reads a compound command, when one begins here.
bool Parser::compound(Command& out) {
  if (c() == '(') {
    if (c(1) == '(') {
      const uint32_t begin = at_;
      if (auto text = arithmetic(at_ + 2, "))")) {
        out.kind = CommandKind::arithmetic;
        out.text = std::move(*text);
        return true;
      }
      at_ = begin;
    }
    if (!failed_) subshell(out);
    return true;
  }
  const std::string_view word = keyword();
  if (word == "{")
    group(out);
  else if (word == "if")
    if_command(out);
  else if (word == "while" || word == "until")
    while_command(out);
  else if (word == "for" || word == "select")
    for_command(out);
  else if (word == "case")
    case_command(out);
  else if (word == "[[")
    test(out);
  else if (word == "coproc")
    coprocess(out);
  else if (word == "function" || function_parentheses())
    function(out);
  else
    return false;
  return true;
}

bool Parser::compound_begins() {
  if (c() == '(') return true;
  static constexpr std::string_view kWords[] = {"{",   "if",     "while", "until",
                                                "for", "select", "case",  "[["};
  return std::find(std::begin(kWords), std::end(kWords), keyword()) != std::end(kWords);
}

/// Consumes a reserved word; `opener`, at `begin`, is what wants it.
void Parser::expect(std::string_view word, uint32_t begin, std::string_view opener) {
  if (failed_) return;
  newlines();
  if (failed_) return;
  if (eof())
    unclosed(begin, opener);
  else if (keyword() == word)
    at_ += static_cast<uint32_t>(word.size());
  else
    unexpected();
}

void Parser::if_command(Command& out) {
  out.kind = CommandKind::if_;
  const uint32_t begin = at_;
  at_ += 2;
  for (;;) {
    IfClause& clause = out.clauses.emplace_back();
    list(clause.condition);
    expect("then", begin, "if");
    if (!failed_) list(clause.body);
    if (failed_) return;
    if (keyword() == "elif") {
      at_ += 4;
      continue;
    }
    if (keyword() == "else") {
      at_ += 4;
      list(out.else_body.emplace());
    }
    return expect("fi", begin, "if");
  }
}

void Parser::while_command(Command& out) {
  const std::string word(keyword());
  out.kind = word == "while" ? CommandKind::while_ : CommandKind::until_;
  const uint32_t begin = at_;
  at_ += 5;
  list(out.condition);
  expect("do", begin, word);
  if (!failed_) list(out.body);
  expect("done", begin, word);
}

void Parser::for_command(Command& out) {
  const std::string word(keyword());
  const uint32_t begin = at_;
  at_ += static_cast<uint32_t>(word.size());
  blanks();
  if (word == "for" && at("((")) {
    out.kind = CommandKind::arith_for;
    auto text = arithmetic(at_ + 2, "))");
    if (!text) return unexpected();
    out.text = std::move(*text);
  } else {
    out.kind = word == "for" ? CommandKind::for_ : CommandKind::select;
    const uint32_t name = at_;
    while (!eof() && !metacharacter(c()) && !line_end()) ++at_;
    if (at_ == name) return unexpected();
    out.name = slice(name, at_);
    out.name_span = span(name, at_);
    newlines();
    if (failed_) return;
    if (keyword() == "in") {
      at_ += 2;
      out.has_in = true;
      for (blanks(); !separator(); blanks()) {
        Word item;
        if (!word_end(Mode::argument))
          this->word(item, Mode::argument);
        else
          unexpected();
        if (failed_) return;
        out.words.push_back(std::move(item));
      }
    }
  }
  blanks();
  if (c() == ';' && c(1) != ';') ++at_;
  loop_body(out, begin, word);
}

/// `do … done`, or the `{ … }` that bash also takes after `for`.
void Parser::loop_body(Command& out, uint32_t begin, std::string_view opener) {
  newlines();
  if (failed_) return;
  const bool braces = keyword() == "{";
  expect(braces ? "{" : "do", begin, opener);
  if (!failed_) list(out.body);
  expect(braces ? "}" : "done", begin, opener);
}

void Parser::case_command(Command& out) {
  out.kind = CommandKind::case_;
  const uint32_t begin = at_;
  at_ += 4;
  blanks();
  if (!word(out.subject, Mode::plain)) return unexpected();
  expect("in", begin, "case");
  for (;;) {
    if (failed_) return;
    newlines();
    if (failed_) return;
    if (keyword() == "esac") break;
    if (eof()) return unclosed(begin, "case");
    case_item(out.items.emplace_back());
  }
  at_ += 4;
}

void Parser::case_item(CaseItem& out) {
  const uint32_t begin = at_;
  if (c() == '(') ++at_;
  for (;;) {
    blanks();
    if (!word(out.patterns.emplace_back(), Mode::plain)) return unexpected();
    blanks();
    if (failed_) return;
    if (c() != '|') break;
    ++at_;
  }
  if (c() != ')') return unexpected();
  ++at_;
  list(out.body, true);
  if (failed_) return;
  if (at(";;&"))
    out.end = CaseItem::test_next, at_ += 3;
  else if (at(";;"))
    at_ += 2;
  else if (at(";&"))
    out.end = CaseItem::fall_through, at_ += 2;
  else if (keyword() != "esac" && !eof())
    return unexpected();
  out.span = span(begin, at_);
}

void Parser::subshell(Command& out) {
  out.kind = CommandKind::subshell;
  const uint32_t begin = at_++;
  list(out.body);
  if (failed_) return;
  if (eof())
    unclosed(begin, "(");
  else if (c() == ')')
    ++at_;
  else
    unexpected();
}

void Parser::group(Command& out) {
  out.kind = CommandKind::group;
  const uint32_t begin = at_++;
  list(out.body);
  expect("}", begin, "{");
}

void Parser::coprocess(Command& out) {
  out.kind = CommandKind::coproc;
  at_ += 6;
  blanks();
  const uint32_t begin = at_;
  while (!eof() && name_part(c())) ++at_;
  const uint32_t end = at_;
  blanks();
  // A name stands only before a compound command.
  if (end > begin && at_ > end && compound_begins()) {
    out.name = slice(begin, end);
    out.name_span = span(begin, end);
  } else {
    at_ = begin;
  }
  out.definition = command();
}

/// Where `name ()` ends, when that is what stands here.
std::optional<uint32_t> Parser::function_parentheses() const {
  uint32_t end = at_;
  while (end < end_ && !metacharacter(text_[end])) {
    if (std::string_view("\"'`$\\=*?").find(text_[end]) != std::string_view::npos)
      return std::nullopt;
    ++end;
  }
  const uint32_t name = end;
  const auto skip = [&] {
    while (end < end_ && (text_[end] == ' ' || text_[end] == '\t')) ++end;
  };
  skip();
  if (name == at_ || end >= end_ || text_[end] != '(') return std::nullopt;
  ++end;
  skip();
  if (end >= end_ || text_[end] != ')') return std::nullopt;
  return end + 1;
}

void Parser::function(Command& out) {
  out.kind = CommandKind::function;
  if (keyword() == "function") {
    at_ += 8;
    blanks();
  }
  const auto parentheses = function_parentheses();
  const uint32_t begin = at_;
  while (!eof() && !metacharacter(c()) && !line_end()) ++at_;
  if (at_ == begin) return unexpected();
  out.name = slice(begin, at_);
  out.name_span = span(begin, at_);
  if (parentheses) at_ = *parentheses;
  newlines();
  if (failed_) return;
  if (!compound_begins() && dialect_ != Dialect::zsh) return unexpected();
  out.definition = command();
}

/// The expression from `open` to `closing`, which has to close what is open in it; nothing when it
/// does not, as in `((a); (b))`.
std::optional<std::string> Parser::arithmetic(uint32_t open, std::string_view closing) {
  const char left = closing[0] == ')' ? '(' : '[';
  size_t nested = 0;
  for (uint32_t i = open; i < end_; ++i) {
    const char next = text_[i];
    if (next == '\\') {
      ++i;
    } else if (next == '"' || next == '\'') {
      // A quote that is not closed before the line ends is a character like others.
      for (uint32_t k = i + 1; k < end_ && text_[k] != '\n'; ++k) {
        if (text_[k] != next) continue;
        i = k;
        break;
      }
    } else if (next == left) {
      ++nested;
    } else if (next == closing[0]) {
      if (nested > 0) {
        --nested;
        continue;
      }
      if (!text_.substr(i, end_ - i).starts_with(closing)) return std::nullopt;
      at_ = i + static_cast<uint32_t>(closing.size());
      return slice(open, i);
    }
  }
  return std::nullopt;
}

}  // namespace preflint::shell
