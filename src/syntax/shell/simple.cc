#include <algorithm>

#include "syntax/shell/parser.h"

namespace preflint::shell {
namespace {

/// Builtins whose arguments are read as assignments.
bool declares(const Word& word) {
  const auto name = word.literal();
  return name && (*name == "export" || *name == "local" || *name == "declare" ||
                  *name == "readonly" || *name == "typeset" || *name == "alias");
}

}  // namespace

void Parser::simple(Command& out) {
  bool declared = false;
  const uint32_t start = at_;
  for (;;) {
    if (redirect(out)) {
      if (failed_) return;
      continue;
    }
    if (failed_) return;
    const uint32_t next = after_blanks();
    const bool comment = next < end_ && text_[next] == '#' && next > at_;
    const uint32_t back = std::exchange(at_, next);
    if (comment || separator()) {
      const bool parenthesis = !comment && c() == '(';
      at_ = back;
      if (parenthesis) {
        at_ = next;
        return unexpected();
      }
      break;
    }
    if (assignment(out, declared)) {
      if (failed_) return;
      continue;
    }
    Word word;
    if (!this->word(word, Mode::argument)) return unexpected();
    if (failed_) return;
    if (out.words.empty()) declared = declares(word);
    out.words.push_back(std::move(word));
  }
  if (at_ == start) unexpected();
}

/// Reads a redirect, when one comes next; moves only then.
bool Parser::redirect(Command& out) {
  const uint32_t before = at_, begin = after_blanks();
  uint32_t at = begin;
  Redirect redirect;
  if (at < end_ && digit(text_[at])) {
    while (at < end_ && digit(text_[at]) && at - begin < 9) ++at;
  } else if (at < end_ && text_[at] == '{') {
    ++at;
    while (at < end_ && name_part(text_[at])) ++at;
    if (at == begin + 1 || at >= end_ || text_[at] != '}') return false;
    ++at;
  }
  at_ = at;
  static constexpr std::pair<std::string_view, RedirectKind> kOperators[] = {
      {"<<<", RedirectKind::here_string}, {"<<-", RedirectKind::heredoc},
      {"<<", RedirectKind::heredoc},      {"<&", RedirectKind::duplicate},
      {"<>", RedirectKind::read_write},   {"<", RedirectKind::input},
      {">>", RedirectKind::append},       {">&", RedirectKind::duplicate},
      {">|", RedirectKind::output},       {">", RedirectKind::output},
      {"&>>", RedirectKind::both_append}, {"&>", RedirectKind::both}};
  const auto* op = std::find_if(std::begin(kOperators), std::end(kOperators),
                                [&](const auto& one) { return this->at(one.first); });
  const bool ampersand = op != std::end(kOperators) && op->first[0] == '&';
  const bool process = op != std::end(kOperators) && op->first.size() == 1 && c(1) == '(';
  if (op == std::end(kOperators) || process || (ampersand && at > begin)) {
    at_ = before;
    return false;
  }
  redirect.kind = op->second;
  redirect.strip_tabs = op->first == "<<-";
  if (at > begin && text_[begin] == '{')
    redirect.fd_variable = slice(begin + 1, at - 1);
  else if (at > begin)
    redirect.fd = std::stoi(slice(begin, at));
  at_ += static_cast<uint32_t>(op->first.size());
  blanks();
  if (redirect.kind == RedirectKind::heredoc) {
    heredoc_delimiter(out, redirect);
    if (failed_) return true;
  } else {
    if (!word(redirect.target, Mode::plain)) {
      unexpected();
      return true;
    }
    const auto target = redirect.target.literal();
    if (op->second == RedirectKind::duplicate) {
      const bool number =
          target && (*target == "-" || (!target->empty() && digit(target->front())));
      if (op->first == ">&" && target && !number)
        redirect.kind = RedirectKind::both;
      else if (redirect.fd < 0)
        redirect.fd = op->first == "<&" ? 0 : 1;
    }
  }
  redirect.span = span(begin, at_);
  out.redirects.push_back(std::move(redirect));
  return true;
}

/// Reads the word after `<<`; the body is read at the next newline.
void Parser::heredoc_delimiter(Command& out, Redirect& redirect) {
  if (!word(redirect.target, Mode::plain)) return unexpected();
  // Nothing is expanded in the delimiter.
  std::string delimiter;
  const auto add = [&](const Part& part) {
    const bool text = part.kind == PartKind::literal || part.kind == PartKind::single_quoted ||
                      part.kind == PartKind::ansi_quoted;
    if (part.kind == PartKind::literal && part.span.size() != part.text.size())
      redirect.quoted = true;
    delimiter += text || origins_ ? part.text : slice(part.span.begin, part.span.end);
  };
  for (const Part& part : redirect.target.parts) {
    if (part.kind != PartKind::double_quoted)
      add(part);
    else
      std::for_each(part.parts.begin(), part.parts.end(), add);
  }
  redirect.quoted = redirect.quoted || redirect.target.quoted();
  pending_.push_back({&out, out.redirects.size(), std::move(delimiter)});
}

/// The bodies of the heredocs of the line that ended.
void Parser::heredocs() {
  std::vector<Pending> all;
  all.swap(pending_);
  for (const Pending& one : all) {
    heredoc(one);
    if (failed_) return;
  }
}

void Parser::heredoc(const Pending& pending) {
  Redirect& redirect = pending.command->redirects[pending.redirect];
  const uint32_t begin = at_;
  uint32_t end = at_;
  // Like bash, take the end of the text for a delimiter that is missing.
  while (end < end_) {
    const auto newline = static_cast<uint32_t>(std::min<size_t>(text_.find('\n', end), end_));
    std::string_view line = text_.substr(end, newline - end);
    while (redirect.strip_tabs && line.starts_with('\t')) line.remove_prefix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line == pending.delimiter) break;
    end = std::min(newline + 1, end_);
  }
  redirect.body = span(begin, end);
  const uint32_t outer_end = std::exchange(end_, end);
  heredoc_content(redirect);
  end_ = outer_end;
  const size_t newline = text_.find('\n', end);
  at_ = newline < end_ ? static_cast<uint32_t>(newline) + 1 : end_;
}

