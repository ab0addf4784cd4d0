#include <algorithm>
#include <set>
#include <utility>

#include "base/one_of.h"
#include "model/shell/machine.h"

namespace preflint::shell {
namespace {

/// Compound commands pass on only failures that `set -e` has already ignored inside them.
bool ends_shell_on_error(const Pipeline& pipeline) {
  if (pipeline.negated || pipeline.commands.empty()) return false;
  if (pipeline.commands.size() > 1) return true;
  switch (pipeline.commands[0]->kind) {
    case CommandKind::simple:
    case CommandKind::subshell:
    case CommandKind::test:
    case CommandKind::arithmetic:
      return true;
    default:
      return false;
  }
}

/// `cd folder`, with nothing else.
bool changes_folder(const Pipeline& pipeline) {
  if (pipeline.negated || pipeline.commands.size() != 1) return false;
  const Command& command = *pipeline.commands[0];
  return command.kind == CommandKind::simple && command.words.size() == 2 &&
         one_of(command.words[0].literal().value_or(""), {"cd", "pushd"});
}

}  // namespace

State unreachable(State state) {
  state.reachable = false;
  return state;
}

std::shared_ptr<const Status> status_of(const std::vector<int>& sites, const Pipeline* pipeline,
                                        Tri success) {
  return std::make_shared<const Status>(Status{sites, pipeline, success});
}

bool unused_hook(Proxy proxy) {
  return proxy.may_be(Proxy::kFresh) && !proxy.may_be(Proxy::kActive);
}

void Meeting::add(State state) {
  if (!state.reachable) return;
  parts_.push_back({std::move(state), 0});
  while (parts_.size() > 1 && parts_[parts_.size() - 2].joins == parts_.back().joins) {
    Part& before = parts_[parts_.size() - 2];
    before.state = join(before.state, parts_.back().state);
    ++before.joins;
    parts_.pop_back();
  }
}

State Meeting::joined() const {
  if (parts_.empty()) return none_;
  State out = parts_.back().state;
  for (size_t i = parts_.size() - 1; i > 0; --i) out = join(parts_[i - 1].state, out);
  return out;
}

Machine::Machine(const Unit& unit, Host& host, const RunLimits& limits)
    : root_(unit), host_(host), limits_(limits), unit_(&unit) {}

const Frame* Machine::push(Frame frame) {
  frame.parent = frame_;
  frame.text = unit_;
  trace_.frames.push_back(frame);
  return frame_ = &trace_.frames.back();
}

bool Machine::spent() {
  Work::done(Work::kStep);
  steps_ += work_.steps();
  if (steps_ <= limits_.steps && trace_.commands.size() < limits_.commands) return false;
  trace_.incomplete = true;
  return true;
}

Outcome Machine::decided(const State& state, Tri success) {
  Outcome out = both(state);
  out.ok.status = status_of({}, nullptr, Tri::yes);
  out.fail.status = status_of({}, nullptr, Tri::no);
  if (success == Tri::yes) out.fail.reachable = false;
  if (success == Tri::no) out.ok.reachable = false;
  return out;
}

Trace Machine::run(State entry) {
  if (unit_->errexit) entry.errexit = Tri::yes;
  if (unit_->pipefail) entry.pipefail = Tri::yes;
  Ways ways;
  function_ways_ = &ways;
  Outcome end = list(unit_->shell->list, std::move(entry));
  State last = join(end.either(), ways.returned());  // `return` at top level ends a sourced file
  if (last.reachable) exits_.leave(last);
  end_of_shell();
  function_ways_ = nullptr;
  return std::move(trace_);
}

void Machine::end_of_shell() {
  const State before_traps = exits_.left();
  State state = exits_.trapped;
  if (state.reachable) {
    if (const Trap* trap = state.traps.find("EXIT")) {
      if (trap->word) {
        Frame frame{FrameKind::trap};
        frame.unit = trap->unit;
        frame.span = trap->word->span;
        const Unit* unit = unit_;
        unit_ = trap->unit;
        Argument handler;
        handler.value = trap->handler;
        handler.span = trap->word->span;
        handler.word = trap->word;
        state.traps.erase("EXIT");
        if (const auto source = source_of(handler, state)) {
          Unit& inner = trace_.units.emplace_back(*trap->unit);
          inner.source = *source;
          inner.parent = trap->unit;
          inner.parent_span = trap->word->span;
          inner.shell = host_.parse(inner.source.text(), inner.dialect);
          trace_.programs.push_back(inner.shell);
          state = inline_program(*inner.shell, inner, state, frame).either();
        }
        unit_ = unit;
      }
    }
  }
  run_uncalled(before_traps);
  trace_.at_end = join(exits_.exit, state);
  // A hook that nothing used has no effect where the unit's shell is gone at once.
  if (trace_.at_end.reachable && unused_hook(trace_.at_end.proxy) &&
      root_.embedding != Embedding::file && !root_.typed && trace_.at_end.hook_event >= 0) {
    auto& hook = trace_.commands[static_cast<size_t>(trace_.at_end.hook_event)].hook;
    if (hook == CommandEvent::Hook::effective) hook = CommandEvent::Hook::lost;
  }
}

void Machine::leave_on_error(State& failed) {
  if (!failed.reachable || !errexit_applies()) return;
  if (failed.errexit == Tri::no) return;
  exits_.leave(failed);
  if (failed.errexit == Tri::yes) failed.reachable = false;
}

Outcome Machine::list(const List& list, State state) {
  Outcome out = both(state);
  if (list.items.empty()) return succeeded(std::move(state));
  // The shell reads and runs one command after the other, and ends at what is none.
  const Program* program = unit_->shell.get();
  const uint32_t end =
      program && !program->errors.empty() ? program->errors.front().span.begin : list.span.end;
  for (const AndOr& item : list.items) {
    State here = out.either();
    if (!here.reachable || spent() || item.span.begin > end)
      return {unreachable(here), unreachable(here)};
    out = and_or(item, std::move(here));
  }
  return out;
}

Outcome Machine::and_or(const AndOr& item, State state) {
  const Frame* outer = frame_;
  if (item.background) {
    Frame frame{FrameKind::background};
    frame.and_or = &item;
    push(frame);
    ++in_child_;
    State before = state;
    Ways ways;
    Ways* loops = std::exchange(loop_ways_, nullptr);
    Ways exits = std::exchange(exits_, Ways());
    AndOr inner = item;
    inner.background = false;
    // A failing command ends the job and not the shell: `exits_` is the job's own.
    const Outcome child = and_or(inner, std::move(state));
    State end = join(child.either(), exits_.left());
    exits_ = std::move(exits);
    loop_ways_ = loops;
    --in_child_;
    frame_ = outer;
    before = after_child(before, end);
    before.status = status_of({}, nullptr, Tri::yes);
    return succeeded(std::move(before));
  }
  if (item.pipelines.size() == 1) {
    Outcome out = pipeline(item.pipelines[0], std::move(state));
    if (ends_shell_on_error(item.pipelines[0])) leave_on_error(out.fail);
    return out;
  }
  // The states in which the next pipeline runs, and those in which the list has its status already.
  Outcome current;
  // The commands that have all succeeded when the whole of `a && b && c` has.
  const bool all_needed =
      std::find(item.operators.begin(), item.operators.end(), AndOr::or_if) == item.operators.end();
  std::set<int> needed;
  const size_t count = item.pipelines.size();
  for (size_t i = 0; i < count; ++i) {
    const bool last = i + 1 == count;
    Outcome skipped;
    skipped.ok.reachable = skipped.fail.reachable = false;
    State entry = state;
    Frame frame{last ? FrameKind::and_or_right : FrameKind::and_or_left};
    frame.and_or = &item;
    frame.index = i;
    frame.count = count;
    if (i > 0) {
      const bool or_if = item.operators[i - 1] == AndOr::or_if;
      entry = or_if ? current.fail : current.ok;
      (or_if ? skipped.ok : skipped.fail) = or_if ? current.ok : current.fail;
      frame.or_operator = or_if;
    } else {
      frame.or_operator = item.operators[0] == AndOr::or_if;
    }
    Outcome next{unreachable(entry), unreachable(entry)};
    if (entry.reachable) {
      push(frame);
      if (!last) ++suppressed_;
      next = pipeline(item.pipelines[i], std::move(entry));
      if (!last) --suppressed_;
      frame_ = outer;
      // Only the failure of the last pipeline ends the shell under `set -e`.
      if (last && ends_shell_on_error(item.pipelines[i])) leave_on_error(next.fail);
    }
    for (const State* end : {&next.ok, &next.fail}) {
      if (all_needed && end->reachable && end->status)
        needed.insert(end->status->sites.begin(), end->status->sites.end());
    }
    // `cd project && source /etc/network_turbo; git pull`: whoever is not in the project's folder
    // fetches nothing there.
    if (i > 0 && item.operators[i - 1] == AndOr::and_if && next.ok.reachable &&
        changes_folder(item.pipelines[i - 1]))
      skipped.fail.proxy = next.ok.proxy;
    current.ok = join(next.ok, skipped.ok);
    current.fail = join(next.fail, skipped.fail);
  }
  if (all_needed) {
    const std::vector<int> sites(needed.begin(), needed.end());
    current.ok.status = status_of(sites, nullptr, Tri::yes);
    current.fail.status = status_of(sites, nullptr, Tri::no);
  }
  return current;
}

Outcome Machine::command(const Command& command, State state) {
  if (!state.reachable || spent()) return {unreachable(state), unreachable(state)};
  if (depth_ > 180) {
    trace_.incomplete = true;
    return both(state);
  }
  if (command.kind == CommandKind::simple) return simple(command, std::move(state));
  ++depth_;
  std::vector<RedirectEvent> redirects;
  expand_redirects(command, state, redirects);
  Outcome out = compound(command, std::move(state));
  --depth_;
  return out;
}

Outcome Machine::compound(const Command& command, State state) {
  switch (command.kind) {
    case CommandKind::subshell:
      return subshell(command.body, std::move(state), FrameKind::subshell, &command);
    case CommandKind::group: {
      const Frame* outer = frame_;
      Frame frame{FrameKind::group};
      frame.command = &command;
      push(frame);
      Outcome out = list(command.body, std::move(state));
      frame_ = outer;
      return out;
    }
    case CommandKind::if_:
      return if_command(command, std::move(state));
    case CommandKind::while_:
    case CommandKind::until_:
    case CommandKind::for_:
    case CommandKind::select:
    case CommandKind::arith_for:
      return loop(command, std::move(state));
    case CommandKind::case_:
      return case_command(command, std::move(state));
    case CommandKind::function: {
      const FunctionDefinition definition{&command, unit_};
      state.functions.set(command.name, definition);
      if (silent_ == 0 &&
          std::none_of(defined_functions_.begin(), defined_functions_.end(),
                       [&](const auto& known) { return known.first.command == &command; })) {
        defined_functions_.emplace_back(definition, state);
      }
      return succeeded(std::move(state));
    }
    case CommandKind::test: {
      Outcome out = condition(command.test, std::move(state));
      out.ok.status = status_of({}, nullptr, Tri::yes);
      out.fail.status = status_of({}, nullptr, Tri::no);
      return out;
    }
    case CommandKind::arithmetic: {
      Outcome out = arithmetic(command, std::move(state));
      out.ok.status = status_of({}, nullptr, Tri::yes);
      out.fail.status = status_of({}, nullptr, Tri::no);
      return out;
    }
    case CommandKind::coproc: {
      State before = state;
      ++in_child_;
      const Frame* outer = frame_;
      push(Frame{FrameKind::background});
      if (command.definition) this->command(*command.definition, std::move(state));
      frame_ = outer;
      --in_child_;
      return succeeded(std::move(before));
    }
    case CommandKind::simple:
      break;
  }
  return both(state);
}

Outcome Machine::inline_program(const Program& program, const Unit& unit, State state,
                                const Frame& frame) {
  const Unit* saved_unit = unit_;
  const Frame* outer = frame_;
  push(frame);
  unit_ = &unit;
  Outcome out = list(program.list, std::move(state));
  unit_ = saved_unit;
  frame_ = outer;
  return out;
}

Trace run(const Unit& unit, State entry, Host& host, const RunLimits& limits) {
  return Machine(unit, host, limits).run(std::move(entry));
}

}  // namespace preflint::shell
