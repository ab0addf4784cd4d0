#include <algorithm>

#include "model/python/machine.h"

namespace preflint::py {
namespace {

constexpr size_t kMaxUnrolled = 32;
constexpr uint64_t kMaxUnrollSteps = 30'000;  // of one loop
constexpr uint64_t kMaxAllUnrollSteps = 300'000;

bool has_call(const Expr& expr) {
  std::vector<const Expr*> open{&expr};
  while (!open.empty()) {
    const Expr* at = open.back();
    open.pop_back();
    if (!at) continue;
    if (at->kind == ExprKind::call) return true;
    open.insert(open.end(), at->children.begin(), at->children.end());
    for (const Clause& clause : at->clauses) {
      open.push_back(clause.iterable);
      open.insert(open.end(), clause.conditions.begin(), clause.conditions.end());
    }
  }
  return false;
}

}  // namespace

const std::vector<Value>& Machine::live_items(const Value& v) const {
  return v.object ? v.object->items : v.items();
}

bool Machine::live_open(const Value& v) const {
  return v.object ? v.object->open || v.open : v.open;
}

/// The elements that iterating over a value gives, when they are all known.
std::optional<std::vector<Value>> Machine::elements_of(const Value& value) {
  Work::done(live_items(value).size() * Work::kItem);
  switch (value.type) {
    case Type::set:
      // The order in which a set gives its elements is not known.
      if (live_open(value) || live_items(value).size() > 1) return std::nullopt;
      return live_items(value);
    case Type::list:
    case Type::tuple:
      if (live_open(value)) return std::nullopt;
      return live_items(value);
    case Type::dict: {
      if (live_open(value)) return std::nullopt;
      std::vector<Value> keys;
      for (size_t i = 0; i < live_items(value).size(); i += 2) keys.push_back(live_items(value)[i]);
      return keys;
    }
    case Type::string: {
      const auto text = value.constant();
      if (!text || value.is_path || text->size() > 200) return std::nullopt;
      std::vector<Value> out;
      for (char c : *text) {
        if (static_cast<uint8_t>(c) >= 0x80) return std::nullopt;
        out.push_back(Value::string(std::string_view(&c, 1)));
      }
      return out;
    }
    default:
      return std::nullopt;
  }
}

/// What one element of an iterable may be when not all are known.
Value Machine::element_of(const Value& value, const Expr& iterable) {
  const bool collection =
      value.type == Type::list || value.type == Type::tuple || value.type == Type::set;
  if (value.type == Type::reference) {
    return Value::reference(std::string(value.origin()) + "[]", value.call);
  }
  if (collection && !live_open(value) && !live_items(value).empty()) {
    Value out = live_items(value)[0];
    for (const Value& item : live_items(value)) out = out.joined(item);
    return out;
  }
  return iterable.kind == ExprKind::name ? Value::unknown(iterable.text) : Value();
}

Flow Machine::for_statement(const Stmt& s) {
  const Value iterable = eval(*s.exprs[1]);
  const auto elements = elements_of(iterable);
  if (elements && elements->empty()) return exec(s.orelse);
  Value element = element_of(iterable, *s.exprs[1]);
  if (elements) {
    element = (*elements)[0];
    for (const Value& item : *elements) element = element.joined(item);
  }
  return loop_body(s, elements ? &*elements : nullptr, element, !elements, false);
}

Flow Machine::while_statement(const Stmt& s) {
  const Tri truth = test(*s.exprs[0]);
  if (truth == Tri::no) return exec(s.orelse);
  const bool endless = s.exprs[0]->kind == ExprKind::true_ || s.exprs[0]->kind == ExprKind::integer;
  return loop_body(s, nullptr, Value(), truth != Tri::yes, endless);
}

/// Runs the body once; the outcomes of an iteration that can be followed by another are returned.
std::vector<Delta> Machine::iterate_once(const Stmt& s, const Value* element, Loop& loop,
                                         Flow& flow) {
  FrameScope restore(*this);
  const bool is_for = s.kind == StmtKind::for_;
  Frame& frame =
      push(FrameKind::loop, is_for ? Span{s.span.begin, s.exprs[1]->span.end} : s.exprs[0]->span);
  frame.mentions = mentions(is_for ? *s.exprs[1] : *s.exprs[0]);
  Loop* saved = loop_;
  loop_ = &loop;
  if (element) assign(*s.exprs[0], *element, s.exprs[1]->span);
  flow = exec(s.body);
  loop_ = saved;
  std::vector<Delta> out = loop.continues;
  if (flow & kNext) out.push_back(heap_.changes(loop.mark));
  return out;
}

/// Follows a loop over known elements exactly, without recording events. False (and nothing
/// changed) when it cannot be followed.
bool Machine::unroll(const Stmt& s, const std::vector<Value>& elements) {
  if (elements.size() > kMaxUnrolled || unroll_steps_ > kMaxAllUnrollSteps || !s.orelse.empty())
    return false;
  const size_t begin = heap_.mark();
  const uint64_t steps = steps_;
  ++muted_;
  bool good = true;
  for (const Value& element : elements) {
    Loop loop;
    loop.mark = heap_.mark();
    Flow flow = 0;
    const std::vector<Delta> outcomes = iterate_once(s, &element, loop, flow);
    if (flow == kBreak && loop.breaks.size() == 1 && loop.continues.empty()) break;
    if ((flow & ~(kNext | kContinue)) != 0 || steps_ - steps > kMaxUnrollSteps || stopped_) {
      good = false;
      break;
    }
    if (outcomes.size() > 1 || flow == kContinue) {
      heap_.undo(loop.mark);
      heap_.join(outcomes);
    }
  }
  --muted_;
  unroll_steps_ += steps_ - steps;
  if (!good) heap_.undo(begin);
  return good;
}

Flow Machine::loop_body(const Stmt& s, const std::vector<Value>* elements, const Value& element,
                        bool may_skip, bool endless) {
  const Value* target = s.kind == StmtKind::for_ ? &element : nullptr;
  if (quiet() && elements && unroll(s, *elements)) return kNext;
  ++activation_->forks;
  const size_t begin = heap_.mark();
  Loop loop;
  Flow flow = 0;
  std::vector<Delta> again;
  const auto modules = executed_modules_;
  for (int attempt = 0;; ++attempt) {
    const size_t calls = trace_.calls.size(), imports = trace_.imports.size(),
                 writes = trace_.environment_writes.size(), assigned = trace_.assignments.size(),
                 shell = trace_.shell.size(), exits = activation_->exits.size();
    const size_t entry = heap_.mark();
    loop = Loop{begin, activation_->forks, {}, {}};
    again = iterate_once(s, target, loop, flow);
    heap_.undo(entry);
    // What one iteration leaves for the next must be covered by what this one began with.
    std::vector<std::pair<Delta::Key, Delta::Slot>> wider;
    for (const Delta& outcome : again) {
      for (const auto& [key, slot] : outcome.slots) {
        const Delta::Slot before = heap_.current(key);
        const bool present = key.whole ? true : before.field.has_value();
        if (!present) continue;
        Delta::Slot both = joined(before, slot);
        if (both.field == before.field && both.items == before.items && both.open == before.open)
          continue;
        if (both.field && (attempt > 0 || (before.field->is_number() && !both.field->is_unknown())))
          both.field = Value();
        if (both.field) both.field->maybe_missing = before.field->maybe_missing;
        wider.emplace_back(key, std::move(both));
      }
    }
    if (wider.empty() || attempt == 3 || modules != executed_modules_ || stopped_ ||
        steps_ > limits_.steps / 2)
      break;
    trace_.calls.resize(calls);
    trace_.imports.resize(imports);
    trace_.environment_writes.resize(writes);
    trace_.assignments.resize(assigned);
    trace_.shell.resize(shell);
    activation_->exits.resize(exits);
    for (auto& [key, slot] : wider) heap_.write(key, std::move(slot));
  }
  heap_.undo(begin);
  --activation_->forks;
  const Flow left = static_cast<Flow>(flow & (kReturn | kRaise));
  if (elements && unroll(s, *elements)) return static_cast<Flow>(kNext | left);
  std::vector<Delta> outcomes = std::move(again);
  if (may_skip) outcomes.emplace_back();
  if (endless) outcomes.clear();
  if (!outcomes.empty()) {
    heap_.join(outcomes);
    if (!s.orelse.empty()) {
      ++activation_->forks;
      const Flow tail = exec(s.orelse);
      --activation_->forks;
      const Delta after = heap_.changes(begin);
      heap_.undo(begin);
      outcomes.clear();
      if (tail & kNext) outcomes.push_back(after);
      for (Delta& exit : loop.breaks) outcomes.push_back(std::move(exit));
      if (outcomes.empty()) return static_cast<Flow>(left | (tail & ~kNext));
      heap_.join(outcomes);
      return static_cast<Flow>(kNext | left | (tail & ~kNext));
    }
    if (loop.breaks.empty()) return static_cast<Flow>(kNext | left);
    outcomes = {heap_.changes(begin)};
    heap_.undo(begin);
  }
  for (Delta& exit : loop.breaks) outcomes.push_back(std::move(exit));
  if (outcomes.empty()) return static_cast<Flow>(left | (endless ? 0 : kNext));
  heap_.join(outcomes);
  return static_cast<Flow>(kNext | left);
}

Value Machine::comprehension(const Expr& e) {
  FrameScope restore(*this);
  push(FrameKind::comprehension, e.span);
  Object* scope = heap_.make(Object::scope);
  scope->parent = activation_->scope;
  Object* saved = activation_->scope;
  activation_->scope = scope;
  // Calls are recorded once, with what any element may be; then the elements are followed exactly.
  bool exact = true;
  std::vector<Value> out;
  const bool calls = has_call(e) && !quiet();
  if (calls) {
    const size_t mark = heap_.mark();
    std::vector<Value> ignored;
    bool ignored_exact = false;  // false: one joined pass
    comprehend(e, 0, ignored, ignored_exact);
    heap_.undo(mark);
  }
  ++muted_;
  comprehend(e, 0, out, exact);
  --muted_;
  activation_->scope = saved;
  const Type type = e.kind == ExprKind::set_comp    ? Type::set
                    : e.kind == ExprKind::dict_comp ? Type::dict
                                                    : Type::list;
  if (type == Type::dict) {
    Value made = make_collection(Type::dict, {});
    Call none;
    for (size_t i = 0; i + 1 < out.size(); i += 2)
      assign_item(made, out[i], out[i + 1], e.span, e.span);
    if (!exact && made.object) heap_.set_items(made.object, {}, true);
    return made;
  }
  if (!exact) out.clear();
  return make_collection(type, std::move(out), !exact);
}

void Machine::comprehend(const Expr& e, size_t clause_index, std::vector<Value>& out, bool& exact) {
  if (!step() || out.size() > 256) {
    exact = false;
    return;
  }
  if (clause_index == e.clauses.size()) {
    for (const Expr* element : e.children) out.push_back(eval(*element));
    return;
  }
  const Clause& clause = e.clauses[clause_index];
  const Value iterable = eval(*clause.iterable);
  const auto elements = elements_of(iterable);
  const bool joined_pass = !exact;
  if (joined_pass || !elements || elements->size() > 256) {
    exact = false;
    Value element = element_of(iterable, *clause.iterable);
    if (elements && elements->empty()) return;
    if (elements) {
      element = (*elements)[0];
      for (const Value& item : *elements) element = element.joined(item);
    }
    assign(*clause.target, element, clause.iterable->span);
    for (const Expr* condition : clause.conditions) test(*condition);
    comprehend(e, clause_index + 1, out, exact);
    exact = false;
    return;
  }
  for (const Value& element : *elements) {
    assign(*clause.target, element, clause.iterable->span);
    Tri keep = Tri::yes;
    for (const Expr* condition : clause.conditions) keep = keep & test(*condition);
    if (keep == Tri::no) continue;
    if (keep == Tri::maybe) exact = false;
    comprehend(e, clause_index + 1, out, exact);
    if (!exact) return;
  }
}

}  // namespace preflint::py
