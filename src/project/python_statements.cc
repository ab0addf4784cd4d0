#include "project/python_statements.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "base/one_of.h"

namespace preflint::project {
namespace {

using py::Expr;
using py::ExprKind;
using py::Op;
using py::Stmt;
using py::StmtKind;

void push_bodies(const Stmt& s, std::vector<const Stmt*>& open) {
  for (const py::Body body : {s.body, s.orelse, s.final})
    open.insert(open.end(), body.begin(), body.end());
  for (const py::Block& block : s.blocks)
    open.insert(open.end(), block.body.begin(), block.body.end());
}

/// `break`, `return`, `raise`, `sys.exit()`: nothing runs behind it.
Rounds ended_by(const Stmt& s) {
  if (s.kind == StmtKind::break_) return Rounds::one;
  if (s.kind == StmtKind::return_ || s.kind == StmtKind::raise) return Rounds::last;
  if (s.kind != StmtKind::expression || s.exprs.empty() || s.exprs[0]->kind != ExprKind::call)
    return Rounds::many;
  const Expr& callee = *s.exprs[0]->children[0];
  const bool exits = one_of(callee.text, {"exit", "quit", "_exit"}) &&
                     (callee.kind == ExprKind::name || callee.kind == ExprKind::attribute);
  return exits ? Rounds::last : Rounds::many;
}

/// `epoch`, `epoch + 1`: each round has another.
bool counts_up(const Expr& expr, std::string_view counter) {
  if (expr.kind == ExprKind::name) return expr.text == counter;
  return expr.kind == ExprKind::binary && expr.children.size() == 2 &&
         (expr.ops[0] == Op::add || expr.ops[0] == Op::sub) &&
         counts_up(*expr.children[0], counter) && expr.children[1]->kind == ExprKind::integer;
}

/// Names that something in a loop gives a value.
std::set<std::string_view> assigned_in(const Stmt& loop) {
  std::set<std::string_view> out;
  std::vector<const Stmt*> open(loop.body.begin(), loop.body.end());
  while (!open.empty()) {
    const Stmt& s = *open.back();
    open.pop_back();
    push_bodies(s, open);
    std::vector<const Expr*> targets(s.exprs.begin(), s.exprs.end());
    if (s.kind == StmtKind::assign)
      targets.pop_back();
    else if (s.kind == StmtKind::for_ || s.kind == StmtKind::annotated ||
             s.kind == StmtKind::augmented)
      targets.resize(1);
    else
      continue;
    while (!targets.empty()) {
      const Expr* target = targets.back();
      targets.pop_back();
      if (!target) continue;
      if (target->kind == ExprKind::name || target->kind == ExprKind::attribute)
        out.insert(target->text);
      targets.insert(targets.end(), target->children.begin(), target->children.end());
    }
  }
  return out;
}

/// What no round of the loop changes: numbers, names and attributes, their sums and differences.
bool fixed_in(const Expr& expr, const std::set<std::string_view>& assigned) {
  switch (expr.kind) {
    case ExprKind::integer:
      return true;
    case ExprKind::name:
      return !assigned.contains(expr.text);
    case ExprKind::attribute:
      return !assigned.contains(expr.text) && fixed_in(*expr.children[0], assigned);
    case ExprKind::binary:
      return std::all_of(expr.children.begin(), expr.children.end(),
                         [&](const Expr* child) { return fixed_in(*child, assigned); });
    default:
      return false;
  }
}

/// The variable of a loop that no two rounds share: of `range`, the first of `enumerate`.
std::string_view counter_of(const Stmt& loop, const py::Module& module) {
  if (loop.kind != StmtKind::for_) return {};
  const std::string_view over = module.slice(loop.exprs[1]->span);
  const Expr* target = loop.exprs[0];
  if (over.starts_with("enumerate(") && target->kind == ExprKind::tuple &&
      !target->children.empty())
    target = target->children[0];
  else if (over.find("range(") == std::string_view::npos)
    return {};
  return target->kind == ExprKind::name ? target->text : std::string_view();
}

/// Does the condition hold in one round at most: `epoch == last`, `save and epoch == 20`?
bool holds_once(const Expr& test, std::string_view counter,
                const std::set<std::string_view>& assigned) {
  if (test.kind == ExprKind::boolean)
    return std::all_of(test.ops.begin(), test.ops.end(), [](Op op) { return op == Op::and_; }) &&
           std::any_of(test.children.begin(), test.children.end(),
                       [&](const Expr* child) { return holds_once(*child, counter, assigned); });
  if (test.kind != ExprKind::compare || test.children.size() != 2 || test.ops[0] != Op::eq)
    return false;
  const Expr &left = *test.children[0], &right = *test.children[1];
  return (counts_up(left, counter) && fixed_in(right, assigned)) ||
         (counts_up(right, counter) && fixed_in(left, assigned));
}

class RoundsOf {
 public:
  RoundsOf(const py::Module& module, const Stmt& loop, Span place)
      : place_(place), counter_(counter_of(loop, module)), assigned_(assigned_in(loop)) {}

  Rounds in(py::Body body) const {
    for (size_t i = 0; i < body.size(); ++i) {
      if (!body[i]->span.contains(place_)) continue;
      Rounds found = inside(*body[i]);
      for (size_t next = i + 1; next < body.size() && found == Rounds::many; ++next)
        found = ended_by(*body[next]);
      return found;
    }
    return Rounds::many;
  }

