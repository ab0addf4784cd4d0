#include <algorithm>
#include <array>
#include <charconv>

#include "model/python/machine.h"

namespace preflint::py {
namespace {

constexpr std::array<std::string_view, 71> kBuiltins = {"ArithmeticError",
                                                        "AttributeError",
                                                        "Exception",
                                                        "FileNotFoundError",
                                                        "ImportError",
                                                        "IndexError",
                                                        "KeyError",
                                                        "KeyboardInterrupt",
                                                        "NotImplementedError",
                                                        "OSError",
                                                        "RuntimeError",
                                                        "StopIteration",
                                                        "TypeError",
                                                        "ValueError",
                                                        "abs",
                                                        "all",
                                                        "any",
                                                        "ascii",
                                                        "bin",
                                                        "bool",
                                                        "bytearray",
                                                        "bytes",
                                                        "callable",
                                                        "chr",
                                                        "classmethod",
                                                        "compile",
                                                        "complex",
                                                        "delattr",
                                                        "dict",
                                                        "dir",
                                                        "divmod",
                                                        "enumerate",
                                                        "eval",
                                                        "exec",
                                                        "exit",
                                                        "filter",
                                                        "float",
                                                        "format",
                                                        "frozenset",
                                                        "getattr",
                                                        "globals",
                                                        "hasattr",
                                                        "hash",
                                                        "hex",
                                                        "id",
                                                        "input",
                                                        "int",
                                                        "isinstance",
                                                        "issubclass",
                                                        "iter",
                                                        "len",
                                                        "list",
                                                        "locals",
                                                        "map",
                                                        "max",
                                                        "min",
                                                        "next",
                                                        "object",
                                                        "oct",
                                                        "open",
                                                        "ord",
                                                        "pow",
                                                        "print",
                                                        "property",
                                                        "quit",
                                                        "range",
                                                        "repr",
                                                        "reversed",
                                                        "round",
                                                        "set",
                                                        "setattr"};
constexpr std::array<std::string_view, 10> kMoreBuiltins = {
    "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "type", "vars", "zip"};

template <size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

Value number(std::string_view written, bool integer) {
  std::string digits;
  for (char c : written) {
    if (c != '_') digits += c;
  }
  if (integer) {
    int base = 10;
    size_t skip = 0;
    if (digits.size() > 2 && digits[0] == '0') {
      const char kind = static_cast<char>(digits[1] | 0x20);
      base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 10;
      if (base != 10) skip = 2;
    }
    int64_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data() + skip, digits.data() + digits.size(), value, base);
    if (error != std::errc() || end != digits.data() + digits.size()) return {};
    return Value::integer(value);
  }
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return {};
  return Value::floating(value);
}

}  // namespace

Value Machine::make_collection(Type type, std::vector<Value> items, bool open) {
  if (type == Type::tuple) return Value::collection(type, std::move(items), open);
  Value out = Value::of(type);
  out.object = heap_.make(type == Type::dict  ? Object::dict
                          : type == Type::set ? Object::set
                                              : Object::list);
  Work::done(items.size() * Work::kItem);
  if (items.size() > 1200) {
    items.clear();
    open = true;
  }
  out.object->items = std::move(items);
  out.object->open = open;
  if (heap_.size() > 300'000) {
    trace_.incomplete = true;
    stopped_ = true;
  }
  return out;
}

/// A value as it is now, for an event: lists and objects copied, some levels deep.
Value Machine::freeze(const Value& v, int depth) {
  const bool nested = v.type == Type::tuple || v.type == Type::either;
  if (!v.object && !nested) return v;
  if (v.type == Type::class_ || v.type == Type::module || v.type == Type::function) return v;
  Value out = v;
  out.object = nullptr;
  if (depth == 0) freeze_budget_ = std::min(2000, kMaxFrozen - frozen_);
  if (!v.object) {
    freeze_contents(v, depth, out);
    return out;
  }
  Snapshot& known = snapshots_[{v.object, depth}];
  const bool same = known.payload && known.changes == heap_.changes() && known.of.type == v.type &&
                    known.of.open == v.open && known.of.payload == v.payload;
  if (same && known.spent < freeze_budget_) {
    freeze_budget_ -= known.spent;
    out.payload = known.payload;
    out.open = known.open;
    return out;
  }
  const int before = freeze_budget_;
  freeze_contents(v, depth, out);
  // What the budget has cut off is no copy for another event.
  known = freeze_budget_ > 0
              ? Snapshot{heap_.changes(), v, out.payload, out.open, before - freeze_budget_}
              : Snapshot();
  return out;
}

void Machine::freeze_contents(const Value& v, int depth, Value& out) {
  Payload payload;
  if (v.payload) payload = *v.payload;
  payload.items.clear();
  ++frozen_;
  if (depth < 4 && freeze_budget_ > 0) {
    if (v.type == Type::instance && v.object) {
      for (const auto& [name, value] : v.object->fields) {
        if (payload.items.size() >= 400 || --freeze_budget_ <= 0) break;
        payload.items.push_back(Value::string(name));
        payload.items.push_back(freeze(value, depth + 2));
      }
      if (v.object->of) payload.origin = v.object->of->name;
    } else {
      for (const Value& item : live_items(v)) {
        if (payload.items.size() >= 200 || --freeze_budget_ <= 0) break;
        payload.items.push_back(freeze(item, depth + 1));
      }
      out.open = live_open(v) || payload.items.size() < live_items(v).size();
    }
  } else {
    out.open = true;
  }
  out.payload = std::make_shared<const Payload>(std::move(payload));
}

Object* Machine::module_scope() {
  Object* scope = activation_->scope;
  while (scope->parent) scope = scope->parent;
  return scope;
}

Value Machine::lookup(std::string_view name) {
  Object* scope = activation_->scope;
  if (activation_->globals.contains(name)) scope = module_scope();
  for (bool first = true; scope; scope = scope->parent, first = false) {
    // A class body's names are not seen from its methods.
    if (scope->kind == Object::class_ && !first) continue;
    if (const Value* found = heap_.get(scope, name)) return *found;
  }
  if (name == "__debug__") return Value::boolean(true);
  if (one_of(name, kBuiltins) || one_of(name, kMoreBuiltins)) {
    return Value::reference("builtins." + std::string(name));
  }
  if (name == "get_ipython" || name == "__notebook_item__") {
    return Value::reference(name == "get_ipython" ? "IPython.get_ipython" : "__notebook_item__");
  }
  ++risks_;
  return Value::unknown(name);
}

Value Machine::eval(const Expr& e) {
  if (!step()) return {};
  ++depth_;
  Value out = eval_inner(e);
  --depth_;
  if (out.type == Type::string)
    steps_ += 4 * (out.weight - 1);  // long texts cost what many short ones do
  return out;
}

Value Machine::eval_inner(const Expr& e) {
  switch (e.kind) {
    case ExprKind::name:
      return lookup(e.text);
    case ExprKind::attribute:
      return attribute(eval(*e.children[0]), e.text);
    case ExprKind::call:
      return call(e, false);
    case ExprKind::subscript:
      return subscript(e);
    case ExprKind::string:
      return string_literal(e);
    case ExprKind::bytes:
      return Value::of(Type::bytes);
    case ExprKind::fstring:
      return fstring(e);
    case ExprKind::integer:
      return number(e.text, true);
    case ExprKind::real:
      return number(e.text, false);
    case ExprKind::true_:
      return Value::boolean(true);
    case ExprKind::false_:
      return Value::boolean(false);
    case ExprKind::none:
      return Value::none();
    case ExprKind::list:
    case ExprKind::tuple:
    case ExprKind::set: {
      std::vector<Value> items;
      bool open = false;
      for (const Expr* child : e.children) {
        if (child->kind != ExprKind::star) {
          items.push_back(eval(*child));
          continue;
        }
        const auto more = elements_of(eval(*child->children[0]));
        if (more && items.size() + more->size() < 500)
          items.insert(items.end(), more->begin(), more->end());
        else
          open = true;
      }
      if (open) items.clear();
      return make_collection(e.kind == ExprKind::list  ? Type::list
                             : e.kind == ExprKind::set ? Type::set
                                                       : Type::tuple,
                             std::move(items), open);
    }
    case ExprKind::dict: {
      Value made = make_collection(Type::dict, {});
      for (size_t i = 0; i + 1 < e.children.size(); i += 2) {
        if (!e.children[i + 1]) continue;
        if (e.children[i]) {
          const Value key = eval(*e.children[i]);
          assign_item(made, key, eval(*e.children[i + 1]), e.children[i]->span,
                      e.children[i + 1]->span);
          continue;
        }
        const Value other = eval(*e.children[i + 1]);
        if (other.type != Type::dict || live_open(other)) {
          heap_.set_items(made.object, made.object->items, true);
          continue;
        }
        const std::vector<Value> items = live_items(other);
        for (size_t k = 0; k + 1 < items.size(); k += 2)
          assign_item(made, items[k], items[k + 1], e.span, e.span);
      }
      return made;
    }
    case ExprKind::unary: {
      if (e.op == Op::not_) {
        const Tri truth = test(*e.children[0]);
        if (truth != Tri::maybe) return Value::boolean(truth == Tri::no);
        if (expected_ == Tri::maybe) return {};
        return Value::unless_given("?", Value::boolean(expected_ == Tri::no));
      }
      return unary(e.op, eval(*e.children[0]));
    }
    case ExprKind::binary: {
      if (e.children.empty()) return {};
      Value left = eval(*e.children[0]);
      for (size_t i = 0; i < e.ops.size(); ++i) {
        if (!step()) return {};
        left = binary(e.ops[i], left, eval(*e.children[i + 1]));
      }
      return left;
    }
    case ExprKind::boolean:
      return boolean(e);
    case ExprKind::compare:
      return compare(e);
    case ExprKind::conditional:
      return conditional(e);
    case ExprKind::lambda:
      return lambda(e);
    case ExprKind::walrus: {
      Value value = eval(*e.children[0]);
      bind(e.text, value);
      return value;
    }
    case ExprKind::list_comp:
    case ExprKind::set_comp:
    case ExprKind::dict_comp:
    case ExprKind::generator:
      return comprehension(e);
    case ExprKind::await:
      return eval(*e.children[0]);
    case ExprKind::yield:
    case ExprKind::yield_from:
      for (const Expr* child : e.children) eval(*child);
      return {};
    case ExprKind::star:
    case ExprKind::double_star:
    case ExprKind::keyword:
      if (!e.children.empty()) eval(*e.children[0]);
      return {};
    default:
      return {};
  }
}

/// Evaluates a condition. A value that only a default supports decides nothing.
Tri Machine::test(const Expr& e) {
  const Value value = eval(e);
  learn_tested(value);
  if (e.kind != ExprKind::boolean) expected_ = value.expected();
  return value.assumed ? Tri::maybe : value.truth();
}

Value Machine::string_literal(const Expr& e) {
  if (e.inexact) return {};
  Payload payload;
  Work::done(e.text.size());
  payload.text = preflint::Value::literal(e.text);
  payload.written.push_back({activation_->file, &e, e.span, {}});
  Value out = Value::of(Type::string);
  out.payload = std::make_shared<const Payload>(std::move(payload));
  return out;
}

Value Machine::fstring(const Expr& e) {
  Payload payload;
  bool assumed = false, exact = true;
  for (const Expr* part : e.children) {
    if (!step()) return {};
    if (part->kind == ExprKind::string) {
      if (part->inexact) {
        payload.text = payload.text.concatenated(preflint::Value::unknown());
        exact = false;
        continue;
      }
      payload.text = payload.text.concatenated(preflint::Value::literal(part->text));
      payload.written.push_back({activation_->file, part, part->span, {}});
      continue;
    }
    const Value value = eval(*part->children[0]);
    assumed |= value.assumed;
    preflint::Value text;
    if (part->text == "=") {
      text = preflint::Value::unknown();
    } else {
      preflint::Value spec;
      if (part->children[1]) spec = fstring(*part->children[1]).text();
      const auto constant = spec.constant();
      text = constant ? format_value(value, *constant, part->text) : preflint::Value::unknown();
    }
    // A hole that has no better name is called as it is written.
    const std::string_view written = activation_->file->syntax.slice(part->children[0]->span);
    if (text.unknown_whole() && text.display() == "{?}" && written.size() <= 40) {
      text = preflint::Value::unknown(written);
    }
    payload.text = payload.text.concatenated(text);
    if (text.alternatives().size() == 1) {
      payload.written.push_back({activation_->file, nullptr, part->span, text.alternatives()[0]});
    } else {
      payload.written.push_back(
          {activation_->file, nullptr, part->span, Text::hole(written.substr(0, 40))});
    }
  }
  if (!exact) payload.written.clear();
  Value out = Value::of(Type::string);
  out.assumed = assumed;
  out.payload = std::make_shared<const Payload>(std::move(payload));
  return out;
}

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
    }
    left = eval(*e.children[i + 1]);
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
  yes.unexpected = expected == Tri::no;
  const Value a = eval(*e.children[0]);
  const Delta first = heap_.changes(mark);
  heap_.undo(mark);
  frame_ = restore.saved;
  Frame& no = push(FrameKind::condition, e.children[1]->span);
  no.mentions = yes.mentions;
  no.taken = false;
  no.unexpected = expected == Tri::yes;
  const Value b = eval(*e.children[2]);
  const Delta second = heap_.changes(mark);
  heap_.undo(mark);
  heap_.join({first, second});
  --activation_->forks;
  return a.joined(b);
}

