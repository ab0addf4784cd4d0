#include <algorithm>
#include <charconv>
#include <cmath>

#include "model/python/machine.h"
#include "model/python/order.h"

namespace preflint::py {
namespace {

std::string trimmed(std::string text) {
  const char* blanks = " \t\n\r\f\v";
  text.erase(0, std::min(text.find_first_not_of(blanks), text.size()));
  text.erase(text.find_last_not_of(blanks) + 1);
  return text;
}

std::optional<int64_t> parse_integer(const std::string& text) {
  std::string digits = trimmed(text);
  if (digits.find("__") != digits.npos) return std::nullopt;
  std::erase(digits, '_');
  const size_t skip = !digits.empty() && digits[0] == '+' ? 1 : 0;
  int64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data() + skip, digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_real(const std::string& text) {
  const std::string digits = trimmed(text);
  if (digits.find_first_not_of("0123456789.eE+-") != digits.npos) return std::nullopt;
  const size_t skip = !digits.empty() && digits[0] == '+' ? 1 : 0;
  double value = 0;
  const auto [end, error] =
      std::from_chars(digits.data() + skip, digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

/// Any attribute may have changed. A switch is what it was where nobody turns it.
void Machine::loosen_fields(Object* object) {
  for (const auto& [field, value] : std::map<std::string, Value, std::less<>>(object->fields)) {
    const bool switches = value.type == Type::boolean || value.is_none();
    if (switches)
      heap_.set(object, field, Value::unless_given(field, value));
    else if (!value.is_unknown())
      heap_.set(object, field, Value::unknown(field));
  }
  heap_.set_open(object);
}

/// `vars(x)`, `x.__dict__`: what is written there is an attribute of x.
Value Machine::fields_as_dict(Object* object) {
  std::vector<Value> items;
  for (const auto& [field, value] : object->fields) {
    items.push_back(Value::string(field));
    items.push_back(value);
  }
  Value out = make_collection(Type::dict, std::move(items), object->open);
  out.object->owner = object;
  return out;
}

std::optional<Value> Machine::builtin(std::string_view name, Call& c) {
  const Value* first = c.positional(0);
  const Value* second = c.positional(1);
  const auto assumed_from = [](Value out, const Value& from) {
    out.assumed |= from.assumed;
    return out;
  };
  if (name == "print") return Value::none();
  if (name == "str" && first) {
    if (c.arguments.size() > 1) return Value();
    if (first->is_string() && !first->is_path) return *first;
    Value out = assumed_from(Value::string(first->str()), *first);
    out.call = first->call;
    return out;
  }
  if (name == "str" && c.arguments.empty()) return Value::string("");
  if (name == "repr" && first)
    return assumed_from(Value::string(format_value(*first, "", "r")), *first);
  if (name == "format" && first) {
    const auto spec = second ? second->constant() : std::optional<std::string>("");
    return assumed_from(
        Value::string(spec ? format_value(*first, *spec, "") : preflint::Value::unknown()), *first);
  }
  if (name == "int" || name == "float") {
    if (c.arguments.empty()) return name == "int" ? Value::integer(0) : Value::floating(0);
    if (c.arguments.size() > 1) return Value();
    Value out;
    if (const auto text = first->constant()) {
      const auto whole = parse_integer(*text);
      const auto real = parse_real(*text);
      if (name == "int" && whole)
        out = Value::integer(*whole);
      else if (name == "float" && real)
        out = Value::floating(*real);
      else
        ++risks_;
    } else if (first->type == Type::real) {
      if (name == "float")
        out = *first;
      else if (std::fabs(first->real) < 1e15)
        out = Value::integer(static_cast<int64_t>(first->real));
    } else if (first->is_number()) {
      out = name == "int" ? Value::integer(first->number)
                          : Value::floating(static_cast<double>(first->number));
    } else {
      ++risks_;
      out = Value::unknown(first->name());
      out.call = first->call;
    }
    return assumed_from(out, *first);
  }
  if (name == "bool") {
    if (!first) return Value::boolean(false);
    const Tri truth = first->truth();
    const auto elements = elements_of(*first);
    const bool collection =
        first->object &&
        (first->type == Type::list || first->type == Type::dict || first->type == Type::set);
    if (collection && elements) return Value::boolean(!elements->empty());
    if (first->is_unknown() && first->expected() != Tri::maybe)
      return Value::unless_given(first->name(), Value::boolean(first->expected() == Tri::yes));
    return assumed_from(truth == Tri::maybe ? Value() : Value::boolean(truth == Tri::yes), *first);
  }
  if (name == "len" && first) {
    if (first->type == Type::set && !live_open(*first))
      return Value::integer(static_cast<int64_t>(live_items(*first).size()));
    if (const auto elements = elements_of(*first)) {
      return assumed_from(Value::integer(static_cast<int64_t>(elements->size())), *first);
    }
    return Value();
  }
  if (name == "list" || name == "tuple" || name == "set" || name == "frozenset") {
    const Type type = name == "list" ? Type::list : name == "tuple" ? Type::tuple : Type::set;
    if (c.arguments.empty()) return make_collection(type, {});
    const auto elements = elements_of(*first);
    if (!elements) return make_collection(type, {}, true);
    if (type != Type::set) return make_collection(type, *elements);
    std::vector<Value> unique;
    for (const Value& one : *elements) {
      if (std::find(unique.begin(), unique.end(), one) == unique.end()) unique.push_back(one);
    }
    return make_collection(Type::set, std::move(unique));
  }
  if (name == "dict") {
    const Value out = make_collection(Type::dict, {}, c.more_keywords);
    if (first && first->type == Type::dict) {
      heap_.set_items(out.object, live_items(*first), live_open(*first) || c.more_keywords);
    } else if (first && first->is_reference("os.environ")) {
      Call none;
      const Value copy = *environ_method("copy", none);
      heap_.set_items(out.object, live_items(copy), true);
    } else if (first) {
      const auto pairs = elements_of(*first);
      bool good = pairs.has_value();
      for (const Value& pair : pairs.value_or(std::vector<Value>())) {
        const auto parts = elements_of(pair);
        if (!parts || parts->size() != 2)
          good = false;
        else
          assign_item(out, (*parts)[0], (*parts)[1], {}, {});
      }
      if (!good) heap_.set_items(out.object, {}, true);
    }
    for (const Argument& argument : c.arguments) {
      if (!argument.keyword.empty())
        assign_item(out, Value::string(argument.keyword), argument.value, {}, argument.span);
    }
    return out;
  }
  if (name == "range" && first) {
    std::vector<int64_t> bounds;
    for (const Argument& argument : c.arguments) {
      if (argument.value.type != Type::integer || argument.value.assumed) return Value();
      bounds.push_back(argument.value.number);
    }
    const int64_t from = bounds.size() > 1 ? bounds[0] : 0,
                  to = bounds.size() > 1 ? bounds[1] : bounds[0];
    const int64_t stride = bounds.size() > 2 ? bounds[2] : 1;
    if (stride == 0) return Value();
    std::vector<Value> out;
    for (int64_t i = from; stride > 0 ? i < to : i > to; i += stride) {
      if (out.size() > 64) return make_collection(Type::tuple, {}, true);
      out.push_back(Value::integer(i));
    }
    return Value::collection(Type::tuple, std::move(out));
  }
  if (name == "enumerate" && first) {
    const auto elements = elements_of(*first);
    if (!elements) return Value();
    const Value* start = c.get(1, "start");
    int64_t at = start && start->type == Type::integer ? start->number : 0;
    if (start && start->type != Type::integer) return Value();
    std::vector<Value> out;
    for (const Value& one : *elements)
      out.push_back(Value::collection(Type::tuple, {Value::integer(at++), one}));
    return Value::collection(Type::tuple, std::move(out));
  }
  if (name == "zip") {
    std::vector<std::vector<Value>> columns;
    for (const Argument& argument : c.arguments) {
      if (!argument.keyword.empty()) continue;
      auto elements = elements_of(argument.value);
      if (!elements) return Value();
      columns.push_back(std::move(*elements));
    }
    if (columns.empty() || c.more_positional) return Value();
    size_t rows = columns[0].size();
    for (const auto& column : columns) rows = std::min(rows, column.size());
    std::vector<Value> out;
    for (size_t i = 0; i < rows; ++i) {
      std::vector<Value> row;
      for (const auto& column : columns) row.push_back(column[i]);
      out.push_back(Value::collection(Type::tuple, std::move(row)));
    }
    return Value::collection(Type::tuple, std::move(out));
  }
  if (name == "reversed" && first) {
    auto elements = elements_of(*first);
    if (!elements) return Value();
    std::reverse(elements->begin(), elements->end());
    return Value::collection(Type::tuple, std::move(*elements));
  }
  if (name == "sorted" && first) {
    auto elements = elements_of(*first);
    // A set's order does not matter here.
    if (!elements && first->type == Type::set && first->object && !live_open(*first))
      elements = live_items(*first);
    const Value* reverse = c.keyword("reverse");
    if (!elements || !comparable(*elements) || c.keyword("key") ||
        (reverse && reverse->type != Type::boolean)) {
      return make_collection(Type::list, {}, true);
    }
    std::stable_sort(elements->begin(), elements->end(), before);
    if (reverse && reverse->number) std::reverse(elements->begin(), elements->end());
    return make_collection(Type::list, std::move(*elements));
  }
  if (name == "min" || name == "max") {
    std::vector<Value> values;
    if (c.count() == 1) {
      const auto elements = elements_of(*first);
      if (!elements) return Value();
      values = *elements;
    } else {
      for (const Argument& argument : c.arguments) values.push_back(argument.value);
    }
    if (values.empty() || !comparable(values) || c.keyword("key") || c.keyword("default")) {
      // The larger one of a count and a number is the count; the smaller one may be the number.
      Value out;
      if (name == "max") {
        for (const Value& value : values) out.call = std::max(out.call, value.call);
      }
      return out;
    }
    Value best = values[0];
    for (const Value& value : values) {
      if (name == "min" ? before(value, best) : before(best, value)) best = value;
    }
    return best;
  }
  if (name == "sum" && first && c.count() == 1) {
    const auto elements = elements_of(*first);
    if (!elements) return Value();
    Value total = Value::integer(0);
    for (const Value& one : *elements) total = binary(Op::add, total, one);
    return total;
  }
  if (name == "abs" && first && first->is_number()) {
    if (first->type == Type::real) return Value::floating(std::fabs(first->real));
    return first->number == INT64_MIN
               ? Value()
               : Value::integer(first->number < 0 ? -first->number : first->number);
  }
  if (name == "round" && first && c.count() == 1 && first->is_number()) {
    if (first->type != Type::real) return Value::integer(first->number);
    return std::fabs(first->real) < 1e15
               ? Value::integer(static_cast<int64_t>(std::nearbyint(first->real)))
               : Value();
  }
  if ((name == "any" || name == "all") && first) {
    const auto elements = elements_of(*first);
    if (!elements) return Value();
    Tri out = tri(name == "all");
    for (const Value& one : *elements) out = name == "all" ? out & one.truth() : out | one.truth();
    return out == Tri::maybe ? Value() : Value::boolean(out == Tri::yes);
  }
  if ((name == "map" || name == "filter") && c.count() == 2 && second) {
    const auto elements = elements_of(*second);
    if (!elements) return Value();
    std::vector<Value> out;
    for (const Value& one : *elements) {
      Call inner;
      inner.expr = c.expr;
      Argument argument;
      argument.value = one;
      inner.arguments.push_back(argument);
      const Value function = *first;
      ++muted_;
      const Value result = dispatch(function, inner, false);
      --muted_;
      if (name == "map") {
        out.push_back(result);
      } else if (result.truth() == Tri::maybe) {
        return make_collection(Type::list, {}, true);
      } else if (result.truth() == Tri::yes) {
        out.push_back(one);
      }
    }
    return Value::collection(Type::tuple, std::move(out));
  }
  if (name == "getattr" && first && second) {
    const auto attribute_name = second->constant();
    if (!attribute_name) return Value();
    const Value* fallback = c.positional(2);
    if (first->type == Type::instance && first->object) {
      const Object& object = *first->object;
      const bool known = heap_.get(&object, *attribute_name) ||
                         (object.of && find_in_class(*object.of, *attribute_name));
      if (!known && fallback) {
        const bool sure = object.of && !object.open && outside_base(*object.of).empty() &&
                          !unknown_base(*object.of);
        Value out = *fallback;
        out.assumed |= !sure;
        return out;
      }
    } else if (fallback && !first->object) {
      Value out = first->type == Type::reference || first->is_unknown()
                      ? attribute(*first, *attribute_name)
                      : Value();
      if (out.is_unknown() && out.items().empty() && fallback->type == Type::boolean)
        return Value::unless_given(out.name(), *fallback);
      return out.joined(*fallback);
    }
    return attribute(*first, *attribute_name);
  }
  if (name == "setattr" && c.count() == 3) {
    if (const auto attribute_name = second->constant())
      assign_attribute(*first, *attribute_name, *c.positional(2));
    else if (first->object && first->type == Type::instance)
      loosen_fields(first->object);
    return Value::none();
  }
  if (name == "hasattr" && first && second && first->type == Type::instance && first->object &&
      second->constant()) {
    if (heap_.get(first->object, *second->constant())) return Value::boolean(true);
    return Value();
  }
  if (name == "isinstance" && first && second) {
    const auto is = [&](const Value& type) -> Tri {
      const std::string_view of = type.origin();
      if (type.type == Type::class_ && first->type == Type::instance && first->object &&
          first->object->of) {
        return first->object->of->object == type.object ? Tri::yes : Tri::maybe;
      }
      if (type.type != Type::reference) return Tri::maybe;
      switch (first->type) {
        case Type::string:
          return tri(first->is_path
                         ? of == "pathlib.Path" || of == "pathlib.PurePath" || of == "os.PathLike"
                         : of == "builtins.str");
        case Type::integer:
          return tri(of == "builtins.int");
        case Type::boolean:
          return tri(of == "builtins.int" || of == "builtins.bool");
        case Type::real:
          return tri(of == "builtins.float");
        case Type::list:
          return tri(of == "builtins.list");
        case Type::tuple:
          return Tri::maybe;
        case Type::dict:
          return tri(of == "builtins.dict");
        case Type::none:
          return Tri::no;
        default:
          return Tri::maybe;
      }
    };
    Tri out = Tri::no;
    if (second->type == Type::tuple) {
      for (const Value& one : second->items()) out = out | is(one);
    } else {
      out = is(*second);
    }
    return assumed_from(out == Tri::maybe ? Value() : Value::boolean(out == Tri::yes), *first);
  }
  if (name == "chr" && first && first->type == Type::integer && first->number >= 0 &&
      first->number < 128) {
    const char ch = static_cast<char>(first->number);
    return Value::string(std::string_view(&ch, 1));
  }
  if (name == "ord" && first && first->constant() && first->constant()->size() == 1) {
    return Value::integer(static_cast<uint8_t>((*first->constant())[0]));
  }
  if (name == "vars" && first && first->type == Type::instance && first->object)
    return fields_as_dict(first->object);
  if (name == "exit" || name == "quit") return Value::reference("sys.exit()", c.event);
  return std::nullopt;
}

}  // namespace preflint::py
