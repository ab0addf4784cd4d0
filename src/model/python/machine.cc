#include "model/python/machine.h"

#include <algorithm>

#include "syntax/python/parse.h"

namespace preflint::py {

const Value* Call::positional(size_t n) const {
  for (const Argument& argument : arguments) {
    if (argument.keyword.empty() && n-- == 0) return &argument.value;
  }
  return nullptr;
}

const Value* Call::keyword(std::string_view name) const {
  for (const Argument& argument : arguments) {
    if (argument.keyword == name) return &argument.value;
  }
  return nullptr;
}

const Value* Call::get(size_t n, std::string_view name) const {
  const Value* found = positional(n);
  return found ? found : keyword(name);
}

size_t Call::count() const {
  size_t n = 0;
  for (const Argument& argument : arguments) n += argument.keyword.empty();
  return n;
}

Machine::Machine(const Launch& launch, const Host& host, const Limits& limits)
    : launch_(launch), host_(host), limits_(limits) {}

bool Machine::step() {
  if (stopped_ || ended_) return false;
  Work::done(Work::kStep);
  steps_ += work_.steps();
  if (steps_ > limits_.steps || depth_ > 1200 ||
      (++asked_ % 4096 == 0 && host_.cancelled && host_.cancelled())) {
    trace_.incomplete = true;
    if (depth_ <= 1200) stopped_ = true;
    return false;
  }
  return true;
}

Frame& Machine::push(FrameKind kind, Span span) {
  Frame frame;
  frame.kind = kind;
  frame.parent = frame_;
  frame.file = activation_ ? activation_->file : nullptr;
  frame.span = span;
  trace_.frames.push_back(std::move(frame));
  frame_ = &trace_.frames.back();
  return trace_.frames.back();
}

void Machine::settle(const Expr& operand, Tri truth) {
  if (truth == Tri::maybe)
    settled_.erase(&operand);
  else
    settled_.insert(&operand);
}

std::vector<std::string> Machine::undecided(const Expr& expr) {
  if (expr.kind != ExprKind::boolean || settled_.empty()) return {};
  const bool some = std::any_of(expr.children.begin(), expr.children.end(),
                                [&](const Expr* one) { return settled_.contains(one); });
  return some ? mentions(expr, false) : std::vector<std::string>();
}

/// Names and dotted names in an expression, an imported root replaced by what it stands for. With
/// `all` false, operands whose truth is known are left out.
std::vector<std::string> Machine::mentions(const Expr& expr, bool all) {
  std::vector<std::string> out;
  std::vector<const Expr*> open{&expr};
  for (int budget = 200; !open.empty() && budget > 0; --budget) {
    const Expr* at = open.back();
    open.pop_back();
    if (!at || (!all && settled_.contains(at))) continue;
    const Expr* base = at;
    std::string tail;
    while (base->kind == ExprKind::attribute) {
      tail = "." + std::string(base->text) + tail;
      base = base->children[0];
    }
    if (base->kind == ExprKind::name) {
      const Value root = lookup(base->text);
      const bool outside = root.type == Type::reference && !root.origin().starts_with("builtins.");
      if (outside) out.push_back(std::string(root.origin()) + tail);
      if (!outside || root.origin() != base->text) out.push_back(std::string(base->text) + tail);
      continue;
    }
    if (base != at) {
      out.push_back(tail);  // `Path(x).exists()`
      open.push_back(base);
    } else if (at->kind == ExprKind::string) {
      out.emplace_back(at->text);
    } else {
      open.insert(open.end(), at->children.begin(), at->children.end());
    }
  }
  return out;
}

void Machine::learn_tested(const Value& value) {
  if (!quiet() && value.call >= 0 && static_cast<size_t>(value.call) < trace_.calls.size()) {
    trace_.calls[static_cast<size_t>(value.call)].tested = true;
  }
}

Trace Machine::run() {
  const std::string& path = launch_.source.file().path;
  main_folder_ = paths::dirname(path);
  folders_ = {main_folder_};
  environment_ = heap_.make(Object::environment);
  environment_->open = true;
  for (const std::string& name : launch_.unset) environment_->fields[name] = Value::none();
  for (const auto& [name, value] : launch_.environment)
    environment_->fields[name] = Value::string(value);
  world_ = heap_.make(Object::instance);
  world_->fields["cwd"] = Value::string(launch_.cwd);

  ProgramFile& file = trace_.files.emplace_back();
  file.path = path;
  file.name = launch_.is_main ? "__main__" : std::string(paths::basename(path));
  if (launch_.syntax) {
    file.syntax = *launch_.syntax;
  } else if (launch_.notebook) {
    file.syntax = parse(launch_.source, launch_.notebook->pieces);
  } else {
    file.syntax = parse(launch_.source);
  }
  Object* scope = heap_.make(Object::module);
  scope->file = &file;
  scope->fields["__name__"] = Value::string(file.name);
  scope->fields["__file__"] = Value::string(launch_.file);
  Activation activation;
  activation.scope = scope;
  activation.file = &file;
  activation_ = &activation;
  exec(file.syntax.body);
  call_entry();
  ended_ = false;
  frame_ = nullptr;
  collect_globals();
  run_uncalled();
  activation_ = nullptr;
  return std::move(trace_);
}

/// What an installed program runs: the function that its entry point names.
void Machine::call_entry() {
  const auto at = activation_->scope->fields.find(launch_.entry);
  if (launch_.entry.empty() || at == activation_->scope->fields.end() || !at->second.function)
    return;
  const Value callee = at->second;
  Call none;
  Value result;
  if (!framework_call(*callee.function, none, result))
    call_function(*callee.function, nullptr, none, Span{});
}

void Machine::collect_globals() {
  for (const auto& [name, value] : activation_->scope->fields) {
    trace_.globals.emplace_back(name, freeze(value));
  }
}

/// Functions that the program never called are looked at once, so that nothing in the file is
/// missed.
void Machine::run_uncalled() {
  std::map<const Class*, Value> instances;
  for (size_t i = 0; i < functions_.size() && i < 5000 && !stopped_; ++i) {
    Function& function = *functions_[i];
    if (function.called) continue;
    const Span where = function.definition ? function.definition->span
                       : function.lambda   ? function.lambda->span
                                           : Span{};
    if (host_.look && function.file && !host_.look(function.file->path, where)) continue;
    FrameScope restore(*this);
    const Span head = function.definition ? function.definition->name_span
                      : function.lambda   ? function.lambda->span
                                          : Span{};
    Frame& frame = push(FrameKind::uncalled, head);
    frame.name = function.short_name;
    for (const Value& decorator : function.decorators)
      frame.mentions.emplace_back(decorator.origin());
    if (function.owner) frame.class_name = function.owner->name;
    Call call;
    Value self;
    const Value* bound = nullptr;
    if (function.owner && function.binding != Function::static_) {
      auto [found, fresh] = instances.emplace(function.owner, Value());
      if (fresh) {
        Value made = Value::of(Type::instance);
        made.object = heap_.make(Object::instance);
        made.object->of = function.owner;
        found->second = made;
        const Value* init = find_in_class(*function.owner, "__init__");
        if (init && init->function && init->function != &function && !init->function->called) {
          init->function->called = true;
          Object* locals = heap_.make(Object::scope);
          locals->parent = init->function->scope;
          bind_parameters(*init->function, &found->second, call, locals);
          const std::string saved = frame.name;
          frame.name = "__init__";
          run_function(*init->function, locals);
          frame.name = saved;
          FrameScope inner(*this);
        }
      }
      self = found->second;
      bound = &self;
    }
    function.called = true;
    Object* locals = heap_.make(Object::scope);
    locals->parent = function.scope;
    bind_parameters(function, bound, call, locals);
    run_function(function, locals);
  }
}

Trace run(const Launch& launch, const Host& host, const Limits& limits) {
  return Machine(launch, host, limits).run();
}

}  // namespace preflint::py
