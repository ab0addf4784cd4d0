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
          // Any key that was given before may be another's now.
          heap_.set_items(made.object, {}, true);
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

}  // namespace preflint::py
