#include <algorithm>

#include "model/python/machine.h"

namespace preflint::py {
namespace {

bool record_decorator(std::string_view origin) {
  return origin.starts_with("dataclasses.dataclass") || origin.starts_with("attr.") ||
         origin.starts_with("attrs.") || origin.starts_with("pydantic.dataclasses.dataclass");
}

}  // namespace

void Machine::define_function(const Stmt& s) {
  Function* function = heap_.make_function();
  function->short_name = s.text;
  const Object* scope = activation_->scope;
  const std::string& module = activation_->file->name;
  std::string prefix = module;
  if (scope->kind == Object::class_ && scope->of) {
    function->owner = scope->of;
    prefix = scope->of->name;
  } else if (activation_->function) {
    prefix = activation_->function->name;
  }
  function->name = prefix + "." + function->short_name;
  function->parameters = s.parameters;
  function->body = s.body;
  function->definition = &s;
  function->file = activation_->file;
  function->scope = activation_->scope;
  for (const Parameter& parameter : s.parameters->list) {
    function->defaults.push_back(parameter.fallback ? eval(*parameter.fallback) : Value());
  }
  Value value = Value::of(Type::function);
  value.function = function;
  value.payload = std::make_shared<const Payload>(Payload{{}, {}, function->name, {}});
  bind(s.text, value);
  if (activation_->file == &trace_.main() && !quiet()) functions_.push_back(function);
  const Value decorated = decorate(s, value, function, nullptr);
  if (!(decorated == value)) bind(s.text, decorated);
}

/// Applies decorators, innermost first. One that is not of the project leaves the function
/// callable.
Value Machine::decorate(const Stmt& s, Value value, Function* function, Class* of) {
  std::vector<Value> values;
  for (const Expr* decorator : s.decorators) values.push_back(eval(*decorator));
  for (size_t i = values.size(); i-- > 0;) {
    const Value& decorator = values[i];
    if (decorator.type == Type::function && decorator.function && function) {
      Call call;
      call.expr = s.decorators[i];
      Argument argument;
      argument.value = value;
      argument.span = s.name_span;
      call.arguments.push_back(argument);
      const Value result = call_function(*decorator.function, nullptr, call, s.decorators[i]->span);
      if (result.type == Type::function) value = result;
      continue;
    }
    const std::string_view origin = decorator.origin();
    if (function) {
      if (decorator.is_reference("builtins.staticmethod")) function->binding = Function::static_;
      if (decorator.is_reference("builtins.classmethod")) function->binding = Function::class_;
      if (decorator.is_reference("builtins.property") ||
          decorator.is_reference("functools.cached_property")) {
        function->binding = Function::property;
      }
      if (origin.starts_with("contextlib.")) function->managed = true;
      function->decorators.push_back(decorator);
    }
    if (of && decorator.type == Type::reference && record_decorator(origin)) of->record = true;
  }
  return value;
}

void Machine::define_class(const Stmt& s) {
  Class* of = heap_.make_class();
  of->definition = &s;
  of->name = (activation_->scope->kind == Object::class_ && activation_->scope->of
                  ? activation_->scope->of->name
                  : activation_->file->name) +
             "." + std::string(s.text);
  Object* object = heap_.make(Object::class_);
  object->of = of;
  object->file = activation_->file;
  object->parent = activation_->scope;
  of->object = object;
  for (const Expr* base : s.exprs) {
    if (base->kind == ExprKind::keyword || base->kind == ExprKind::star ||
        base->kind == ExprKind::double_star) {
      if (!base->children.empty()) eval(*base->children[0]);
      continue;
    }
    Value value = eval(*base);
    if (value.type == Type::either) {  // try: import … except ImportError: object
      for (const Value& one : value.items()) {
        if (one.type == Type::reference || one.type == Type::class_) {
          value = Value(one);  // a copy: `one` is a part of what is overwritten
          break;
        }
      }
    }
    if (value.type == Type::class_ && value.object && value.object->of) {
      const Class& parent = *value.object->of;
      of->record |= parent.record;
      of->enumeration |= parent.enumeration;
      value.object->of->used = true;
      if (of->record) of->annotated = parent.annotated;
    }
    const std::string_view origin = value.origin();
    of->record |= value.is_reference("typing.NamedTuple") ||
                  value.is_reference("pydantic.BaseModel") ||
                  value.is_reference("pydantic_settings.BaseSettings");
    of->enumeration |= origin.starts_with("enum.");
    of->bases.push_back(std::move(value));
  }
  Value value = Value::of(Type::class_);
  value.object = object;
  value.payload = std::make_shared<const Payload>(Payload{{}, {}, of->name, {}});
  for (const Stmt* inner : s.body) {
    if (inner->kind == StmtKind::annotated && inner->exprs[0]->kind == ExprKind::name) {
      std::string name(inner->exprs[0]->text);
      if (std::find(of->annotated.begin(), of->annotated.end(), name) == of->annotated.end()) {
        of->annotated.push_back(std::move(name));
      }
    }
  }
  {
    FrameScope restore(*this);
    push(FrameKind::class_body, s.name_span).name = of->name;
    // The body is a scope of its own; returns and loops do not reach out of it.
    Object* saved = activation_->scope;
    const auto globals = activation_->globals;
    activation_->scope = object;
    exec(s.body);
    activation_->scope = saved;
    activation_->globals = globals;
  }
  bind(s.text, value);
  const Value decorated = decorate(s, value, nullptr, of);
  if (!(decorated == value)) bind(s.text, decorated);
}

}  // namespace preflint::py
