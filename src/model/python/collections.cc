#include <algorithm>
#include <utility>

#include "model/python/machine.h"
#include "model/python/order.h"

namespace preflint::py {

Value Machine::list_method(const Value& base, std::string_view name, Call& c) {
  const Value* first = c.positional(0);
  if (!base.object) {
    const auto elements = elements_of(base);
    if (elements && name == "index" && first) {
      for (size_t i = 0; i < elements->size(); ++i) {
        if (compare_two(Op::eq, (*elements)[i], *first) == Tri::yes)
          return Value::integer(static_cast<int64_t>(i));
      }
    }
    return {};
  }
  std::vector<Value> items = base.object->items;
  const bool open = base.object->open;
  if ((name == "append" || name == "add") && first) {
    const bool known = first->constant() || first->is_number();
    const bool set = base.type == Type::set;
    if (set && known && std::find(items.begin(), items.end(), *first) != items.end())
      return Value::none();
    if (items.size() < 500 && !(open && !set)) {
      items.push_back(*first);
      heap_.set_items(base.object, std::move(items), open);
    } else {
      heap_.set_items(base.object, std::move(items), true);
    }
    return Value::none();
  }
  if (name == "extend" && first) {
    const auto more = elements_of(*first);
    if (more && !open && items.size() + more->size() < 500)
      items.insert(items.end(), more->begin(), more->end());
    heap_.set_items(base.object, std::move(items), open || !more);
    return Value::none();
  }
  if (name == "copy") return make_collection(base.type, std::move(items), open);
  if (name == "insert" && c.count() == 2 && first->type == Type::integer && !open) {
    const auto size = static_cast<int64_t>(items.size());
    const int64_t at =
        std::clamp<int64_t>(first->number < 0 ? first->number + size : first->number, 0, size);
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(at), *c.positional(1));
    heap_.set_items(base.object, std::move(items), false);
    return Value::none();
  }
  if (name == "pop" && !open && !items.empty() && (!first || first->type == Type::integer)) {
    const auto size = static_cast<int64_t>(items.size());
    const int64_t at =
        first ? (first->number < 0 ? first->number + size : first->number) : size - 1;
    if (at >= 0 && at < size) {
      Value out = items[static_cast<size_t>(at)];
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
      heap_.set_items(base.object, std::move(items), false);
      return out;
    }
  }
  if (name == "clear") {
    heap_.set_items(base.object, {}, false);
    return Value::none();
  }
  if (name == "reverse" && !open) {
    std::reverse(items.begin(), items.end());
    heap_.set_items(base.object, std::move(items), false);
    return Value::none();
  }
  if (name == "sort" && !open && c.arguments.empty() && comparable(items)) {
    std::stable_sort(items.begin(), items.end(), before);
    heap_.set_items(base.object, std::move(items), false);
    return Value::none();
  }
  if (name == "index" && first && !open) {
    for (size_t i = 0; i < items.size(); ++i) {
      const Tri same = compare_two(Op::eq, items[i], *first);
      if (same == Tri::yes) return Value::integer(static_cast<int64_t>(i));
      if (same == Tri::maybe) return {};
    }
  }
  ++risks_;
  const bool reads = name == "count" || name == "index" || name == "union" || name == "issubset" ||
                     name == "intersection" || name == "difference" || name == "issuperset";
  if (!reads) heap_.set_items(base.object, {}, true);
  return {};
}

Value Machine::dict_method(const Value& base, std::string_view name, Call& c) {
  const Value* key = c.positional(0);
  const bool open = live_open(base);
  const std::vector<Value> items = live_items(base);
  if (name == "get" && key) {
    Value fallback = c.positional(1) ? *c.positional(1) : Value::none();
    if (!key->constant() && !key->is_number()) return Value();
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (compare_two(Op::eq, items[i], *key) == Tri::yes) return items[i + 1];
    }
    if (!open) return fallback;
    Value out = Value::unknown(key->constant().value_or("?")).joined(fallback);
    return out;
  }
  if (name == "items" || name == "keys" || name == "values") {
    if (open) return Value();
    std::vector<Value> out;
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (name == "items")
        out.push_back(Value::collection(Type::tuple, {items[i], items[i + 1]}));
      else
        out.push_back(items[name == "keys" ? i : i + 1]);
    }
    return Value::collection(Type::tuple, std::move(out));
  }
  if (name == "copy") return make_collection(Type::dict, items, open);
  if (!base.object) return {};
  if (name == "setdefault" && key) {
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (compare_two(Op::eq, items[i], *key) == Tri::yes) return items[i + 1];
    }
    // No other key changes. Of a dict that may hold more (a copy of os.environ) the value is what
    // is there unless somebody has given another.
    if (open && !key->constant() && !key->is_number()) return {};
    Value made = c.positional(1) ? *c.positional(1) : Value::none();
    made.assumed |= open;
    assign_item(base, *key, made, {}, {});
    return made;
  }
  if (name == "update") {
    bool good = !c.more_keywords && !c.more_positional;
    for (const Argument& argument : c.arguments) {
      if (!argument.keyword.empty()) {
        assign_item(base, Value::string(argument.keyword), argument.value, {}, {});
      } else if (argument.value.type == Type::dict) {
        const std::vector<Value> more = live_items(argument.value);
        for (size_t i = 0; i + 1 < more.size(); i += 2)
          assign_item(base, more[i], more[i + 1], {}, {});
        good &= !live_open(argument.value);
      } else {
        good = false;
      }
    }
    if (!good) {
      heap_.set_items(base.object, {}, true);
      if (base.object->owner) loosen_fields(base.object->owner);
    }
    return Value::none();
  }
  if (name == "pop" && key && !open) {
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (compare_two(Op::eq, items[i], *key) != Tri::yes) continue;
      std::vector<Value> rest = items;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i),
                 rest.begin() + static_cast<std::ptrdiff_t>(i + 2));
      heap_.set_items(base.object, std::move(rest), false);
      return items[i + 1];
    }
    if (c.positional(1) && (key->constant() || key->is_number())) return *c.positional(1);
  }
  ++risks_;
  heap_.set_items(base.object, {}, true);
  return {};
}

}  // namespace preflint::py
