#include <algorithm>
#include <utility>

#include "model/shell/machine.h"

namespace preflint::shell {
namespace {

/// Names that no script can give: is the variable a function's own, and what does that hide?
std::string own_mark(size_t depth, const std::string& name) {
  return "@own " + std::to_string(depth) + " " + name;
}
std::string hidden_mark(size_t depth, const std::string& name) {
  return "@hidden " + std::to_string(depth) + " " + name;
}

/// Nothing when both are nothing.
void set_joined(State& state, const std::string& name, const Variable* a, const Variable* b) {
  if (a || b)
    state.variables.set(name, join_variables(a, b));
  else
    state.variables.erase(name);
}

}  // namespace

void Machine::make_local(const std::string& name, State& state) {
  if (locals_.empty()) return;
  locals_.back().insert(name);
  const std::string mark = own_mark(locals_.size(), name),
                    hidden = hidden_mark(locals_.size(), name);
  const Variable* own = state.variable(mark);
  if (own && own->set == Tri::yes) return;
  // Where only some paths came here before, the others hide what is there now.
  const Variable* now = state.variable(name);
  set_joined(state, hidden, now, own ? state.variable(hidden) : now);
  state.variables.set(mark, Variable());
}

void Machine::end_locals(const std::set<std::string>& names, State& state) const {
  const size_t depth = locals_.size() + 1;
  for (const std::string& name : names) {
    const std::string mark = own_mark(depth, name), hidden = hidden_mark(depth, name);
    const Variable* own = state.variable(mark);
    if (!own) continue;
    const Variable* outside = state.variable(hidden);
    set_joined(state, name, outside, own->set == Tri::yes ? outside : state.variable(name));
    state.variables.erase(mark);
    state.variables.erase(hidden);
  }
}

void Machine::come_back(const Ways& ways, Outcome& out) {
  out.ok = join(out.ok, ways.back);
  out.fail = join(out.fail, ways.back_failed);
}

Outcome Machine::call_function(const FunctionDefinition& function, const CommandEvent& event,
                               State state) {
  if (static_cast<int>(calling_.size()) >= limits_.depth ||
      std::find(calling_.begin(), calling_.end(), function.command) != calling_.end()) {
    return both(state);
  }
  // In a long script each function is followed at least once, and the end is reached.
  const bool long_run = steps_ > limits_.steps / 2 || trace_.commands.size() > limits_.commands / 2;
  const bool again = std::find(called_functions_.begin(), called_functions_.end(),
                               function.command) != called_functions_.end();
  if (!host_.follow(*function.command) || (long_run && again)) {
    state.opaque = true;  // it may have set anything
    return both(state);
  }
  const uint64_t steps_before = steps_;
  if (silent_ == 0) called_functions_.push_back(function.command);
  Frame frame{FrameKind::function};
  frame.command = function.command;
  frame.unit = event.unit;
  frame.span = event.span;
  const State caller = state;
  auto positional = std::make_shared<std::vector<Argument>>();
  bool known = true;
  for (const Argument& argument : event.arguments) {
    known = known && !argument.may_split;
    positional->push_back(argument);
    if (!argument.origin) {
      positional->back().origin = argument.word;
      positional->back().origin_unit = event.unit;
    }
  }
  if (known)
    state.positional = std::move(positional);
  else
    state.positional = nullptr;
  state.given = 0;

  const Unit* saved_unit = unit_;
  const Frame* outer = frame_;
  push(frame);
  unit_ = function.unit;
  Ways ways;
  Ways* saved = std::exchange(function_ways_, &ways);
  Ways* loops = std::exchange(loop_ways_, nullptr);
  locals_.emplace_back();
  calling_.push_back(function.command);
  Outcome out = command(*function.command->definition, std::move(state));
  calling_.pop_back();
  const std::set<std::string> locals = std::move(locals_.back());
  locals_.pop_back();
  loop_ways_ = loops;
  function_ways_ = saved;
  unit_ = saved_unit;
  frame_ = outer;
  host_.followed(*function.command, steps_ - steps_before);
  come_back(ways, out);
  for (State* end : {&out.ok, &out.fail}) {
    end->positional = caller.positional;
    end->given = caller.given;
    end_locals(locals, *end);
  }
  return out;
}

void Machine::run_uncalled(const State& at_end) {
  // Functions may define more functions; each is looked at once.
  for (size_t i = 0; i < defined_functions_.size() && i < 2000; ++i) {
    const auto [function, defined_in] = defined_functions_[i];
    if (std::find(called_functions_.begin(), called_functions_.end(), function.command) !=
        called_functions_.end()) {
      continue;
    }
    // What many programs source is looked at in the first of them only.
    const bool own = function.unit == &root_ || function.unit->parent;
    if (!own && !(limits_.sourced && host_.look(*function.command))) continue;
    called_functions_.push_back(function.command);
    State state = at_end.reachable ? at_end : defined_in;
    // Who calls it, when, and with what is not known.
    state.proxy = Proxy::kUnknown;
    state.positional = nullptr;
    state.given = 0;
    state.opaque = true;
    state.clear_failed();
    Frame frame{FrameKind::uncalled};
    frame.command = function.command;
    frame.unit = function.unit;
    frame.span = function.command->name_span;
    const Unit* unit = unit_;
    const Frame* outer = frame_;
    unit_ = function.unit;
    push(frame);
    Ways ways;
    Ways* saved = std::exchange(function_ways_, &ways);
    locals_.emplace_back();
    calling_.push_back(function.command);
    command(*function.command->definition, std::move(state));
    calling_.pop_back();
    locals_.pop_back();
    function_ways_ = saved;
    frame_ = outer;
    unit_ = unit;
  }
}

}  // namespace preflint::shell
