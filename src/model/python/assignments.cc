#include <optional>
#include <string>
#include <utility>

#include "model/python/machine.h"

namespace preflint::py {

void Machine::bind(std::string_view name, Value value) {
  Object* scope = activation_->scope;
  if (activation_->globals.contains(name)) {
    scope = module_scope();
  } else if (activation_->nonlocals.contains(name)) {
    for (Object* at = scope->parent; at; at = at->parent) {
      if (heap_.get(at, name)) {
        scope = at;
        break;
      }
    }
  }
  value.maybe_missing = false;
  heap_.set(scope, name, std::move(value));
}

void Machine::assign_event(const Expr& target, const Value& value, Span value_span) {
  if (quiet()) return;
  if (value.call >= 0 && static_cast<size_t>(value.call) < trace_.calls.size()) {
    trace_.calls[static_cast<size_t>(value.call)].bound = true;
  }
  std::string name;
  for (const Expr* at = &target;; at = at->children[0]) {
    if (at->kind == ExprKind::name) {
      name.insert(0, at->text);
      break;
    }
    if (at->kind != ExprKind::attribute) return;
    name.insert(0, "." + std::string(at->text));
  }
  AssignEvent event;
  event.order = next_order();
  event.file = activation_->file;
  event.span = target.span;
  event.value_span = value_span;
  event.frame = frame_;
  event.target = std::move(name);
  event.value = freeze(value);
  trace_.assignments.push_back(std::move(event));
}

void Machine::assign(const Expr& target, const Value& value, Span value_span) {
  switch (target.kind) {
    case ExprKind::name:
      assign_event(target, value, value_span);
      bind(target.text, value);
      break;
    case ExprKind::attribute:
      assign_event(target, value, value_span);
      assign_attribute(eval(*target.children[0]), target.text, value);
      break;
    case ExprKind::subscript: {
      const Value base = eval(*target.children[0]);
      if (target.children[1]->kind == ExprKind::slice) {
        if (base.object) heap_.set_items(base.object, {}, true);
        break;
      }
      const Value key = eval(*target.children[1]);
      assign_item(base, key, value, target.span, value_span);
      break;
    }
    case ExprKind::tuple:
    case ExprKind::list:
      unpack(target, value, value_span);
      break;
    case ExprKind::star:
      assign(*target.children[0], Value(), value_span);
      break;
    default:
      break;
  }
}

/// The elements of one of several tuples or lists of one length: at each place any of theirs.
std::optional<std::vector<Value>> Machine::columns_of(const Value& either) {
  std::optional<std::vector<Value>> out;
  for (const Value& one : either.items()) {
    const auto elements = elements_of(one);
    if (!elements || (out && out->size() != elements->size())) return std::nullopt;
    if (!out) {
      out = elements;
      continue;
    }
    for (size_t i = 0; i < out->size(); ++i) (*out)[i] = (*out)[i].joined((*elements)[i]);
  }
  return out;
}

void Machine::unpack(const Expr& target, const Value& value, Span value_span) {
  const auto elements = value.type == Type::either ? columns_of(value) : elements_of(value);
  const size_t count = target.children.size();
  size_t star = count;
  for (size_t i = 0; i < count; ++i) {
    if (target.children[i]->kind == ExprKind::star) star = i;
  }
  if (!elements || (star == count ? elements->size() != count : elements->size() + 1 < count)) {
    for (size_t i = 0; i < count; ++i) {
      Value part;
      if (value.type == Type::reference) {
        part = Value::reference(std::string(value.origin()) + "[" + std::to_string(i) + "]",
                                value.call);
      }
      assign(*target.children[i], part, value_span);
    }
    return;
  }
  const size_t taken = elements->size() + 1 - count;  // by the star
  for (size_t i = 0, at = 0; i < count; ++i) {
    if (i == star) {
      const auto begin = elements->begin() + static_cast<std::ptrdiff_t>(at);
      std::vector<Value> rest(begin, begin + static_cast<std::ptrdiff_t>(taken));
      assign(*target.children[i]->children[0], make_collection(Type::list, std::move(rest)),
             value_span);
      at += taken;
    } else {
      assign(*target.children[i], (*elements)[at++], value_span);
    }
  }
}

void Machine::assign_attribute(const Value& base, std::string_view name, const Value& value) {
  if (base.type == Type::either) {
    // Any of them may be the one: what they held stays possible.
    for (const Value& one : base.items()) {
      if (!one.object) continue;
      const Value* old = heap_.get(one.object, name);
      heap_.set(one.object, name, old ? old->joined(value) : value);
    }
    return;
  }
  if (base.object &&
      (base.type == Type::instance || base.type == Type::class_ || base.type == Type::module)) {
    heap_.set(base.object, name, value);
  }
}

void Machine::assign_item(const Value& base, const Value& key, const Value& value, Span span,
                          Span value_span) {
  if (base.is_reference("os.environ")) {
    write_environment(EnvironmentWrite::assign, key, value, span, value_span);
    return;
  }
  if (!base.object) return;
  const bool known = key.type == Type::string
                         ? key.constant().has_value()
                         : key.type == Type::integer || key.type == Type::boolean;
  std::vector<Value> items = base.object->items;
  if (base.type == Type::dict) {
    if (Object* owner = base.object->owner) {
      if (const auto name = key.constant())
        heap_.set(owner, *name, value);
      else
        loosen_fields(owner);
    }
    if (!known) {
      heap_.set_items(base.object, {}, true);
      return;
    }
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (items[i] == key) {
        items[i + 1] = value;
        heap_.set_items(base.object, std::move(items), base.object->open);
        return;
      }
    }
    if (items.size() > 500) {
      heap_.set_open(base.object);
      return;
    }
    Value bare = key;
    bare.assumed = false;
    items.push_back(std::move(bare));
    items.push_back(value);
    heap_.set_items(base.object, std::move(items), base.object->open);
  } else if (base.type == Type::list) {
    const auto size = static_cast<int64_t>(items.size());
    const int64_t at = key.number < 0 ? key.number + size : key.number;
    if (key.type == Type::integer && at >= 0 && at < size && !base.object->open) {
      items[static_cast<size_t>(at)] = value;
      heap_.set_items(base.object, std::move(items), false);
    } else {
      heap_.set_items(base.object, {}, true);
    }
  } else if (base.type == Type::instance && base.object->kind == Object::instance &&
             !base.object->of) {
    // EasyDict and its like: the keys are attributes.
    if (const auto name = key.constant())
      heap_.set(base.object, *name, value);
    else
      loosen_fields(base.object);
  }
}

