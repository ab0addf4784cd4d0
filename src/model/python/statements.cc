#include <algorithm>

#include "model/python/machine.h"

namespace preflint::py {

Flow Machine::exec(Body body) {
  FrameScope restore(*this);
  Flow out = kNext;
  for (const Stmt* s : body) {
    if (!step()) return out;
    ++depth_;
    const Flow flow = statement(*s);
    --depth_;
    out = static_cast<Flow>((out & ~kNext) | flow);
    if (!(flow & kNext)) return out;
    const bool may_leave = (flow & ~kNext) != 0;
    if (may_leave && s->kind == StmtKind::if_ && !s->blocks.empty() && s->blocks[0].test) {
      Frame& frame = push(FrameKind::after_exit, s->blocks[0].test->span);
      frame.mentions = mentions(*s->blocks[0].test);
      frame.taken = false;
      frame.unexpected = s->orelse.empty() && s->blocks.size() == 1 && exit_expected_ == Tri::yes;
    }
  }
  return out;
}

Flow Machine::statement(const Stmt& s) {
  switch (s.kind) {
    case StmtKind::expression:
      if (s.exprs.empty()) break;
      if (s.exprs[0]->kind == ExprKind::call) {
        const Value result = call(*s.exprs[0], true);
        if (result.is_reference("sys.exit()")) return kRaise;
      } else if (s.exprs[0]->kind == ExprKind::await && !s.exprs[0]->children.empty() &&
                 s.exprs[0]->children[0]->kind == ExprKind::call) {
        call(*s.exprs[0]->children[0], true);
      } else {
        eval(*s.exprs[0]);
      }
      break;
    case StmtKind::assign: {
      const Expr& value_expr = *s.exprs.back();
      const Value value = eval(value_expr);
      for (size_t i = 0; i + 1 < s.exprs.size(); ++i) assign(*s.exprs[i], value, value_expr.span);
      break;
    }
    case StmtKind::annotated:
      if (s.exprs.size() == 3 && s.exprs[2])
        assign(*s.exprs[0], eval(*s.exprs[2]), s.exprs[2]->span);
      break;
    case StmtKind::augmented:
      augmented(s);
      break;
    case StmtKind::return_:
      return return_statement(s);
    case StmtKind::delete_:
      for (const Expr* target : s.exprs) delete_target(*target);
      break;
    case StmtKind::raise:
      for (const Expr* e : s.exprs) eval(*e);
      ++risks_;
      return kRaise;
    case StmtKind::assert_:
      if (!s.exprs.empty()) test(*s.exprs[0]);
      ++risks_;
      break;
    case StmtKind::break_:
      return leave_loop(kBreak);
    case StmtKind::continue_:
      return leave_loop(kContinue);
    case StmtKind::import:
      import_statement(s);
      break;
    case StmtKind::import_from:
      import_from(s);
      break;
    case StmtKind::global:
      for (const Alias& name : s.names) activation_->globals.emplace(name.name);
      break;
    case StmtKind::nonlocal:
      for (const Alias& name : s.names) activation_->nonlocals.emplace(name.name);
      break;
    case StmtKind::if_:
      return if_statement(s);
    case StmtKind::while_:
      return while_statement(s);
    case StmtKind::for_:
      return for_statement(s);
    case StmtKind::try_:
      return try_statement(s);
    case StmtKind::with:
      return with_statement(s);
    case StmtKind::match:
      return match_statement(s);
    case StmtKind::function:
      define_function(s);
      break;
    case StmtKind::class_:
      define_class(s);
      break;
    case StmtKind::pass:
    case StmtKind::type_alias:
    case StmtKind::unknown:
      break;
  }
  return kNext;
}

Flow Machine::if_statement(const Stmt& s) {
  FrameScope restore(*this);
  std::vector<Delta> outcomes;
  Flow out = 0;
  const size_t mark = heap_.mark();
  bool decided = false;
  int forks = 0;
  Flow last = kNext;
  Tri first_expected = Tri::maybe;
  bool first_leaves = true;  // it never goes on behind the `if`
  for (const Block& block : s.blocks) {
    const Tri truth = test(*block.test);
    const Tri expected = expected_;
    if (&block == &s.blocks[0]) first_expected = expected;
    if (truth == Tri::no) continue;
    if (truth == Tri::yes) {
      last = exec(block.body);
      decided = true;
      break;
    }
    const std::vector<std::string> names = mentions(*block.test);
    if (forks == 0) ++forks, ++activation_->forks;
    const size_t branch = heap_.mark();
    {
      FrameScope inner(*this);
      Frame& frame = push(FrameKind::condition, block.test->span);
      frame.mentions = names;
      frame.unexpected = expected == Tri::no;
      const Flow flow = exec(block.body);
      if (&block == &s.blocks[0] && (flow & kNext)) first_leaves = false;
      out |= static_cast<Flow>(flow & ~kNext);
      if (flow & kNext) outcomes.push_back(heap_.changes(mark));
    }
    heap_.undo(branch);
    Frame& rest = push(FrameKind::condition, block.test->span);
    rest.mentions = names;
    rest.taken = false;
    rest.unexpected = expected == Tri::yes;
  }
  if (!decided) last = exec(s.orelse);
  exit_expected_ = first_leaves ? first_expected : Tri::maybe;
  activation_->forks -= forks;
  out |= static_cast<Flow>(last & ~kNext);
  if (outcomes.empty()) return static_cast<Flow>(out | (last & kNext));
  if (last & kNext) outcomes.push_back(heap_.changes(mark));
  heap_.undo(mark);
  heap_.join(outcomes);
  return static_cast<Flow>(out | kNext);
}

Flow Machine::try_statement(const Stmt& s) {
  FrameScope restore(*this);
  const size_t mark = heap_.mark();
  const int risks = risks_;
  bool swallows = false;
  std::vector<std::string> caught;
  for (const Block& handler : s.blocks) {
    bool raises = false;
    for (const Stmt* inner : handler.body) raises |= inner->kind == StmtKind::raise;
    swallows |= !raises;
    if (handler.test) {
      for (std::string& name : mentions(*handler.test)) caught.push_back(std::move(name));
    }
  }
  ++activation_->forks;
  Flow flow;
  {
    FrameScope inner(*this);
    if (!s.blocks.empty()) {
      Frame& frame = push(FrameKind::try_body, {s.span.begin, s.span.begin + 3});
      frame.mentions = caught;
      frame.swallows = swallows;
    }
    flow = exec(s.body);
  }
  const bool quiet_body = risks == risks_ && flow == kNext;
  std::vector<Delta> outcomes;
  Flow out = static_cast<Flow>(flow & ~(kNext | kRaise));
  const Delta after_body = heap_.changes(mark);
  if (flow & kNext) {
    const Flow tail = s.orelse.empty() ? kNext : exec(s.orelse);
    out |= static_cast<Flow>(tail & ~kNext);
    if (tail & kNext) outcomes.push_back(heap_.changes(mark));
  }
  if (s.blocks.empty() && (flow & kRaise)) out |= kRaise;
  if (!quiet_body) {
    for (const Block& handler : s.blocks) {
      heap_.undo(mark);
      heap_.join({Delta{}, after_body});
      FrameScope inner(*this);
      Frame& frame = push(FrameKind::handler, handler.span);
      if (handler.test) frame.mentions = mentions(*handler.test);
      if (handler.target) assign(*handler.target, Value::unknown("exception"), handler.span);
      const Flow tail = exec(handler.body);
      out |= static_cast<Flow>(tail & ~kNext);
      if (tail & kNext) outcomes.push_back(heap_.changes(mark));
    }
  }
  --activation_->forks;
  const bool next = !outcomes.empty();
  if (next) {
    heap_.undo(mark);
    heap_.join(outcomes);
  }
  if (!s.final.empty()) {
    FrameScope inner(*this);
    push(FrameKind::final, s.span);
    const Flow tail = exec(s.final);
    out |= static_cast<Flow>(tail & ~kNext);
    if (!(tail & kNext)) return out;
  }
  return static_cast<Flow>(out | (next ? kNext : 0));
}

Flow Machine::with_statement(const Stmt& s) {
  FrameScope restore(*this);
  for (const Block& block : s.blocks) {
    const Value value = eval(*block.test);
    push(FrameKind::with, block.test->span).mentions = mentions(*block.test);
    if (!block.target) continue;
    Value entered = value;
    if (value.type == Type::instance && value.object && value.object->of) {
      const Value* enter = find_in_class(*value.object->of, "__enter__");
      if (enter && enter->function) {
        Call none;
        entered = call_function(*enter->function, &value, none, block.test->span);
      }
    } else if (value.is_string() || value.type == Type::function) {
      entered = Value();
    }
    assign(*block.target, entered, block.test->span);
  }
  return exec(s.body);
}

Flow Machine::match_statement(const Stmt& s) {
  FrameScope restore(*this);
  Value subject = s.exprs.size() == 1 ? eval(*s.exprs[0]) : Value();
  if (subject.assumed) subject = Value();
  std::vector<Delta> outcomes;
  Flow out = 0;
  const size_t mark = heap_.mark();
  ++activation_->forks;
  bool exhausted = false;
  const auto matches = [&](const Expr& pattern) -> Tri {
    switch (pattern.kind) {
      case ExprKind::name:
        return Tri::yes;  // `_` or a capture
      case ExprKind::string:
      case ExprKind::integer:
      case ExprKind::true_:
      case ExprKind::false_:
      case ExprKind::none:
      case ExprKind::real:
        return compare_two(Op::eq, subject, eval(pattern));
      default:
        return Tri::maybe;
    }
  };
  for (const Block& block : s.blocks) {
    Tri truth = Tri::maybe;
    if (block.test && block.test->kind == ExprKind::boolean) {
      truth = Tri::no;
      for (const Expr* option : block.test->children) truth = truth | matches(*option);
    } else if (block.test) {
      truth = matches(*block.test);
    }
    if (truth == Tri::no) continue;
    const size_t branch = heap_.mark();
    FrameScope inner(*this);
    if (truth == Tri::maybe || block.target) {
      push(FrameKind::condition, block.span).mentions =
          s.exprs.size() == 1 ? mentions(*s.exprs[0]) : std::vector<std::string>();
    }
    if (block.test && block.test->kind == ExprKind::name && block.test->text != "_") {
      bind(block.test->text, subject);
    } else if (block.test &&
               (block.test->kind == ExprKind::pattern || block.test->kind == ExprKind::tuple ||
                block.test->kind == ExprKind::list)) {
      for (const Expr* name : block.test->children) {
        if (name && name->kind == ExprKind::name) bind(name->text, Value());
      }
    }
    if (block.target) truth = truth & test(*block.target);
    if (truth == Tri::no) {
      heap_.undo(branch);
      continue;
    }
    const Flow flow = exec(block.body);
    out |= static_cast<Flow>(flow & ~kNext);
    if (flow & kNext) outcomes.push_back(heap_.changes(mark));
    heap_.undo(branch);
    if (truth == Tri::yes) {
      exhausted = true;
      break;
    }
  }
  if (!exhausted) outcomes.emplace_back();
  --activation_->forks;
  if (outcomes.empty()) return out;
  heap_.undo(mark);
  heap_.join(outcomes);
  return static_cast<Flow>(out | kNext);
}

Flow Machine::return_statement(const Stmt& s) {
  Value value = s.exprs.empty() ? Value::none() : eval(*s.exprs[0]);
  if (activation_->forks > 0) {
    Delta delta = heap_.changes(activation_->mark);
    steps_ += delta.slots.size();
    activation_->exits.push_back({std::move(delta), std::move(value)});
  } else {
    activation_->result = std::move(value);
  }
  return kReturn;
}

Flow Machine::leave_loop(Flow how) {
  if (!loop_) return kNext;
  Delta delta = heap_.changes(loop_->mark);
  steps_ += delta.slots.size();
  (how == kBreak ? loop_->breaks : loop_->continues).push_back(std::move(delta));
  return how;
}

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
