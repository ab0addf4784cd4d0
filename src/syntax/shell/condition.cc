#include "syntax/shell/parser.h"

namespace preflint::shell {
namespace {

bool unary_operator(std::string_view word) {
  return word.size() == 2 && word[0] == '-' &&
         std::string_view("abcdefghknoprstuvwxzGLNORS").find(word[1]) != std::string_view::npos;
}

bool binary_operator(std::string_view word) {
  static constexpr std::string_view kAll[] = {"==",  "=",   "!=",  "=~",  "-eq", "-ne", "-lt",
                                              "-le", "-gt", "-ge", "-nt", "-ot", "-ef"};
  for (const std::string_view one : kAll) {
    if (word == one) return true;
  }
  return false;
}

}  // namespace

void Parser::test(Command& out) {
  out.kind = CommandKind::test;
  const uint32_t opening = at_;
  at_ += 2;
  newlines();
  const uint32_t begin = at_;
  disjunction(out.test);
  if (failed_) return;
  out.test.span = span(begin, at_);
  newlines();
  if (eof())
    unclosed(opening, "[[");
  else if (keyword() == "]]")
    at_ += 2;
  else
    unexpected();
}

void Parser::disjunction(Condition& out) {
  const uint32_t begin = at_;
  Condition first;
  conjunction(first);
  newlines();
  if (failed_ || !at("||")) {
    out = std::move(first);
    return;
  }
  out.kind = Condition::disjunction;
  out.operands.push_back(std::move(first));
  while (!failed_ && at("||")) {
    at_ += 2;
    conjunction(out.operands.emplace_back());
    out.span = {span(begin, begin).begin, out.operands.back().span.end};
    newlines();
  }
}

void Parser::conjunction(Condition& out) {
  const uint32_t begin = at_;
  Condition first;
  primary(first);
  newlines();
  if (failed_ || !at("&&")) {
    out = std::move(first);
    return;
  }
  out.kind = Condition::conjunction;
  out.operands.push_back(std::move(first));
  while (!failed_ && at("&&")) {
    at_ += 2;
    primary(out.operands.emplace_back());
    out.span = {span(begin, begin).begin, out.operands.back().span.end};
    newlines();
  }
}

void Parser::primary(Condition& out) {
  const Level level(*this);
  newlines();
  if (failed_ || too_deep() || count()) return;
  const uint32_t begin = at_;
  std::string_view word = keyword();
  if (word == "!") {
    at_ += 1;
    out.kind = Condition::negation;
    primary(out.operands.emplace_back());
  } else if (c() == '(') {
    ++at_;
    disjunction(out);
    newlines();
    if (failed_) return;
    if (eof()) return unclosed(begin, "(");
    if (c() != ')') return unexpected();
    ++at_;
  } else if (unary_operator(word)) {
    out.kind = Condition::unary;
    out.op = word;
    at_ += 2;
    blanks();
    if (keyword() == "]]" || !this->word(out.words.emplace_back(), Mode::plain))
      return unexpected();
  } else {
    if (word == "]]" || !this->word(out.words.emplace_back(), Mode::plain)) return unexpected();
    const uint32_t end = at_;
    newlines();
    if (failed_) return;
    word = keyword();
    const bool order = c() == '<' || c() == '>';
    if (order || binary_operator(word)) {
      out.kind = Condition::binary;
      out.op = order ? std::string_view(&text_[at_], 1) : word;
      at_ += static_cast<uint32_t>(out.op.size());
      blanks();
      if (keyword() == "]]" ||
          !this->word(out.words.emplace_back(), out.op == "=~" ? Mode::regex : Mode::plain))
        return unexpected();
    } else {
      out.kind = Condition::word;
      out.span = span(begin, end);
      return;
    }
  }
  if (!failed_) out.span = span(begin, at_);
}

}  // namespace preflint::shell