 private:
  Rounds inside(const Stmt& s) const {
    for (const py::Body body : {s.body, s.orelse, s.final}) {
      if (const Rounds found = in(body); found != Rounds::many) return found;
    }
    for (const py::Block& block : s.blocks) {
      const bool here = std::any_of(block.body.begin(), block.body.end(),
                                    [&](const Stmt* one) { return one->span.contains(place_); });
      if (!here) continue;
      const Rounds found = in(block.body);
      const bool once = s.kind == StmtKind::if_ && block.test && !counter_.empty() &&
                        holds_once(*block.test, counter_, assigned_);
      return found == Rounds::many && once ? Rounds::one : found;
    }
    return Rounds::many;
  }

  Span place_;
  std::string_view counter_;
  std::set<std::string_view> assigned_;
};

}  // namespace

void each_statement(const py::Module& module, const std::function<void(const Stmt&)>& visit) {
  std::vector<const Stmt*> open(module.body.begin(), module.body.end());
  while (!open.empty()) {
    const Stmt& s = *open.back();
    open.pop_back();
    push_bodies(s, open);
    visit(s);
  }
}

bool mentions(const Expr* expr, std::string_view name) {
  if (!expr) return false;
  if (expr->kind == ExprKind::name && expr->text == name) return true;
  return std::any_of(expr->children.begin(), expr->children.end(),
                     [&](const Expr* child) { return mentions(child, name); });
}

const Stmt* statement_at(const py::Module& module, uint32_t begin, StmtKind kind) {
  std::vector<const Stmt*> open(module.body.begin(), module.body.end());
  while (!open.empty()) {
    const Stmt* s = open.back();
    open.pop_back();
    if (s->span.begin == begin && s->kind == kind) return s;
    if (s->span.begin <= begin && begin < s->span.end) push_bodies(*s, open);
  }
  return nullptr;
}

const Stmt* statement_around(const py::Module& module, Span span) {
  const Stmt* found = nullptr;
  std::vector<const Stmt*> open(module.body.begin(), module.body.end());
  while (!open.empty()) {
    const Stmt* s = open.back();
    open.pop_back();
    if (s->span.begin > span.begin || s->span.end < span.end) continue;
    found = s;
    open.clear();
    push_bodies(*s, open);
  }
  return found;
}

const Stmt* loop_around(const py::Module& module, Span head) {
  std::vector<const Stmt*> open(module.body.begin(), module.body.end());
  while (!open.empty()) {
    const Stmt* s = open.back();
    open.pop_back();
    if (!s->span.contains(head)) continue;
    const bool loop = s->kind == StmtKind::for_ || s->kind == StmtKind::while_;
    if (loop && s->exprs[s->kind == StmtKind::for_ ? 1 : 0]->span.end == head.end) return s;
    push_bodies(*s, open);
  }
  return nullptr;
}

Rounds rounds_at(const py::Module& module, const Stmt& loop, Span place) {
  return RoundsOf(module, loop, place).in(loop.body);
}

const Expr* expression_at(const py::Module& module, Span span) {
  const Stmt* statement = statement_around(module, span);
  if (!statement) return nullptr;
  std::vector<const Expr*> open(statement->exprs.begin(), statement->exprs.end());
  for (const py::Block& block : statement->blocks) open.push_back(block.test);
  while (!open.empty()) {
    const Expr* at = open.back();
    open.pop_back();
    if (!at || !at->span.contains(span)) continue;
    if (at->span == span) return at;
    open.insert(open.end(), at->children.begin(), at->children.end());
  }
  return nullptr;
}

bool ends_program(py::Body body) {
  std::vector<const Stmt*> open;
  for (const Stmt* s : body) {
    const bool refuses = s->kind == StmtKind::expression && !s->exprs.empty() &&
                         s->exprs[0]->kind == ExprKind::call &&
                         s->exprs[0]->children[0]->kind == ExprKind::attribute &&
                         s->exprs[0]->children[0]->text == "error" &&
                         s->exprs[0]->children[0]->children[0]->text.ends_with("parser");
    if (refuses || (s->kind != StmtKind::return_ && ended_by(*s) == Rounds::last)) return true;
    // Another way out within it.
    for (open.assign(1, s); !open.empty();) {
      const Stmt* at = open.back();
      open.pop_back();
      if (at->kind == StmtKind::return_ || at->kind == StmtKind::break_ ||
          at->kind == StmtKind::continue_)
        return false;
      if (at->kind != StmtKind::function && at->kind != StmtKind::class_) push_bodies(*at, open);
    }
  }
  return false;
}

bool breaks(const Stmt& loop) {
  std::vector<const Stmt*> open(loop.body.begin(), loop.body.end());
  while (!open.empty()) {
    const Stmt* s = open.back();
    open.pop_back();
    if (s->kind == StmtKind::break_) return true;
    // A break in an inner loop, function or class is not this loop's.
    const bool other = s->kind == StmtKind::for_ || s->kind == StmtKind::while_ ||
                       s->kind == StmtKind::function || s->kind == StmtKind::class_;
    if (!other) push_bodies(*s, open);
  }
  return false;
}

}  // namespace preflint::project
