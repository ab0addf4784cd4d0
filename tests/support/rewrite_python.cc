#include <algorithm>
#include <cctype>
#include <set>

#include "project/file_kind.h"
#include "support/rewrite.h"
#include "syntax/python/parse.h"

namespace preflint::testing {
namespace {

using py::Expr;
using py::ExprKind;
using py::Stmt;
using py::StmtKind;

/// A script and what a walk over its tree has met, without recursion.
struct Script {
  std::string_view text;
  std::shared_ptr<const File> file;
  py::Module module;
  struct Held {
    const Stmt* statement;
    const Stmt* function;  // the innermost one around it
  };
  std::vector<Held> statements;
  struct Used {
    const Expr* expr;
    const Stmt* function;
    bool formatted;  // within an f-string
  };
  std::vector<Used> expressions;

  uint32_t line_begin(uint32_t at) const {
    const size_t newline = at == 0 ? text.npos : text.rfind('\n', at - 1);
    return newline == text.npos ? 0 : static_cast<uint32_t>(newline + 1);
  }
  bool begins_line(uint32_t at) const {
    return text.substr(line_begin(at), at - line_begin(at)).find_first_not_of(" \t") == text.npos;
  }
  /// A comment (perhaps a directive) or a decorator stands on the line above, or the line goes on
  /// from there.
  bool is_held_from_above(uint32_t at) const {
    const uint32_t line = line_begin(at);
    if (line == 0) return false;
    const size_t above = text.find_first_not_of(" \t", line_begin(line - 1));
    return text[above] == '#' || text[above] == '@' || (line >= 2 && text[line - 2] == '\\');
  }