void Machine::delete_target(const Expr& target) {
  if (target.kind == ExprKind::tuple) {
    for (const Expr* part : target.children) delete_target(*part);
  } else if (target.kind == ExprKind::name) {
    heap_.erase(activation_->scope, target.text);
  } else if (target.kind == ExprKind::subscript) {
    const Value base = eval(*target.children[0]);
    if (target.children[1]->kind == ExprKind::slice) {
      if (base.object) heap_.set_items(base.object, {}, true);
      return;
    }
    const Value key = eval(*target.children[1]);
    if (base.is_reference("os.environ")) {
      write_environment(EnvironmentWrite::remove, key, Value(), target.span, {});
    } else if (base.object) {
      std::vector<Value> items = base.object->items;
      bool removed = false;
      const size_t width = base.type == Type::dict ? 2 : 1;
      for (size_t i = 0; i + width <= items.size() && !removed; i += width) {
        removed = width == 2 ? items[i] == key
                             : key.type == Type::integer && key.number == static_cast<int64_t>(i);
        if (removed) {
          items.erase(items.begin() + static_cast<std::ptrdiff_t>(i),
                      items.begin() + static_cast<std::ptrdiff_t>(i + width));
        }
      }
      if (removed)
        heap_.set_items(base.object, std::move(items), base.object->open);
      else
        heap_.set_items(base.object, {}, true);
    }
  }
}

void Machine::augmented(const Stmt& s) {
  const Expr& target = *s.exprs[0];
  const Value value = eval(*s.exprs[1]);
  const Value old =
      target.kind == ExprKind::subscript && target.children[1]->kind == ExprKind::slice
          ? Value()
          : eval(target);
  if (old.type == Type::list && old.object && s.op == Op::add) {  // in place: aliases see it
    const auto more = elements_of(value);
    std::vector<Value> items = old.object->items;
    if (more) items.insert(items.end(), more->begin(), more->end());
    heap_.set_items(old.object, std::move(items), old.object->open || !more);
    return;
  }
  if (old.object && (old.type == Type::set || old.type == Type::dict || old.type == Type::list)) {
    heap_.set_items(old.object, {}, true);
    return;
  }
  assign(target, binary(s.op, old, value), s.exprs[1]->span);
}

}  // namespace preflint::py
