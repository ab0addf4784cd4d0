#include <algorithm>
#include <iterator>

#include "model/python/machine.h"

namespace preflint::py {

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