  void walk() {
    std::vector<Held> open;
    std::vector<Used> exprs;
    const auto body = [&](py::Body list, const Stmt* function) {
      for (const Stmt* one : list) open.push_back({one, function});
    };
    const auto push = [&](const Expr* one, const Stmt* function, bool formatted) {
      if (one) exprs.push_back({one, function, formatted});
    };
    const auto parameters = [&](const py::Parameters* all, const Stmt* function) {
      if (!all) return;
      for (const py::Parameter& one : all->list) {
        push(one.annotation, function, false);
        push(one.fallback, function, false);
      }
    };
    body(module.body, nullptr);
    while (!open.empty() || !exprs.empty()) {
      if (!open.empty()) {
        const Held at = open.back();
        open.pop_back();
        statements.push_back(at);
        const Stmt& s = *at.statement;
        const Stmt* inner = s.kind == StmtKind::function ? &s : at.function;
        body(s.body, inner);
        body(s.orelse, inner);
        body(s.final, inner);
        for (const py::Block& block : s.blocks) {
          body(block.body, inner);
          push(block.test, at.function, false);
          push(block.target, at.function, false);
        }
        for (const Expr* one : s.exprs) push(one, at.function, false);
        for (const Expr* one : s.decorators) push(one, at.function, false);
        push(s.returns, at.function, false);
        parameters(s.parameters, at.function);
      } else {
        const Used at = exprs.back();
        exprs.pop_back();
        expressions.push_back(at);
        const bool formatted = at.formatted || at.expr->kind == ExprKind::fstring;
        for (const Expr* one : at.expr->children) push(one, at.function, formatted);
        for (const py::Clause& clause : at.expr->clauses) {
          push(clause.target, at.function, formatted);
          push(clause.iterable, at.function, formatted);
          for (const Expr* one : clause.conditions) push(one, at.function, formatted);
        }
        parameters(at.expr->parameters, at.function);
      }
    }
  }
};

std::map<std::string, Script> scripts(const Files& files) {
  std::map<std::string, Script> out;
  for (const auto& [path, text] : files) {
    auto kind = project::kind_by_name(path);
    if (!kind) kind = project::kind_by_shebang(text);
    if (kind != FileKind::python || text.find('\r') != text.npos) continue;
    Script script;
    script.text = text;
    script.file = std::make_shared<const File>(File{"/project/" + path, FileKind::python, text});
    script.module = py::parse(Source(*script.file));
    if (!script.module.errors.empty() || !script.module.partial.empty() ||
        script.module.body.empty())
      continue;
    script.walk();
    out.emplace(path, std::move(script));
  }
  return out;
}

/// The quoted text can be written between other quotes.
bool plain_string(std::string_view written) {
  if (written.size() < 2 || (written[0] != '\'' && written[0] != '"')) return false;
  if (written.size() > 2 && written[1] == written[0]) return false;  // '''…'''
  return written.back() == written[0] &&
         written.substr(1, written.size() - 2).find_first_of("'\"\\") == written.npos;
}

ChangesByPath before_statements(const Files& files, const std::string& line) {
  ChangesByPath out;
  for (const auto& [path, script] : scripts(files)) {
    for (const Script::Held& held : script.statements) {
      const uint32_t begin = held.statement->span.begin;
      // The first lines belong to the shebang, the encoding and `ignore-file`.
      if (begin == 0 || !script.begins_line(begin) || script.is_held_from_above(begin)) continue;
      out[path].insert(script.line_begin(begin), line);
    }
  }
  return out;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

size_t occurrences(std::string_view text, std::string_view name) {
  size_t out = 0;
  for (size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    out += (at == 0 || !is_word(text[at - 1])) &&
           (at + name.size() == text.size() || !is_word(text[at + name.size()]));
  }
  return out;
}

}  // namespace

namespace rewrite {

ChangesByPath python_comments(const Files& files) {
  return before_statements(files, "# A remark.\n");
}
ChangesByPath python_blank_lines(const Files& files) { return before_statements(files, "\n  \n"); }

ChangesByPath python_quotes(const Files& files) {
  ChangesByPath out;
  for (const auto& [path, script] : scripts(files)) {
    for (const Script::Used& used : script.expressions) {
      const Span span = used.expr->span;
      if (used.expr->kind != ExprKind::string || used.expr->bare || used.formatted) continue;
      if (!plain_string(script.text.substr(span.begin, span.size()))) continue;
      const std::string other = script.text[span.begin] == '"' ? "'" : "\"";
      out[path].replace({span.begin, span.begin + 1}, other);
      out[path].replace({span.end - 1, span.end}, other);
    }
  }
  return out;
}

ChangesByPath python_lines(const Files& files) {
  ChangesByPath out;
  for (const auto& [path, script] : scripts(files)) {
    for (const Script::Used& used : script.expressions) {
      if (used.expr->kind != ExprKind::call || used.formatted) continue;
      const auto& children = used.expr->children;
      for (size_t i = 2; i < children.size(); ++i) {
        const Span gap{children[i - 1]->span.end, children[i]->span.begin};
        if (gap.end > gap.begin && script.text.substr(gap.begin, gap.size()) == ", ")
          out[path].replace(gap, ",\n        ");
      }
    }
  }
  return out;
}

ChangesByPath python_condition(const Files& files) {
  ChangesByPath out;
  for (const auto& [path, script] : scripts(files)) {
    const std::string_view text = script.text;
    if (text.find("__future__") != text.npos || text.find("import *") != text.npos) continue;
    std::vector<Span> strings;
    for (const Script::Used& used : script.expressions) {
      const Span span = used.expr->span;
      const bool quoted = used.expr->kind == ExprKind::string ||
                          used.expr->kind == ExprKind::bytes ||
                          used.expr->kind == ExprKind::fstring;
      if (quoted && text.substr(span.begin, span.size()).find('\n') != text.npos)
        strings.push_back(span);
    }
    uint32_t begin = script.line_begin(script.module.body[0]->span.begin);
    while (begin > 0 && script.is_held_from_above(begin) && script.line_begin(begin - 1) > 0)
      begin = script.line_begin(begin - 1);
    if (begin == 0 && text.starts_with("#")) begin = static_cast<uint32_t>(text.find('\n') + 1);
    out[path].insert(begin, "if True:\n");
    for (uint32_t at = begin; at < text.size();) {
      const bool in_string = std::any_of(strings.begin(), strings.end(),
                                         [&](Span s) { return s.begin < at && at < s.end; });
      if (!in_string && text[at] != '\n') out[path].insert(at, "    ");
      const size_t newline = text.find('\n', at);
      at = newline == text.npos ? static_cast<uint32_t>(text.size())
                                : static_cast<uint32_t>(newline + 1);
    }
  }
  return out;
}

ChangesByPath python_names(const Files& files) {
  ChangesByPath out;
  for (const auto& [path, script] : scripts(files)) {
    // By name: every place, provided that all are plain names within one function.
    std::map<std::string, std::vector<Span>, std::less<>> places;
    std::map<std::string, std::set<const Stmt*>, std::less<>> functions;
    std::set<std::string, std::less<>> assigned;
    for (const Script::Used& used : script.expressions) {
      if (used.expr->kind != ExprKind::name) continue;
      places[std::string(used.expr->text)].push_back(used.expr->span);
      functions[std::string(used.expr->text)].insert(used.function);
    }
    for (const Script::Held& held : script.statements) {
      if (held.statement->kind != StmtKind::assign || !held.function) continue;
      for (size_t i = 0; i + 1 < held.statement->exprs.size(); ++i) {
        if (held.statement->exprs[i]->kind == ExprKind::name)
          assigned.emplace(held.statement->exprs[i]->text);
      }
    }
    for (const std::string& name : assigned) {
      if (functions[name].size() != 1 || occurrences(script.text, name) != places[name].size())
        continue;
      for (const Span span : places[name]) out[path].replace(span, name + "_2");
    }
  }
  return out;
}

}  // namespace rewrite
}  // namespace preflint::testing