/// The parts of a body, up to `end_`. It is expanded when it is used: what is broken in it is text.
void Parser::heredoc_content(Redirect& redirect) {
  constexpr int kBroken = 8;
  int left = kBroken;
  bool line_begins = true;
  uint32_t begin = at_;
  while (!eof()) {
    if (line_begins && redirect.strip_tabs && c() == '\t') {
      literal(redirect.content, begin, at_);
      while (c() == '\t') ++at_;
      begin = at_;
      continue;
    }
    line_begins = c() == '\n';
    const bool escaped = c() == '\\' &&
                         std::string_view("$`\\\n").find(c(1)) != std::string_view::npos &&
                         at_ + 1 < end_;
    if (redirect.quoted || left == 0 || (c() != '$' && c() != '`' && !escaped)) {
      ++at_;
      continue;
    }
    literal(redirect.content, begin, at_);
    begin = at_;
    if (escaped) {
      line_begins = c(1) == '\n';
      escape(redirect.content);
    } else {
      std::vector<Part> found;
      auto pending = std::exchange(pending_, {});
      const bool expansion = dollar(found, true);
      pending_ = std::move(pending);
      if (stopped_) return;
      if (failed_ || !expansion) {
        left -= failed_ ? 1 : 0;
        failed_ = false;
        error_.reset();
        at_ = begin + 1;
        continue;
      }
      std::move(found.begin(), found.end(), std::back_inserter(redirect.content));
    }
    begin = at_;
  }
  literal(redirect.content, begin, at_);
}

/// `name=…`, `name[…]=…`, `name+=…` before a command, or as an argument of `export` and the like.
bool Parser::assignment(Command& out, bool declared) {
  if (!out.words.empty() && !declared) return false;
  const uint32_t begin = at_;
  uint32_t at = begin;
  if (at >= end_ || !name_start(text_[at])) return false;
  while (at < end_ && name_part(text_[at])) ++at;
  Assignment assignment;
  assignment.name = slice(begin, at);
  if (at < end_ && text_[at] == '[') {
    const uint32_t open = ++at;
    for (int nested = 1; at < end_ && nested > 0; ++at) {
      if (text_[at] == '[') ++nested;
      if (text_[at] == ']') --nested;
      if (text_[at] == '\n' || at - open > 4096) return false;
    }
    assignment.index = slice(open, at > open ? at - 1 : open);
  }
  if (at + 1 < end_ && text_[at] == '+' && text_[at + 1] == '=') {
    assignment.append = true;
    ++at;
  }
  if (at >= end_ || text_[at] != '=') return false;
  at_ = at + 1;
  if (c() == '(') {
    array(assignment);
  } else {
    const uint32_t value = at_;
    word(assignment.value, Mode::assignment);
    assignment.value.span = span(value, at_);
  }
  if (failed_) return true;
  assignment.span = span(begin, at_);
  if (declared && !out.words.empty()) {
    Word word;
    word.span = assignment.span;
    add(word.parts, PartKind::literal, begin, assignment.name + "=");
    out.declared.emplace_back(out.words.size(), std::move(assignment));
    out.words.push_back(std::move(word));
  } else {
    out.assignments.push_back(std::move(assignment));
  }
  return true;
}

void Parser::array(Assignment& out) {
  out.array = true;
  const uint32_t begin = at_++;
  for (newlines(); !failed_ && c() != ')'; newlines()) {
    if (eof()) return unclosed(begin, "(");
    if (!word(out.elements.emplace_back(), Mode::argument)) return unexpected();
  }
  if (!failed_) ++at_;
}

}  // namespace preflint::shell
