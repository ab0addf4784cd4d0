#include "engine/comments.h"

#include <algorithm>
#include <set>
#include <utility>

#include "project/units.h"
#include "syntax/python/lexer.h"
#include "syntax/shell/ast.h"

namespace preflint::engine {
namespace {

constexpr std::string_view kBlanks = " \t\r\f";

/// Collects the statements of a shell program. The tree is as deep as the parser's limit at most.
class ShellStatements {
 public:
  ShellStatements(std::string_view text, const std::vector<Span>& comments)
      : text_(text), comments_(comments) {}

  std::vector<Statement> of(const shell::Program& program) {
    list(program.list);
    std::sort(out_.begin(), out_.end(),
              [](const Statement& a, const Statement& b) { return a.begin < b.begin; });
    return std::move(out_);
  }

 private:
  void list(const shell::List& that) {
    for (const shell::AndOr& item : that.items) and_or(item);
  }

  void and_or(const shell::AndOr& item) {
    const uint32_t end = without_comment(item.span.end);
    Statement statement{item.span.begin, end, end};
    bool compound = false;
    for (const shell::Pipeline& pipeline : item.pipelines) {
      for (const shell::CommandPtr& one : pipeline.commands) {
        compound |= nested(*one);
        for (const shell::Redirect& redirect : one->redirects) {
          if (redirect.kind == shell::RedirectKind::heredoc) {
            statement.tail = std::max(statement.tail, redirect.body.end);
          }
        }
      }
    }
    if (compound) statement.end = statement.tail = line_end(item.span.begin);
    out_.push_back(statement);
  }

  /// Takes what a compound command holds; false when it holds nothing.
  bool nested(const shell::Command& command) {
    if (command.definition) nested(*command.definition);
    for (const shell::IfClause& clause : command.clauses) {
      list(clause.condition);
      list(clause.body);
    }
    if (command.else_body) list(*command.else_body);
    list(command.condition);
    list(command.body);
    for (const shell::CaseItem& item : command.items) list(item.body);
    return command.kind != shell::CommandKind::simple && command.kind != shell::CommandKind::test &&
           command.kind != shell::CommandKind::arithmetic;
  }

  /// Where a statement ends whose span takes in the comment behind it.
  uint32_t without_comment(uint32_t end) const {
    const auto after =
        std::lower_bound(comments_.begin(), comments_.end(), end,
                         [](Span comment, uint32_t at) { return comment.begin < at; });
    if (after != comments_.begin() && std::prev(after)->end >= end) end = std::prev(after)->begin;
    while (end > 0 && kBlanks.find(text_[end - 1]) != std::string_view::npos) --end;
    return end;
  }

  /// The end of the line, and of those that it goes on to.
  uint32_t line_end(uint32_t at) const {
    for (;;) {
      const size_t end = std::min(text_.find('\n', at), text_.size());
      if (end == text_.size() || end == 0 || text_[end - 1] != '\\')
        return static_cast<uint32_t>(end);
      at = static_cast<uint32_t>(end + 1);
    }
  }

