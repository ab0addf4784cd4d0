#include <algorithm>

#include "base/one_of.h"
#include "model/python/machine.h"

namespace preflint::py {
namespace {

/// Does a body yield (nested functions apart)?
bool yields(Body body) {
  std::vector<const Stmt*> statements(body.begin(), body.end());
  std::vector<const Expr*> expressions;
  while (!statements.empty() || !expressions.empty()) {
    if (!expressions.empty()) {
      const Expr* e = expressions.back();
      expressions.pop_back();
      if (!e || e->kind == ExprKind::lambda || e->kind == ExprKind::generator) continue;
      if (e->kind == ExprKind::yield || e->kind == ExprKind::yield_from) return true;
      expressions.insert(expressions.end(), e->children.begin(), e->children.end());
      continue;
    }
    const Stmt* s = statements.back();
    statements.pop_back();
    if (s->kind == StmtKind::function || s->kind == StmtKind::class_) continue;
    expressions.insert(expressions.end(), s->exprs.begin(), s->exprs.end());
    for (const Block& block : s->blocks) {
      expressions.push_back(block.test);
      statements.insert(statements.end(), block.body.begin(), block.body.end());
    }
    for (const Body part : {s->body, s->orelse, s->final})
      statements.insert(statements.end(), part.begin(), part.end());
  }
  return false;
}

}  // namespace

void Machine::arguments(const Expr& e, Call& out) {
  for (size_t i = 1; i < e.children.size(); ++i) {
    const Expr& part = *e.children[i];
    Argument argument;
    argument.expr = &part;
    argument.span = part.span;
    if (part.kind == ExprKind::keyword) {
      argument.keyword = part.text;
      argument.expr = part.children[0];
      argument.span = part.children[0]->span;
      argument.value = eval(*part.children[0]);
    } else if (part.kind == ExprKind::star) {
      const auto more = elements_of(eval(*part.children[0]));
      if (!more || more->size() > 100) {
        out.more_positional = true;
        continue;
      }
      for (const Value& value : *more) {
        Argument one;
        one.value = value;
        one.span = part.span;
        out.arguments.push_back(std::move(one));
      }
      continue;
    } else if (part.kind == ExprKind::double_star) {
      const Value mapping = eval(*part.children[0]);
      if (mapping.type != Type::dict || live_open(mapping)) out.more_keywords = true;
      if (mapping.type != Type::dict) continue;
      const std::vector<Value>& items = live_items(mapping);
      for (size_t k = 0; k + 1 < items.size(); k += 2) {
        const auto name = items[k].constant();
        if (!name) continue;
        Argument one;
        one.keyword = *name;
        one.value = items[k + 1];
        one.span = part.span;
        out.arguments.push_back(std::move(one));
      }
      continue;
    } else {
      argument.value = eval(part);
    }
    // A positional argument after an unknown *x has no known position.
    if (out.more_positional && argument.keyword.empty()) continue;
    if (!quiet() && argument.value.call >= 0 &&
        static_cast<size_t>(argument.value.call) < trace_.calls.size()) {
      trace_.calls[static_cast<size_t>(argument.value.call)].bound = true;
    }
    out.arguments.push_back(std::move(argument));
  }
}

Value Machine::call(const Expr& e, bool statement) {
  if (e.children.empty()) return {};
  const Expr& callee = *e.children[0];
  Call c;
  c.expr = &e;
  if (callee.kind == ExprKind::attribute) {
    const Expr& base = *callee.children[0];
    c.method = callee.text;
    if (base.kind == ExprKind::call && base.children[0]->kind == ExprKind::name &&
        base.children[0]->text == "super") {
      arguments(e, c);
      return super_call(c, statement);
    }
    c.receiver = eval(base);
    Value target;
    const Type type = c.receiver.type;
    const bool builtin_method = type == Type::string || type == Type::list || type == Type::dict ||
                                type == Type::set || type == Type::tuple || type == Type::bytes;
    const bool options = c.receiver.object && (c.receiver.object->kind == Object::parser ||
                                               c.receiver.object->kind == Object::options);
    if (!builtin_method && !options && !c.receiver.is_reference("os.environ"))
      target = attribute(c.receiver, callee.text);
    arguments(e, c);
    if (callee.text == "__setattr__" && c.receiver.type == Type::instance && c.receiver.object &&
        c.count() == 2) {
      if (const auto name = c.positional(0)->constant())
        assign_attribute(c.receiver, *name, *c.positional(1));
      else
        loosen_fields(c.receiver.object);
    }
    return dispatch(target, c, statement);
  }
  const Value target = eval(callee);
  arguments(e, c);
  return dispatch(target, c, statement);
}

int Machine::emit(const Call& c, std::string_view origin, bool project, bool statement) {
  if (quiet() || !c.expr || trace_.calls.size() > 200'000) return -1;
  CallEvent event;
  event.index = static_cast<int>(trace_.calls.size());
  event.order = next_order();
  event.file = activation_->file;
  event.expr = c.expr;
  event.span = c.expr->span;
  event.callee_span = c.expr->children.empty() ? c.expr->span : c.expr->children[0]->span;
  event.frame = frame_;
  event.origin = origin;
  event.method = c.method;
  event.project = project;
  event.receiver = freeze(c.receiver);
  event.receiver_call = c.receiver.call;
  for (const Argument& argument : c.arguments) {
    event.arguments.push_back(argument);
    event.arguments.back().value = freeze(argument.value);
  }
  event.more_positional = c.more_positional;
  event.more_keywords = c.more_keywords;
  event.statement = statement;
  trace_.calls.push_back(std::move(event));
  return trace_.calls.back().index;
}

namespace {

/// `settings.get("flag", False)`, where what the settings hold is not known: a parameter, what a
/// file was read to.
bool asks_for_switch(const Call& c) {
  const Value& base = c.receiver;
  if (c.method != "get" || c.arguments.size() != 2 || c.more_positional || c.more_keywords)
    return false;
  if (!c.arguments[1].keyword.empty() || c.arguments[1].value.type != Type::boolean) return false;
  return base.is_unknown() || (base.type == Type::reference &&
                               (base.origin().ends_with(')') || base.origin().ends_with(']')));
}

/// `Pool(4).map`, `ThreadPoolExecutor().submit`: a call that has workers run the function that it
/// is given first.
bool hands_to_workers(std::string_view origin) {
  const size_t dot = origin.rfind('.');
  if (dot == origin.npos) return false;
  const std::string_view pool = origin.substr(0, dot), method = origin.substr(dot + 1);
  if (method == "process_map" || method == "thread_map") return pool == "tqdm.contrib.concurrent";
  if (pool.ends_with("PoolExecutor()")) return method == "map" || method == "submit";
  return (pool.ends_with("Pool()") || pool.ends_with("ThreadPool()")) &&
         one_of(method, {"map", "map_async", "imap", "imap_unordered", "starmap", "starmap_async",
                         "apply", "apply_async"});
}

}  // namespace

Value Machine::dispatch(const Value& callee, Call& c, bool statement) {
  if (!step()) return {};
  const Value& base = c.receiver;
  // Methods of values that the program itself holds.
  if (!c.method.empty()) {
    if (base.type == Type::string && base.is_path) {
      c.event = emit(c, "pathlib.Path()." + c.method, false, statement);
      if (auto result = path_method(base, c.method, c)) return *result;
      ++risks_;
      return Value::reference("pathlib.Path()." + c.method + "()", c.event);
    }
    if (base.type == Type::string) {
      if (auto result = string_method(base, c.method, c)) return *result;
      return {};
    }
    if (base.type == Type::list || base.type == Type::tuple || base.type == Type::set) {
      c.event = emit(c, base.type == Type::set ? "set." + c.method : "list." + c.method, false,
                     statement);
      return list_method(base, c.method, c);
    }
    if (base.type == Type::dict) return dict_method(base, c.method, c);
    if (base.is_reference("os.environ")) {
      c.event = emit(c, "os.environ." + c.method, false, statement);
      if (auto result = environ_method(c.method, c)) return *result;
      return {};
    }
    // `args.run(args)`, with `set_defaults(run=…)`.
    const Value* held = base.object && base.object->kind == Object::options
                            ? heap_.get(base.object, c.method)
                            : nullptr;
    if (held && (held->function || held->type == Type::class_)) {
      c.method.clear();
      c.receiver = {};
      return dispatch(Value(*held), c, statement);
    }
    if (base.object &&
        (base.object->kind == Object::parser || base.object->kind == Object::options)) {
      c.event = emit(c,
                     base.object->kind == Object::parser ? "argparse.ArgumentParser()." + c.method
                                                         : "argparse.Namespace()." + c.method,
                     false, statement);
      if (auto result = parser_method(base, c.method, c)) return *result;
      return {};
    }
  }
  if (asks_for_switch(c)) {
    c.origin = callee.type == Type::reference ? callee.origin() : std::string_view();
    if (c.receiver.call < 0) c.receiver.call = callee.call;
    c.event = emit(c, c.origin, false, statement);
    Value out = Value::unless_given(callee.name() + "()", c.arguments[1].value);
    out.call = c.event;
    return out;
  }
  switch (callee.type) {
    case Type::reference: {
      c.origin = callee.origin();
      if (c.receiver.call < 0) c.receiver.call = callee.call;
      // A builtin class called through a project alias is the same call.
      c.event = emit(c, c.origin, false, statement);
      return outside(c.origin, c);
    }
    case Type::function:
    case Type::method: {
      const Function& function = *callee.function;
      c.event = emit(c, function.name, true, statement);
      Value framed;
      if (framework_call(function, c, framed)) return framed;
      const Value* self = callee.type == Type::method ? &callee.items()[0] : nullptr;
      Value result = call_function(function, self, c, c.expr ? c.expr->span : Span{});
      if (result.call < 0) result.call = c.event;
      return result;
    }
    case Type::class_:
      return instantiate(callee, c, statement);
    case Type::instance:
      if (callee.object && callee.object->of) {
        // model(x) of torch.nn.Module runs forward.
        const std::string outside = outside_base(*callee.object->of);
        const bool module = outside.find("Module") != outside.npos;
        const Value* method = find_in_class(*callee.object->of, module ? "forward" : "__call__");
        if (method && method->function) {
          c.event = emit(c, method->function->name, true, statement);
          Value result = call_function(*method->function, &callee, c, c.expr->span);
          if (result.call < 0) result.call = c.event;
          return result;
        }
      }
      c.event = emit(c, "", false, statement);
      ++risks_;
      return {};
    case Type::either: {
      // One alternative stands for the call: the first that can be called.
      for (const Value& one : callee.items()) {
        if (one.is_none() || one.is_unknown()) continue;
        Value result = dispatch(one, c, statement);
        return callee.items().size() > 1 && one.type != Type::reference ? result.joined(Value())
                                                                        : result;
      }
      break;
    }
    default:
      break;
  }
  c.event = emit(c, "", false, statement);
  ++risks_;
  // Code that we cannot see may change what it is given.
  for (const Argument& argument : c.arguments) {
    const Value& value = argument.value;
    const bool collection =
        value.type == Type::list || value.type == Type::dict || value.type == Type::set;
    if (value.object && collection) heap_.set_items(value.object, {}, true);
  }
  open_parsers(c);
  callbacks("", c);
  // `parser = set_options(parser, training)`: the parser with more options.
  if (const Value* first = c.positional(0);
      first && first->object && first->object->kind == Object::parser)
    return *first;
  if (callee.is_unknown() && callee.name() != "?") {
    Value out = Value::unknown(callee.name() + "()");
    out.call = c.event;
    return out;
  }
  Value out;
  out.call = c.event;
  return out;
}

void Machine::bind_parameters(const Function& f, const Value* self, const Call& c, Object* scope) {
  std::vector<const Argument*> positional;
  std::vector<bool> used(c.arguments.size(), false);
  for (const Argument& argument : c.arguments) {
    if (argument.keyword.empty()) positional.push_back(&argument);
  }
  size_t next = 0;
  bool bound_self = self == nullptr;
  const auto& list = f.parameters->list;
  const bool called = c.expr != nullptr;
  for (size_t i = 0; i < list.size(); ++i) {
    const Parameter& parameter = list[i];
    Value value;
    bool given = false;
    if (parameter.kind == Parameter::variadic) {
      std::vector<Value> rest;
      while (next < positional.size()) rest.push_back(positional[next++]->value);
      value = Value::collection(Type::tuple, std::move(rest), c.more_positional || !called);
      given = true;
    } else if (parameter.kind == Parameter::variadic_keyword) {
      std::vector<Value> rest;
      for (size_t k = 0; k < c.arguments.size(); ++k) {
        if (c.arguments[k].keyword.empty() || used[k]) continue;
        bool named = false;
        for (const Parameter& other : list) named |= other.name == c.arguments[k].keyword;
        if (named) continue;
        rest.push_back(Value::string(c.arguments[k].keyword));
        rest.push_back(c.arguments[k].value);
      }
      value = make_collection(Type::dict, std::move(rest), c.more_keywords || !called);
      given = true;
    } else if (parameter.kind != Parameter::keyword_only && !bound_self) {
      value = *self;
      bound_self = given = true;
    } else if (parameter.kind != Parameter::keyword_only && next < positional.size()) {
      value = positional[next++]->value;
      given = true;
    } else {
      for (size_t k = 0; k < c.arguments.size(); ++k) {
        if (c.arguments[k].keyword != parameter.name || parameter.name.empty()) continue;
        value = c.arguments[k].value;
        used[k] = given = true;
      }
    }
    if (!given) {
      const bool maybe = c.more_positional || c.more_keywords || !called;
      if (parameter.fallback) {
        value = f.defaults[i];
        // What an unseen caller may pass instead is not known.
        if (maybe) value.assumed = true;
        if (maybe && (value.is_none() || value.type == Type::boolean))
          value = Value::unknown(parameter.name);
      } else {
        value = Value::unknown(parameter.name);
      }
    }
    value.maybe_missing = false;
    scope->fields.insert_or_assign(std::string(parameter.name), std::move(value));
  }
}

Value Machine::run_function(const Function& f, Object* scope) {
  Activation activation;
  activation.scope = scope;
  activation.file = const_cast<ProgramFile*>(f.file);
  activation.function = &f;
  activation.caller = activation_;
  activation.mark = heap_.mark();
  Activation* saved = activation_;
  Loop* saved_loop = loop_;
  activation_ = &activation;
  loop_ = nullptr;
  stack_.push_back(&f);
  Value out;
  Flow flow = kNext;
  if (f.lambda) {
    out = eval(*f.lambda);
    activation.result = out;
    flow = kReturn;
  } else {
    flow = exec(f.body);
  }
  stack_.pop_back();
  loop_ = saved_loop;
  activation_ = saved;
  std::optional<Value> result;
  const auto merge = [&](const Value& value) { result = result ? result->joined(value) : value; };
  if (activation.exits.empty()) {
    if (activation.result)
      merge(*activation.result);
    else
      merge((flow & kNext) ? Value::none() : Value());
  } else {
    std::vector<Delta> outcomes;
    for (Activation::Exit& exit : activation.exits) {
      merge(exit.value);
      outcomes.push_back(std::move(exit.delta));
    }
    if (activation.result)
      merge(*activation.result);
    else if (flow & kNext)
      merge(Value::none());
    if (activation.result || (flow & kNext)) outcomes.push_back(heap_.changes(activation.mark));
    heap_.undo(activation.mark);
    heap_.join(outcomes);
  }
  // A generator's result is not modelled.
  if (!f.yields) f.yields = yields(f.body);
  if (f.managed || *f.yields) return {};
  return result.value_or(Value());
}

Value Machine::call_function(const Function& f, const Value* self, Call& c, Span span) {
  const bool recursive = std::find(stack_.begin(), stack_.end(), &f) != stack_.end();
  if (recursive || stack_.size() >= static_cast<size_t>(limits_.inline_depth) || depth_ > 1000 ||
      !step()) {
    ++risks_;
    open_parsers(c);
    return {};
  }
  if (!quiet()) f.called = true;
  FrameScope restore(*this);
  Frame& frame = push(FrameKind::function, span);
  frame.name = f.short_name;
  // A function's frame mentions its decorators: @torch.no_grad() holds for all of it.
  for (const Value& decorator : f.decorators) frame.mentions.emplace_back(decorator.origin());
  if (f.owner) frame.class_name = f.owner->name;
  Object* scope = heap_.make(Object::scope);
  scope->parent = f.scope;
  scope->file = f.file;
  Call bound = c;
  static const Expr kSynthetic;
  if (!bound.expr) bound.expr = &kSynthetic;  // a real call, although nobody wrote it
  bind_parameters(f, self, bound, scope);
  return run_function(f, scope);
}

Value Machine::instantiate(const Value& of_value, Call& c, bool statement) {
  if (!of_value.object || !of_value.object->of) return {};
  Class& of = *of_value.object->of;
  of.used = true;
  const Value* init = find_in_class(of, "__init__");
  const std::string outside_name = unknown_base(of) ? "" : outside_base(of);
  const bool enclosing_outside =
      !init && !outside_name.empty() && !of.record && !outside_name.starts_with("typing.") &&
      !outside_name.starts_with("abc.") && !outside_name.starts_with("enum.");
  // A class without a constructor of its own is built by its outside base.
  c.event = emit(c, enclosing_outside ? outside_name : of.name, !enclosing_outside, statement);
  Value made = Value::of(Type::instance);
  made.object = heap_.make(Object::instance);
  made.object->of = &of;
  made.object->open = unknown_base(of);
  made.call = c.event;
  made.payload = std::make_shared<const Payload>(Payload{{}, {}, of.name, {}});
  if (of.enumeration) return {};
  if (init && init->function) {
    call_function(*init->function, &made, c, c.expr ? c.expr->span : Span{});
  } else if (of.record) {
    size_t position = 0;
    for (const std::string& name : of.annotated) {
      const Value* given = c.get(position++, name);
      if (given) {
        heap_.set(made.object, name, *given);
        continue;
      }
      const Value* fallback = find_in_class(of, name);
      Value value = fallback ? *fallback : Value::unknown("self." + name);
      if (fallback && value.type == Type::reference) {
        // field(default=…), field(default_factory=…), pydantic.Field(…)
        const auto call = static_cast<size_t>(value.call);
        Value resolved = Value::unknown("self." + name);
        if (value.call >= 0 && call < trace_.calls.size()) {
          const CallEvent& field = trace_.calls[call];
          const bool pydantic = field.origin == "pydantic.Field";
          if (const Argument* given_default = field.argument(pydantic ? 0 : -1, {"default"})) {
            resolved = given_default->value;
          } else if (const Argument* factory = field.keyword("default_factory")) {
            Call none;
            none.expr = c.expr;
            if (factory->value.function) {
              const Value callee = factory->value;
              resolved = call_function(*callee.function, nullptr, none, field.span);
            } else if (factory->value.is_reference("builtins.list")) {
              resolved = make_collection(Type::list, {});
            } else if (factory->value.is_reference("builtins.dict")) {
              resolved = make_collection(Type::dict, {});
            }
          }
        }
        value = resolved;
      }
      // What an unseen mapping gives instead is not known.
      if (c.more_positional || c.more_keywords) {
        value.assumed = true;
        if (value.is_none() || value.type == Type::boolean) value = Value::unknown("self." + name);
      }
      heap_.set(made.object, name, value);
    }
    const Value* post = find_in_class(of, "__post_init__");
    if (post && post->function) {
      Call none;
      call_function(*post->function, &made, none, c.expr ? c.expr->span : Span{});
    }
  } else {
    for (const Argument& argument : c.arguments) {
      if (!argument.keyword.empty() && of.bases.empty())
        heap_.set(made.object, argument.keyword, argument.value);
    }
  }
  callbacks(of.name, c);
  return made;
}

/// super().method(…): a method of a project base, or a call to the outside base.
Value Machine::super_call(Call& c, bool statement) {
  const Function* function = activation_->function;
  const Class* owner = function ? function->owner : nullptr;
  if (!owner || function->parameters->list.empty()) {
    c.event = emit(c, "", false, statement);
    ++risks_;
    return {};
  }
  const Value self = lookup(function->parameters->list[0].name);
  c.receiver = self;
  for (const Value& base : owner->bases) {
    if (base.type != Type::class_ || !base.object || !base.object->of) continue;
    const Value* found = find_in_class(*base.object->of, c.method);
    if (!found || !found->function) continue;
    c.event = emit(c, found->function->name, true, statement);
    if (c.event >= 0) trace_.calls.back().through_super = true;
    return call_function(*found->function, &self, c, c.expr->span);
  }
  const std::string outside_name = unknown_base(*owner) ? "" : outside_base(*owner);
  std::string origin;
  if (!outside_name.empty())
    origin = c.method == "__init__" ? outside_name : outside_name + "()." + c.method;
  c.event = emit(c, origin, false, statement);
  if (c.event >= 0) trace_.calls.back().through_super = true;
  if (outside_name.empty() && c.method == "__init__") return Value::none();
  ++risks_;
  return {};
}

/// Project functions handed to code that we cannot see will be called by it.
void Machine::callbacks(std::string_view origin, Call& c) {
  const bool target =
      origin.ends_with("Thread") || origin.ends_with("Process") || origin.ends_with("Timer");
  const bool spawn = origin.ends_with(".spawn") || origin.ends_with("start_processes");
  const bool workers = hands_to_workers(origin);
  const bool run_now = target || spawn || workers || origin == "asyncio.run" ||
                       origin == "absl.app.run" || origin.ends_with("tf.app.run");
  for (const Argument& argument : c.arguments) {
    const Value& value = argument.value;
    if ((value.type != Type::function && value.type != Type::method) || !value.function) continue;
    // What is to be done with the results, or with a failure.
    if (workers && &argument != &c.arguments.front()) break;
    if (!run_now || value.function->called) continue;
    Call inner;
    inner.expr = c.expr;
    if (spawn) {
      Argument rank;
      rank.value = Value::unknown("rank");
      inner.arguments.push_back(rank);
    }
    // Each worker has others of what a pool is given.
    const Value* passed = workers ? nullptr : c.get(spawn ? 1 : 99, "args");
    if (passed) {
      const auto elements = elements_of(*passed);
      if (!elements) inner.more_positional = true;
      for (const Value& one : elements.value_or(std::vector<Value>())) {
        Argument each;
        each.value = one;
        inner.arguments.push_back(each);
      }
    } else if (!target && !spawn) {
      inner.more_positional = true;
    }
    const Value* self = value.type == Type::method ? &value.items()[0] : nullptr;
    call_function(*value.function, self, inner, c.expr ? c.expr->span : Span{});
  }
}

/// Code that is not followed may give the parsers that it is handed more options.
void Machine::open_parsers(const Call& c) {
  for (const Argument& argument : c.arguments) {
    Object* object = argument.value.object;
    if (object && object->kind == Object::parser) heap_.set_open(object);
  }
}

/// `parser = deepspeed.add_config_arguments(parser)`: the parser with more options, which are not
/// known. Null for any other function.
const Value* Machine::given_parser(std::string_view origin, Call& c) {
  const std::string_view name = origin.substr(origin.rfind('.') + 1);
  for (const Argument& argument : c.arguments) {
    Object* object = argument.value.object;
    if (!object || object->kind != Object::parser) continue;
    heap_.set_open(object);
    const bool chosen = origin.find("()") != origin.npos && &argument == &c.arguments.front();
    const bool adds = chosen || name.find("add_") != name.npos ||
                      (name.find("parser") != name.npos && !name.starts_with("parse"));
    return adds ? &argument.value : nullptr;
  }
  return nullptr;
}

/// A call to something outside the project.
Value Machine::outside(std::string_view origin, Call& c) {
  if (auto result = library(origin, c)) return *result;
  ++risks_;
  const Value* parser = given_parser(origin, c);
  callbacks(origin, c);
  if (parser) return *parser;
  if (origin.size() > 300) return {};
  return Value::reference(std::string(origin) + "()", c.event);
}

}  // namespace preflint::py