Tri Machine::compare_two(Op op, const Value& a, const Value& b) {
  if (compare_depth_ > 30 || !step()) return Tri::maybe;
  const auto flip = [&](Tri t, bool yes) { return yes ? t : !t; };
  const auto singleton = [](const Value& v) {
    return v.type == Type::none || v.type == Type::boolean;
  };
  switch (op) {
    case Op::is:
    case Op::is_not: {
      if (a.type == Type::either || b.type == Type::either) {
        std::optional<Tri> all;
        for (const Value& x : a.alternatives()) {
          for (const Value& y : b.alternatives()) {
            const Tri one = compare_two(op, x, y);
            all = all ? join(*all, one) : one;
          }
        }
        return *all;
      }
      if (a.is_unknown() || b.is_unknown()) return Tri::maybe;
      if (singleton(a) && singleton(b))
        return flip(tri(a.type == b.type && a.number == b.number), op == Op::is);
      // An outside call may give None.
      if ((a.type == Type::reference && a.origin().find('(') != std::string_view::npos) ||
          (b.type == Type::reference && b.origin().find('(') != std::string_view::npos)) {
        return Tri::maybe;
      }
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
        return flip(Tri::yes, op == Op::in);
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
  if (a.type == Type::either || b.type == Type::either) {
    std::optional<Tri> all;
    for (const Value& x : a.alternatives()) {
      for (const Value& y : b.alternatives()) {
        const Tri one = compare_two(op, x, y);
        all = all ? join(*all, one) : one;
      }
    }
    return *all;
  }
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

Value Machine::lambda(const Expr& e) {
  Function* function = heap_.make_function();
  function->name = function->short_name = "<lambda>";
  function->parameters = e.parameters;
  function->lambda = e.children[0];
  function->file = activation_->file;
  function->scope = activation_->scope;
  if (activation_->file == &trace_.main() && !quiet()) functions_.push_back(function);
  for (const Parameter& parameter : e.parameters->list) {
    function->defaults.push_back(parameter.fallback ? eval(*parameter.fallback) : Value());
  }
  Value out = Value::of(Type::function);
  out.function = function;
  return out;
}

Value Machine::subscript(const Expr& e) {
  const Value base = eval(*e.children[0]);
  if (e.children[1]->kind == ExprKind::slice) return slice(base, *e.children[1]);
  return item(base, eval(*e.children[1]));
}

Value Machine::item(const Value& base, const Value& key) {
  if (base.is_reference("os.environ")) return read_environment(key.text(), nullptr, true);
  if (base.type == Type::either) {
    std::optional<Value> out;
    for (const Value& one : base.items()) {
      if (one.is_none()) continue;
      const Value part = item(one, key);
      out = out ? out->joined(part) : part;
    }
    return out.value_or(Value());
  }
  if (base.type == Type::reference) {
    const std::string_view origin = base.origin();
    if (origin.find('(') == std::string_view::npos && !origin.starts_with("sys."))
      return base;  // List[int]
    ++risks_;
    std::string index = key.constant()              ? *key.constant()
                        : key.type == Type::integer ? std::to_string(key.number)
                                                    : "";
    if (origin.size() > 300) return {};
    return Value::reference(std::string(origin) + "[" + index + "]", base.call);
  }
  if (base.type == Type::dict) {
    const std::vector<Value>& items = live_items(base);
    const bool known = key.constant() || key.type == Type::integer || key.type == Type::boolean;
    for (size_t i = 0; known && i + 1 < items.size(); i += 2) {
      if (compare_two(Op::eq, items[i], key) == Tri::yes) {
        Value out = items[i + 1];
        out.assumed |= key.assumed;
        return out;
      }
    }
    // An unknown key: any of the values, when all are known.
    const auto texts = [&] {
      for (size_t i = 1; i < items.size(); i += 2) {
        if (!items[i].is_string()) return false;
      }
      return items.size() <= 128;
    };
    if (!known && !live_open(base) && !items.empty() && (items.size() <= 12 || texts())) {
      Value out = items[1];
      for (size_t i = 3; i < items.size(); i += 2) out = out.joined(items[i]);
      return out;
    }
    ++risks_;
    return key.constant() ? Value::unknown(*key.constant()) : Value();
  }
  const auto elements = elements_of(base);
  if (elements && (key.type == Type::integer || key.type == Type::boolean)) {
    const auto size = static_cast<int64_t>(elements->size());
    const int64_t at = key.number < 0 ? key.number + size : key.number;
    if (at >= 0 && at < size) return (*elements)[static_cast<size_t>(at)];
  }
  const bool list = base.type == Type::list || base.type == Type::tuple;
  if (list && key.type == Type::integer && key.number >= 0 &&
      static_cast<size_t>(key.number) < live_items(base).size()) {
    return live_items(base)[static_cast<size_t>(key.number)];  // a known beginning
  }
  if (base.type == Type::instance && base.object && key.constant()) {
    if (const Value* found = heap_.get(base.object, *key.constant())) return *found;
  }
  ++risks_;
  if (base.is_unknown()) return Value::unknown(base.name());
  return {};
}

Value Machine::slice(const Value& base, const Expr& e) {
  Value parts[3];
  for (size_t i = 0; i < 3; ++i) {
    parts[i] = e.children[i] ? eval(*e.children[i]) : Value::none();
  }
  const bool numeric = std::all_of(std::begin(parts), std::end(parts), [](const Value& part) {
    return part.is_none() || part.type == Type::integer;
  });
  const auto elements = base.is_path ? std::nullopt : elements_of(base);
  if (!elements || !numeric || (base.type == Type::string && !base.constant())) {
    return base.type == Type::reference
               ? Value::reference(std::string(base.origin()) + "[:]", base.call)
               : Value();
  }
  const auto size = static_cast<int64_t>(elements->size());
  const int64_t stride = parts[2].is_none() ? 1 : parts[2].number;
  if (stride == 0) return {};
  const auto clamp = [&](const Value& part, int64_t fallback) {
    if (part.is_none()) return fallback;
    const int64_t at = part.number < 0 ? part.number + size : part.number;
    return std::clamp<int64_t>(at, stride > 0 ? 0 : -1, stride > 0 ? size : size - 1);
  };
  const int64_t from = clamp(parts[0], stride > 0 ? 0 : size - 1);
  const int64_t to = clamp(parts[1], stride > 0 ? size : -1);
  std::vector<Value> out;
  for (int64_t at = from; stride > 0 ? at < to : at > to; at += stride) {
    out.push_back((*elements)[static_cast<size_t>(at)]);
    if (stride > size || stride < -size) break;
  }
  if (base.type != Type::string) return make_collection(base.type, std::move(out));
  std::string text;
  for (const Value& part : out) text += *part.constant();
  Value made = Value::string(text);
  made.assumed = base.assumed;
  return made;
}

}  // namespace preflint::py
