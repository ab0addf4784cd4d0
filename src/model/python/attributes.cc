#include <algorithm>

#include "model/python/machine.h"

namespace preflint::py {
namespace {

constexpr size_t kMaxBases = 1000;  // looked at for one name

bool of_the_project(const Value& base) {
  return base.type == Type::class_ && base.object && base.object->of;
}

/// The bases of a class and their bases, depth first. A class is entered once, however often the
/// hierarchy names it. `visit` returns true to end the walk.
template <typename F>
bool walk_bases(const Class& of, F visit) {
  std::vector<const Class*> seen{&of};
  std::vector<const Value*> open;
  const auto push = [&](const Class& one) {
    for (size_t i = one.bases.size(); i-- > 0;) open.push_back(&one.bases[i]);
  };
  push(of);
  for (size_t count = 0; !open.empty() && count < kMaxBases; ++count) {
    const Value& base = *open.back();
    open.pop_back();
    Work::done(Work::kItem);
    if (visit(base)) return true;
    if (!of_the_project(base) || std::find(seen.begin(), seen.end(), base.object->of) != seen.end())
      continue;
    seen.push_back(base.object->of);
    push(*base.object->of);
  }
  return false;
}

}  // namespace

const Value* Machine::find_in_class(const Class& of, std::string_view name) {
  const Value* found = heap_.get(of.object, name);
  if (found) return found;
  walk_bases(of, [&](const Value& base) {
    if (of_the_project(base)) found = heap_.get(base.object->of->object, name);
    return found != nullptr;
  });
  return found;
}

/// The first base that is not of the project, "" when there is none.
std::string Machine::outside_base(const Class& of) {
  std::string found;
  walk_bases(of, [&](const Value& base) {
    if (base.type == Type::reference && !base.is_reference("builtins.object"))
      found = base.origin();
    return !found.empty();
  });
  return found;
}

bool Machine::unknown_base(const Class& of) {
  return walk_bases(
      of, [](const Value& base) { return !of_the_project(base) && base.type != Type::reference; });
}

Value Machine::bind_method(const Value& found, const Value& self, const Class* of) {
  if (found.type != Type::function || !found.function) return found;
  const Function& function = *found.function;
  if (function.binding == Function::static_) return found;
  if (function.binding == Function::property) {
    Call none;
    return call_function(function, &self, none,
                         function.definition ? function.definition->name_span : Span{});
  }
  Value bound = found;
  bound.type = Type::method;
  Value receiver = self;
  if (function.binding == Function::class_ && of) {
    receiver = Value::of(Type::class_);
    receiver.object = of->object;
  }
  Payload payload;
  payload.items.push_back(receiver);
  payload.origin = function.name;
  bound.payload = std::make_shared<const Payload>(std::move(payload));
  return bound;
}

Value Machine::instance_attribute(const Value& base, std::string_view name) {
  Object* object = base.object;
  if (!object) return Value();
  const Class* of = object->of;
  const Value* in_class = of ? find_in_class(*of, name) : nullptr;
  const bool property =
      in_class && in_class->function && in_class->function->binding == Function::property;
  if (!property) {
    if (const Value* found = heap_.get(object, name)) return *found;
  }
  if (in_class) return bind_method(*in_class, base, of);
  if (of && name == "__class__") {
    Value out = Value::of(Type::class_);
    out.object = of->object;
    return out;
  }
  if (of && !unknown_base(*of)) {
    const std::string outside = outside_base(*of);
    if (!outside.empty()) return Value::reference(outside + "()." + std::string(name), base.call);
  }
  ++risks_;
  return Value::unknown(object->kind == Object::options ? "args." + std::string(name)
                                                        : "self." + std::string(name));
}

Value Machine::plain_attribute(const Value& base, std::string_view name) {
  switch (base.type) {
    case Type::reference: {
      if (base.origin().size() > 300) return {};
      if (base.origin() == "sys" && name == "argv") {
        std::vector<Value> items{Value::string(launch_.file)};
        if (!launch_.arguments) return make_collection(Type::list, std::move(items), true);
        for (const preflint::Value& argument : *launch_.arguments)
          items.push_back(Value::string(argument));
        return make_collection(Type::list, std::move(items));
      }
      if (base.origin() == "os" &&
          (name == "sep" || name == "linesep" || name == "pathsep" || name == "curdir")) {
        return Value::string(name == "sep"       ? "/"
                             : name == "linesep" ? "\n"
                             : name == "pathsep" ? ":"
                                                 : ".");
      }
      if (base.origin() == "os" && name == "name") return Value::string("posix");
      if (base.origin() == "sys" && name == "platform") return Value::string("linux");
      if (base.origin() == "os.path" && name == "sep") return Value::string("/");
      if (base.origin() == "importlib.import_module()") {
        if (const auto found = switch_of_chosen(base, name)) return *found;
      }
      if (base.origin() == "typing" && name == "TYPE_CHECKING") return Value::boolean(false);
      if (base.origin() == "absl.flags.FLAGS" || base.origin() == "flags.FLAGS") {
        if (const Value* found = heap_.get(world_, "flag:" + std::string(name))) return *found;
        return Value::unknown("FLAGS." + std::string(name));
      }
      Value out = Value::reference(std::string(base.origin()) + "." + std::string(name), base.call);
      if (base.call >= 0 && !quiet() && static_cast<size_t>(base.call) < trace_.calls.size()) {
        auto& read = trace_.calls[static_cast<size_t>(base.call)].read;
        if (read.size() < 20) read.emplace_back(name);
      }
      return out;
    }
    case Type::module:
      if (base.object) {
        if (const Value* found = heap_.get(base.object, name)) return *found;
      }
      ++risks_;
      return Value::unknown(name);
    case Type::class_:
      if (base.object && base.object->of) {
        const Class& of = *base.object->of;
        if (const Value* found = find_in_class(of, name)) {
          if (of.enumeration && found->type != Type::function) {
            Value member = Value::of(Type::instance);
            member.object = heap_.make(Object::instance);
            member.object->fields["value"] = *found;
            member.object->fields["name"] = Value::string(name);
            return member;
          }
          if (found->function && found->function->binding == Function::class_)
            return bind_method(*found, base, &of);
          return *found;
        }
        if (name == "__name__") return Value::string(of.name.substr(of.name.rfind('.') + 1));
        const std::string outside = unknown_base(of) ? "" : outside_base(of);
        if (!outside.empty()) return Value::reference(outside + "." + std::string(name));
      }
      ++risks_;
      return {};
    case Type::instance:
      if (name == "__dict__" && base.object) return fields_as_dict(base.object);
      return instance_attribute(base, name);
    case Type::string:
      if (base.is_path) {
        if (const auto found = path_attribute(base, name)) return *found;
      }
      return {};
    case Type::function:
    case Type::method:
      if (name == "__name__" && base.function) return Value::string(base.function->short_name);
      return {};
    case Type::unknown: {
      ++risks_;
      const std::string named = base.name();
      if (named == "?" || named.size() > 60) return {};
      return Value::unknown(named + "." + std::string(name));
    }
    default:
      ++risks_;
      return {};
  }
}

Value Machine::attribute(const Value& base, std::string_view name) {
  if (base.type != Type::either) {
    // `from typing import TYPE_CHECKING` and the like arrive as whole references too.
    return plain_attribute(base, name);
  }
  std::optional<Value> out;
  for (const Value& one : base.items()) {
    if (one.is_none()) continue;
    const Value part = plain_attribute(one, name);
    out = out ? out->joined(part) : part;
  }
  if (!out) return {};
  out->assumed |= base.assumed;
  return *out;
}

}  // namespace preflint::py