  std::string_view text_;
  const std::vector<Span>& comments_;
  std::vector<Statement> out_;
};

void read_shell(const shell::Program& program, Commented& out) {
  for (const shell::Comment& comment : program.comments) out.comments.push_back(comment.span);
  std::sort(out.comments.begin(), out.comments.end());
  out.statements = ShellStatements(out.source.text(), out.comments).of(program);
}

/// Comments and logical lines of Python. Behind what no Python reads, every `#` that begins a line
/// is taken for a comment: the file is broken anyway.
void read_python(Commented& out) {
  const std::string_view text = out.source.text();
  py::Lexer lexer(out.source.slice(out.range), out.range.begin);
  Statement statement;
  bool open = false;
  uint32_t reached = out.range.begin;
  for (py::Token token = lexer.next(); token.kind != py::TokenKind::end; token = lexer.next()) {
    reached = token.span.end;
    if (token.kind == py::TokenKind::indent || token.kind == py::TokenKind::dedent) continue;
    if (token.kind == py::TokenKind::newline) {
      if (open) out.statements.push_back(statement);
      open = false;
      continue;
    }
    if (!std::exchange(open, true)) statement.begin = token.span.begin;
    statement.end = statement.tail = token.span.end;
  }
  if (open) out.statements.push_back(statement);
  out.comments = lexer.comments();
  if (!lexer.error()) return;
  reached = std::max(
      {reached, lexer.error()->span.begin, out.comments.empty() ? 0 : out.comments.back().end});
  for (size_t line = text.find('\n', reached); line < out.range.end;
       line = text.find('\n', line + 1)) {
    const size_t first = text.find_first_not_of(kBlanks, line + 1);
    if (first >= out.range.end || text[first] != '#') continue;
    const size_t end = std::min<size_t>(text.find_first_of("\r\n", first), out.range.end);
    out.comments.push_back({static_cast<uint32_t>(first), static_cast<uint32_t>(end)});
  }
}

/// Lines that are neither blank nor comments; one that ends in a backslash goes on.
std::vector<Statement> lines(std::string_view text) {
  std::vector<Statement> out;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    const size_t first = text.find_first_not_of(kBlanks, at);
    if (first < end && text[first] != '#') {
      size_t last = text.find_last_not_of('\r', end == 0 ? 0 : end - 1);
      while (end < text.size() && last != std::string_view::npos && text[last] == '\\') {
        end = std::min(text.find('\n', end + 1), text.size());
        last = text.find_last_not_of('\r', end - 1);
      }
      out.push_back(
          {static_cast<uint32_t>(first), static_cast<uint32_t>(end), static_cast<uint32_t>(end)});
    }
    at = end + 1;
  }
  return out;
}

Span whole(const Source& source) { return {0, static_cast<uint32_t>(source.text().size())}; }

Commented start(Source source) {
  Commented out;
  out.range = whole(source);
  out.source = std::move(source);
  return out;
}

void read_notebook(const notebook::Notebook& book, std::vector<Commented>& out) {
  for (const Span piece : book.pieces) {
    Commented cell;
    cell.source = book.program;
    cell.range = piece;
    read_python(cell);
    out.push_back(std::move(cell));
  }
  for (const notebook::Item& item : book.items) {
    Commented one = start(item.text);
    read_shell(shell::parse(one.source.text(), shell::Dialect::bash), one);
    out.push_back(std::move(one));
  }
}

void read_file(const File& file, std::vector<Commented>& out) {
  Commented one = start(Source(file));
  one.whole_file = true;
  if (file.kind == FileKind::shell) {
    read_shell(shell::parse(file.bytes, project::script_start(file).dialect), one);
  } else if (file.kind == FileKind::python) {
    read_python(one);
  } else {
    one.comments = hash_comments(file.bytes, file.kind == FileKind::pyproject ||
                                                 file.kind == FileKind::conda_environment ||
                                                 file.kind == FileKind::config);
    one.statements = lines(file.bytes);
  }
  out.push_back(std::move(one));
}

}  // namespace

std::vector<Span> hash_comments(std::string_view text, bool quotes) {
  std::vector<Span> out;
  char quote = '\0';
  for (size_t i = 0; i < text.size(); ++i) {
    const char before = i == 0 ? '\n' : text[i - 1];
    if (text[i] == '\n') {
      quote = '\0';
    } else if (quote != '\0') {
      if (text[i] == '\\' && quote == '"')
        ++i;
      else if (text[i] == quote)
        quote = '\0';
    } else if (quotes && (text[i] == '"' || text[i] == '\'')) {
      // An apostrophe within a word opens nothing.
      if (std::string_view(" \t\n[]{}(),:=-\"'").find(before) != std::string_view::npos)
        quote = text[i];
    } else if (text[i] == '#' && (before == ' ' || before == '\t' || before == '\n')) {
      const size_t end = std::min(text.find_first_of("\r\n", i), text.size());
      out.push_back({static_cast<uint32_t>(i), static_cast<uint32_t>(end)});
      i = end - 1;
    }
  }
  return out;
}

std::vector<Commented> commented_texts(const File& file, const project::Program& program) {
  std::vector<Commented> out;
  if (file.kind == FileKind::notebook) {
    if (const auto book = notebook::read(file)) read_notebook(*book, out);
  } else {
    read_file(file, out);
  }
  // A text that is run twice is one text.
  std::set<Span> seen;
  for (const Commented& one : out) seen.insert(one.source.outer(one.range));
  for (const Unit& unit : program.units) {
    if (!unit.parent || unit.file().path != file.path) continue;
    Commented one = start(unit.source);
    if (!seen.insert(one.source.outer(one.range)).second) continue;
    if (unit.kind == UnitKind::shell && unit.shell)
      read_shell(*unit.shell, one);
    else if (unit.kind == UnitKind::python)
      read_python(one);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace preflint::engine
