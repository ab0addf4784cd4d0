#include <vector>

#include "model/python/machine.h"

namespace preflint::py {

/// What a comparison with a constant says of a variable that is one of several records:
/// `if spec.name == "widgets":` leaves in the branch those records whose `name` may be that, and
/// outside it the others. Then what is put together of several fields is of one record.
void Machine::narrow(const Expr& test, bool taken) {
  if (test.kind == ExprKind::unary && test.op == Op::not_) return narrow(*test.children[0], !taken);
  if (test.kind == ExprKind::boolean) {
    const Op all = taken ? Op::and_ : Op::or_;
    for (const Op op : test.ops) {
      if (op != all) return;
    }
    for (const Expr* part : test.children) narrow(*part, taken);
    return;
  }
  if (test.kind != ExprKind::compare || test.ops.size() != 1 ||
      (test.ops[0] != Op::eq && test.ops[0] != Op::ne))
    return;
  const Expr& field = *test.children[0];
  const Expr& constant = *test.children[1];
  if (field.kind != ExprKind::attribute || field.children[0]->kind != ExprKind::name ||
      (constant.kind != ExprKind::string && constant.kind != ExprKind::integer))
    return;
  const std::string name(field.children[0]->text);
  const Value* record = heap_.get(activation_->scope, name);
  if (!record || record->type != Type::either) return;
  const Value wanted = eval(constant);
  std::optional<Value> kept;
  for (const Value& one : record->items()) {
    if (one.type != Type::instance || !one.object) return;
    const Value* held = heap_.get(one.object, field.text);
    const Tri same = held && !held->assumed ? compare_two(test.ops[0], *held, wanted) : Tri::maybe;
    if (same != tri(!taken)) kept = kept ? kept->joined(one) : one;
  }
  if (!kept) return;
  kept->assumed |= record->assumed;
  kept->call = record->call;
  heap_.set(activation_->scope, name, *std::move(kept));
}

}  // namespace preflint::py
