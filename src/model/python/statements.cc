#include <algorithm>

#include "model/python/machine.h"

namespace preflint::py {
namespace {

bool import_error(std::string_view name) {
  return name == "ImportError" || name == "ModuleNotFoundError" || name == "builtins.ImportError" ||
         name == "builtins.ModuleNotFoundError";
}

}  // namespace

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
      frame.undecided = undecided(*s->blocks[0].test);
      const bool alone = s->orelse.empty() && s->blocks.size() == 1;
      frame.unexpected = alone && exit_expected_ == Tri::yes;
      frame.by_default = alone && exit_expected_ == Tri::no;
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
    const std::vector<std::string> open = undecided(*block.test);
    if (forks == 0) ++forks, ++activation_->forks;
    const size_t branch = heap_.mark();
    {
      FrameScope inner(*this);
      Frame& frame = push(FrameKind::condition, block.test->span);
      frame.mentions = names;
      frame.undecided = open;
      frame.unexpected = expected == Tri::no;
      frame.by_default = expected == Tri::yes;
      narrow(*block.test, true);
      const Flow flow = exec(block.body);
      if (&block == &s.blocks[0] && (flow & kNext)) first_leaves = false;
      out |= static_cast<Flow>(flow & ~kNext);
      if (flow & kNext) outcomes.push_back(heap_.changes(mark));
    }
    heap_.undo(branch);
    Frame& rest = push(FrameKind::condition, block.test->span);
    rest.mentions = names;
    rest.taken = false;
    rest.undecided = open;
    rest.unexpected = expected == Tri::yes;
    rest.by_default = expected == Tri::no;
    narrow(*block.test, false);
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

/// `try: importlib.util.find_spec(name) except ImportError: …`: what is not there is None, and no
/// error. One is raised only for a module below a package that is not there.
bool Machine::asks_for_module(const Stmt& s) {
  if (s.body.size() != 1 || s.body[0]->exprs.empty()) return false;
  const StmtKind kind = s.body[0]->kind;
  const Expr& asked = *s.body[0]->exprs.back();
  if ((kind != StmtKind::expression && kind != StmtKind::assign) || asked.kind != ExprKind::call ||
      asked.children.size() != 2)
    return false;
  const std::vector<std::string> callee = mentions(*asked.children[0]);
  if (std::find(callee.begin(), callee.end(), "importlib.util.find_spec") == callee.end())
    return false;
  const preflint::Value name = eval(*asked.children[1]).text();
  for (const Text& one : name.alternatives()) {
    if (one.display().find('.') != std::string::npos) return false;
  }
  return std::all_of(s.blocks.begin(), s.blocks.end(), [&](const Block& handler) {
    const auto caught = handler.test ? mentions(*handler.test) : std::vector<std::string>{""};
    return std::all_of(caught.begin(), caught.end(), import_error);
  });
}

/// `try: import spaces except ImportError: …` of a module that is missing where the program runs:
/// the handler that is come to. Null for any other.
const Block* Machine::handler_of_missing(const Stmt& s) {
  if (!host_.missing || s.body.empty()) return nullptr;
  const Stmt& first = *s.body[0];
  const bool plain = first.kind == StmtKind::import && !first.names.empty();
  const bool from = first.kind == StmtKind::import_from && first.level == 0;
  if (!plain && !from) return nullptr;
  const std::string name(plain ? first.names[0].name : first.text);
  if (!host_.missing(name) ||
      !resolve_import(name, 0, activation_->file->path, folders_, host_).empty())
    return nullptr;
  const auto found = std::find_if(s.blocks.begin(), s.blocks.end(), [&](const Block& handler) {
    const auto caught = handler.test ? mentions(*handler.test) : std::vector<std::string>{""};
    return std::any_of(caught.begin(), caught.end(), [](const std::string& error) {
      return error.empty() || import_error(error) || error.ends_with("Exception");
    });
  });
  return found == s.blocks.end() ? nullptr : &*found;
}

Flow Machine::try_statement(const Stmt& s) {
  if (const Block* handler = handler_of_missing(s)) {
    if (handler->target) assign(*handler->target, Value::unknown("exception"), handler->span);
    const Flow flow = exec(handler->body);
    const Flow last = exec(s.final);
    return last & kNext ? static_cast<Flow>(flow | (last & ~kNext)) : last;
  }
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
  const bool quiet_body = (risks == risks_ || asks_for_module(s)) && flow == kNext;
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

}  // namespace preflint::py
