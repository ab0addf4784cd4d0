#include <algorithm>

#include "model/python/machine.h"

namespace preflint::py {

Value Machine::boolean(const Expr& e) {
  FrameScope restore(*this);
  const size_t mark = heap_.mark();
  std::vector<Delta> outcomes;
  int forks = 0;
  Value left = eval(*e.children[0]);
  std::optional<Value> result;  // of operands that may have ended it
  const auto expected_of = [&](size_t operand) {
    return e.children[operand]->kind == ExprKind::boolean ? expected_ : left.expected();
  };
  Tri expected = expected_of(0);
  for (size_t i = 0; i < e.ops.size(); ++i) {
    learn_tested(left);
    const Tri truth = left.assumed ? Tri::maybe : left.truth();
    settle(*e.children[i], truth);
    const Tri stop = e.ops[i] == Op::or_ ? truth : !truth;
    if (stop == Tri::yes) {
      if (i + 1 < e.ops.size() && e.ops[i + 1] != e.ops[i]) continue;
      break;
    }
    if (stop == Tri::maybe) {
      // The part of the left side that can be the result.
      std::optional<Value> kept;
      for (const Value& one : left.alternatives()) {
        const Tri ends = e.ops[i] == Op::or_ ? one.truth() : !one.truth();
        if (ends != Tri::no || left.assumed) kept = kept ? kept->joined(one) : one;
      }
      if (kept) {
        kept->assumed |= left.assumed;
        result = result ? result->joined(*kept) : *kept;
      }
      outcomes.push_back(heap_.changes(mark));
      if (forks == 0) ++forks, ++activation_->forks;
      Frame& frame = push(FrameKind::condition, e.children[i]->span);
      frame.mentions = mentions(*e.children[i]);
      frame.taken = e.ops[i] == Op::and_;
      frame.unexpected = expected == (frame.taken ? Tri::no : Tri::yes);
      frame.by_default = expected == tri(frame.taken);
    }
    left = eval(*e.children[i + 1]);
    settle(*e.children[i + 1], left.assumed ? Tri::maybe : left.truth());
    const Tri right = expected_of(i + 1);
    expected = e.ops[i] == Op::and_ ? expected & right : expected | right;
  }
  expected_ = expected;
  activation_->forks -= forks;
  if (!outcomes.empty()) {
    outcomes.push_back(heap_.changes(mark));
    heap_.undo(mark);
    heap_.join(outcomes);
  }
  return result ? result->joined(left) : left;
}

Value Machine::conditional(const Expr& e) {
  const Tri truth = test(*e.children[1]);
  const Tri expected = expected_;
  if (truth == Tri::yes) return eval(*e.children[0]);
  if (truth == Tri::no) return eval(*e.children[2]);
  FrameScope restore(*this);
  const size_t mark = heap_.mark();
  ++activation_->forks;
  Frame& yes = push(FrameKind::condition, e.children[1]->span);
  yes.mentions = mentions(*e.children[1]);
  yes.undecided = undecided(*e.children[1]);
  yes.unexpected = expected == Tri::no;
  yes.by_default = expected == Tri::yes;
  const Value a = eval(*e.children[0]);
  const Delta first = heap_.changes(mark);
  heap_.undo(mark);
  frame_ = restore.saved;
  Frame& no = push(FrameKind::condition, e.children[1]->span);
  no.mentions = yes.mentions;
  no.taken = false;
  no.undecided = yes.undecided;
  no.unexpected = expected == Tri::yes;
  no.by_default = expected == Tri::no;
  const Value b = eval(*e.children[2]);
  const Delta second = heap_.changes(mark);
  heap_.undo(mark);
  heap_.join({first, second});
  --activation_->forks;
  return a.joined(b);
}

namespace {

/// What an outside call gives may be None, unless it makes an object: `Model()`,
/// `Model.from_pretrained(…)`.
bool may_be_none(const Value& value) {
  if (value.type != Type::reference) return false;
  const std::string_view call = value.origin(), callee = call.substr(0, call.find('('));
  if (callee == call) return false;
  if (callee.size() + 2 != call.size()) return true;  // of what another call gave
  const std::string_view name = callee.substr(callee.rfind('.') + 1);
  return name != "from_pretrained" && (name.empty() || name[0] < 'A' || name[0] > 'Z');
}

}  // namespace

Tri Machine::compare_two(Op op, const Value& a, const Value& b) {
  if (compare_depth_ > 30 || !step()) return Tri::maybe;
  const auto flip = [&](Tri t, bool yes) { return yes ? t : !t; };
  const auto singleton = [](const Value& v) {
    return v.type == Type::none || v.type == Type::boolean;
  };
  const bool several = a.type == Type::either || b.type == Type::either;
  // What all pairs of those that they may be agree on.
  const auto across = [&] {
    std::optional<Tri> all;
    for (const Value& x : a.alternatives()) {
      for (const Value& y : b.alternatives()) {
        const Tri one = compare_two(op, x, y);
        all = all ? join(*all, one) : one;
      }
    }
    return *all;
  };
  switch (op) {
    case Op::is:
    case Op::is_not: {
      if (several) return across();
      if (a.is_unknown() || b.is_unknown()) return Tri::maybe;
      if (singleton(a) && singleton(b))
        return flip(tri(a.type == b.type && a.number == b.number), op == Op::is);
      if (may_be_none(a) || may_be_none(b)) return Tri::maybe;
      if (singleton(a) || singleton(b)) return flip(Tri::no, op == Op::is);
      return Tri::maybe;
    }
    case Op::in:
    case Op::not_in: {
      if (b.type == Type::string && a.type == Type::string) {
        const auto x = a.constant(), y = b.constant();
        if (!x || !y) return Tri::maybe;
        return flip(tri(y->find(*x) != y->npos), op == Op::in);
      }
      if (b.is_reference("os.environ")) {
        const auto key = a.constant();
        const Value* found = key ? heap_.get(environment_, *key) : nullptr;
        if (!found || found->maybe_missing) return Tri::maybe;
        return flip(tri(!found->is_none()), op == Op::in);
      }
      const bool collection = b.type == Type::list || b.type == Type::tuple ||
                              b.type == Type::set || b.type == Type::dict;
      if (!collection) return Tri::maybe;
      const auto elements =
          b.type == Type::set && !live_open(b) ? std::optional(live_items(b)) : elements_of(b);
      Tri out = elements ? Tri::no : Tri::maybe;
      if (elements) {
        for (const Value& element : *elements) {
          out = out | compare_two(Op::eq, a, element);
        }
      }
      return flip(out, op == Op::in);
    }
    default:
      break;
  }
  if (several) return across();
  if (a.is_number() && b.is_number()) {
    const double x = a.type == Type::real ? a.real : static_cast<double>(a.number);
    const double y = b.type == Type::real ? b.real : static_cast<double>(b.number);
    switch (op) {
      case Op::eq:
        return tri(x == y);
      case Op::ne:
        return tri(x != y);
      case Op::lt:
        return tri(x < y);
      case Op::le:
        return tri(x <= y);
      case Op::gt:
        return tri(x > y);
      case Op::ge:
        return tri(x >= y);
      default:
        return Tri::maybe;
    }
  }
  if (a.is_string() && b.is_string() && a.is_path == b.is_path) {
    const preflint::Value& x = a.payload->text;
    const preflint::Value& y = b.payload->text;
    const auto c = x.constant(), d = y.constant();
    if (c && d) {
      switch (op) {
        case Op::eq:
          return tri(*c == *d);
        case Op::ne:
          return tri(*c != *d);
        case Op::lt:
          return tri(*c < *d);
        case Op::le:
          return tri(*c <= *d);
        case Op::gt:
          return tri(*c > *d);
        case Op::ge:
          return tri(*c >= *d);
        default:
          return Tri::maybe;
      }
    }
    if (op != Op::eq && op != Op::ne) return Tri::maybe;
    const auto xs = x.constants(), ys = y.constants();
    if (xs.empty() || ys.empty()) return Tri::maybe;
    for (const std::string& one : xs) {
      if (std::find(ys.begin(), ys.end(), one) != ys.end()) return Tri::maybe;
    }
    return tri(op == Op::ne);
  }
  const auto plain = [](const Value& v) {
    return v.is_number() || v.is_string() || v.is_none() || v.type == Type::tuple ||
           v.type == Type::list || v.type == Type::dict;
  };
  if (op == Op::eq || op == Op::ne) {
    if ((a.type == Type::list || a.type == Type::tuple) && a.type == b.type) {
      const auto x = elements_of(a), y = elements_of(b);
      if (!x || !y) return Tri::maybe;
      Tri same = tri(x->size() == y->size());
      for (size_t i = 0; i < x->size() && same == Tri::yes; ++i) {
        ++compare_depth_;
        same = compare_two(Op::eq, (*x)[i], (*y)[i]);
        --compare_depth_;
      }
      return op == Op::eq ? same : !same;
    }
    if (a.is_none() && b.is_none()) return tri(op == Op::eq);
    const bool comparable = a.is_number() == b.is_number() && a.type == b.type;
    if (plain(a) && plain(b) && !comparable && a.is_path == b.is_path) return tri(op == Op::ne);
  }
  return Tri::maybe;
}

Value Machine::compare(const Expr& e) {
  Value left = eval(*e.children[0]);
  Tri out = Tri::yes, expected = Tri::yes;
  const auto usual = [](const Value& value) -> const Value& {
    return value.is_unknown() && !value.items().empty() ? value.items()[0] : value;
  };
  bool assumed = false;
  int call = left.call;
  for (size_t i = 0; i < e.ops.size(); ++i) {
    if (!step()) return {};
    const Value right = eval(*e.children[i + 1]);
    learn_tested(left);
    learn_tested(right);
    assumed |= left.assumed || right.assumed;
    const Tri here = compare_two(e.ops[i], left, right);
    out = out & here;
    const bool same = &usual(left) == &left && &usual(right) == &right;
    expected = expected & (same ? here : compare_two(e.ops[i], usual(left), usual(right)));
    left = right;
  }
  Value result = out == Tri::maybe ? Value() : Value::boolean(out == Tri::yes);
  if (out == Tri::maybe && expected != Tri::maybe)
    result = Value::unless_given("?", Value::boolean(expected == Tri::yes));
  result.assumed = assumed;
  result.call = call;
  return result;
}

}  // namespace preflint::py
