#include "project/python_statements.h"

#include <vector>

namespace preflint::project {
namespace {

using py::Stmt;
using py::StmtKind;

void push_bodies(const Stmt& s, std::vector<const Stmt*>& open) {
  for (const py::Body body : {s.body, s.orelse, s.final})
    open.insert(open.end(), body.begin(), body.end());
  for (const py::Block& block : s.blocks)
    open.insert(open.end(), block.body.begin(), block.body.end());
}

}  // namespace

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
