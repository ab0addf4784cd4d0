#include <algorithm>
#include <iterator>
#include <utility>

#include "model/shell/fields.h"
#include "model/shell/machine.h"

namespace preflint::shell {
namespace {

constexpr int kMostTried = 2;  // loops around each other whose second round is looked at

State unreachable(State state) {
  state.reachable = false;
  return state;
}

std::shared_ptr<const Status> status_of(const std::vector<int>& sites, const Pipeline* pipeline,
                                        Tri success) {
  return std::make_shared<const Status>(Status{sites, pipeline, success});
}

/// The hook ran, and on no path did a command make use of it.
bool unused_hook(Proxy proxy) {
  return proxy.may_be(Proxy::kFresh) && !proxy.may_be(Proxy::kActive);
}

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

}  // namespace

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
  State last = join(end.either(), ways.back);  // `return` at top level ends a sourced file
  end_of_shell(join(last, exits_.exit));
  function_ways_ = nullptr;
  return std::move(trace_);
}

void Machine::end_of_shell(State state) {
  const State before_traps = state;
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
  trace_.at_end = std::move(state);
  // A hook that nothing used has no effect where the unit's shell is gone at once.
  if (trace_.at_end.reachable && unused_hook(trace_.at_end.proxy) &&
      root_.embedding != Embedding::file && trace_.at_end.hook_event >= 0) {
    auto& hook = trace_.commands[static_cast<size_t>(trace_.at_end.hook_event)].hook;
    if (hook == CommandEvent::Hook::effective) hook = CommandEvent::Hook::lost;
  }
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

void Machine::leave_on_error(State& failed) {
  if (!failed.reachable || !errexit_applies()) return;
  if (failed.errexit == Tri::no) return;
  exits_.exit = join(exits_.exit, failed);
  if (failed.errexit == Tri::yes) failed.reachable = false;
}

Outcome Machine::list(const List& list, State state) {
  Outcome out = both(state);
  if (list.items.empty()) return succeeded(std::move(state));
  for (const AndOr& item : list.items) {
    State here = out.either();
    if (!here.reachable || spent()) return {unreachable(here), unreachable(here)};
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
    ++suppressed_;  // a failing background job does not end the shell
    const Outcome child = and_or(inner, std::move(state));
    --suppressed_;
    State end = join(child.either(), exits_.exit);
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
    current.ok = join(next.ok, skipped.ok);
    current.fail = join(next.fail, skipped.fail);
  }
  return current;
}

Outcome Machine::pipeline(const Pipeline& pipeline, State state) {
  const Frame* outer = frame_;
  Outcome out;
  if (pipeline.negated) {
    push(Frame{FrameKind::negation});
    ++suppressed_;
  }
  if (pipeline.commands.size() == 1) {
    out = command(*pipeline.commands[0], std::move(state));
  } else if (pipeline.commands.empty()) {
    out = succeeded(std::move(state));
  } else {
    const State before = state;
    State merged = state;  // whatever failed in any part
    std::vector<Status> statuses;
    std::vector<int> all_sites;
    State last_ok = state, last_fail = state;
    bool explained = false;  // the hook ran in a part, for nothing
    bool used = false;       // a part used the hook that ran before
    for (size_t i = 0; i < pipeline.commands.size(); ++i) {
      Frame frame{FrameKind::pipeline};
      frame.pipeline = &pipeline;
      frame.index = i;
      frame.count = pipeline.commands.size();
      push(frame);
      ++in_child_;
      ++suppressed_;
      Ways* loops = std::exchange(loop_ways_, nullptr);
      Ways exits = std::exchange(exits_, Ways());
      State entry = before;
      Outcome part = command(*pipeline.commands[i], std::move(entry));
      State early = exits_.exit;
      exits_ = std::move(exits);
      loop_ways_ = loops;
      --suppressed_;
      --in_child_;
      frame_ = outer;
      State part_fail = join(part.fail, early);
      State end = join(part.ok, part_fail);
      const State kept = after_child(before, end);
      if (end.reachable) merged = join(merged, kept);
      explained = explained || kept.proxy.surely(Proxy::kExplained);
      used = used || (before.proxy.may_be(Proxy::kFresh) && !kept.proxy.may_be(Proxy::kFresh));
      Status status;
      if (end.reachable && end.status) status = *end.status;
      if (part.ok.reachable && part.ok.status) status = *part.ok.status;
      all_sites.insert(all_sites.end(), status.sites.begin(), status.sites.end());
      statuses.push_back(status);
      if (i + 1 == pipeline.commands.size()) {
        last_ok.reachable = part.ok.reachable;
        last_fail.reachable = part_fail.reachable;
        last_ok.may_have_failed = part.ok.may_have_failed;
        last_fail.may_have_failed = part_fail.may_have_failed;
      }
    }
    // The pipeline's parts share nothing with the shell but their failures.
    State base = merged;
    base.proxy = explained
                     ? before.proxy.with(Proxy::kInactive | Proxy::kDropped, Proxy::kExplained)
                     : before.proxy;
    if (used) base.proxy = base.proxy.with(Proxy::kFresh, Proxy::kActive);
    base.pipe_status = std::make_shared<const std::vector<Status>>(statuses);
    out = both(base);
    const bool pipefail = before.pipefail == Tri::yes;
    if (pipefail) {
      out.ok.remove_failed(all_sites);
    } else {
      out.ok.remove_failed(statuses.back().sites);
    }
    out.ok.reachable = last_ok.reachable || !last_fail.reachable;
    out.fail.reachable = pipefail || last_fail.reachable;
    const std::vector<int> sites = pipefail ? all_sites : statuses.back().sites;
    out.ok.status = status_of(sites, &pipeline, Tri::yes);
    out.fail.status = status_of(sites, &pipeline, Tri::no);
  }
  if (pipeline.negated) {
    --suppressed_;
    frame_ = outer;
    std::swap(out.ok, out.fail);
  }
  return out;
}

State Machine::after_child(const State& before, const State& child) {
  State out = before;
  if (!child.reachable) return out;
  if (child.may_have_failed != before.may_have_failed) {
    // Mostly the same many sites: only what the child adds is put in one by one.
    static const std::vector<int> kNone;
    const std::vector<int>& old = before.may_have_failed ? *before.may_have_failed : kNone;
    const std::vector<int>& now = child.may_have_failed ? *child.may_have_failed : kNone;
    std::vector<int> fresh;
    std::set_difference(now.begin(), now.end(), old.begin(), old.end(), std::back_inserter(fresh));
    for (const int site : fresh) out.add_failed(site);
  }
  // The hook ran in a child that ended without using it: it changed nothing here.
  if (before.proxy.may_be(Proxy::kFresh) && !child.proxy.may_be(Proxy::kFresh) &&
      child.proxy.may_be(Proxy::kActive)) {
    out.proxy = out.proxy.with(Proxy::kFresh, Proxy::kActive);  // a command of the child used it
  }
  if (unused_hook(child.proxy) && child.hook_event >= 0 &&
      before.proxy.may_be(Proxy::kInactive | Proxy::kDropped) && silent_ == 0) {
    auto& event = trace_.commands[static_cast<size_t>(child.hook_event)];
    if (event.hook == CommandEvent::Hook::effective) event.hook = CommandEvent::Hook::lost;
    out.proxy = out.proxy.with(Proxy::kInactive | Proxy::kDropped, Proxy::kExplained);
  }
  return out;
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

Outcome Machine::if_command(const Command& command, State state) {
  Branches branches(unreachable(state));
  const Frame* outer = frame_;
  State next = std::move(state);
  for (const IfClause& clause : command.clauses) {
    Frame frame{FrameKind::if_condition};
    frame.command = &command;
    push(frame);
    ++suppressed_;
    Outcome test = list(clause.condition, std::move(next));
    --suppressed_;
    frame_ = outer;
    frame.kind = FrameKind::if_body;
    frame.index = static_cast<size_t>(&clause - command.clauses.data());
    // What stands under `if true` runs always: nothing is decided there.
    if (frame.index > 0 || test.fail.reachable) push(frame);
    if (test.ok.reachable) branches.add(list(clause.body, std::move(test.ok)));
    frame_ = outer;
    next = std::move(test.fail);
  }
  if (command.else_body) {
    if (next.reachable) {
      Frame frame{FrameKind::if_body};
      frame.command = &command;
      frame.index = command.clauses.size();
      push(frame);
      branches.add(list(*command.else_body, std::move(next)));
      frame_ = outer;
    }
  } else if (next.reachable) {
    next.status = status_of({}, nullptr, Tri::yes);  // no branch taken: 0
    branches.ok.add(std::move(next));
  }
  return branches.joined();
}

Outcome Machine::loop(const Command& command, State state) {
  const Frame* outer = frame_;
  const bool tests = command.kind == CommandKind::while_ || command.kind == CommandKind::until_;
  const bool names = command.kind == CommandKind::for_ || command.kind == CommandKind::select;
  Value items = Value::unknown("$" + command.name);
  Tri runs = Tri::maybe;  // does the body run at all?
  if (names && command.has_in) {
    const std::vector<Argument> words = expand_words(command.words, state);
    bool split = words.empty();
    for (size_t i = 0; i < words.size(); ++i) {
      split = split || words[i].may_split;
      items = i == 0 ? words[i].value : items.joined(words[i].value);
    }
    if (words.empty()) items = Value::unknown("$" + command.name);
    if (!split) runs = Tri::yes;
  }
  const State before = state;
  ++loops_;
  State exit_state = unreachable(before);
  bool may_fail = false;  // can the last command of a round?
  const auto pass = [&](State entry) {
    Ways ways;
    Ways* saved = std::exchange(loop_ways_, &ways);
    Frame frame{FrameKind::loop_condition};
    frame.command = &command;
    Outcome test = both(entry);
    const int first_of_condition = static_cast<int>(trace_.commands.size());
    if (tests) {
      push(frame);
      ++suppressed_;
      test = list(command.condition, std::move(entry));
      --suppressed_;
      frame_ = outer;
      if (command.kind == CommandKind::until_) std::swap(test.ok, test.fail);
    } else {
      if (names) {
        Variable variable;
        variable.value = items;
        variable.unit = unit_;
        variable.span = command.name_span;
        set_variable(test.ok, command.name, std::move(variable));
      }
      if (runs == Tri::yes) test.fail.reachable = false;
    }
    const int end_of_condition = static_cast<int>(trace_.commands.size());
    frame.kind = FrameKind::loop_body;
    push(frame);
    const Outcome round = test.ok.reachable ? list(command.body, test.ok)
                                            : Outcome{unreachable(test.ok), unreachable(test.ok)};
    may_fail = round.fail.reachable;
    State after = round.either();
    frame_ = outer;
    loop_ways_ = saved;
    after = join(after, ways.continued);
    // The loop ends when its condition fails (at first or after a round), by break, or, for a list,
    // after the last round.
    exit_state = join(test.fail, ways.broken);
    // Silent passes know of the hook, but not which event it is.
    if (exit_state.hook_event < 0 && after.reachable) exit_state.hook_event = after.hook_event;
    if (!tests) {
      exit_state = join(exit_state, after);
    } else if (exit_state.reachable && after.reachable && after.may_have_failed) {
      // What failed in a round stays failed; what the condition itself runs was decided anew.
      for (const int site : *after.may_have_failed) {
        if (site < first_of_condition || site >= end_of_condition) exit_state.add_failed(site);
      }
    }
    return after;
  };
  // Silent passes find what rounds change, so that the last pass starts from what holds at the
  // start of any round: what still changes in the second round is not known at all.
  // Deep within loops whose own rounds are only tried out one is enough, or each loop of a nest
  // would double the work of those around it.
  const bool once = silent_ > 0 && loops_ > kMostTried;
  ++silent_;
  State entry = once ? before : join(before, pass(before));
  if (once) {
    // What an outer loop finds changed is not known there.
  } else if (loops_ <= kMostTried) {
    const State again = join(entry, pass(entry));
    if (!again.variables.same(entry.variables))
      entry = widened(entry, again);
    else
      entry = again;
  } else {
    entry = widened(before, entry);
  }
  --silent_;
  pass(entry);
  --loops_;
  if (!may_fail) {
    // `set -e` has ended the shell, or nothing in the body fails; no round, break and continue give
    // 0.
    exit_state.status = status_of({}, nullptr, Tri::yes);
    return succeeded(std::move(exit_state));
  }
  exit_state.status = nullptr;
  return both(exit_state);
}

Outcome Machine::case_command(const Command& command, State state) {
  const Frame* outer = frame_;
  const Value subject = expand(command.subject, state);
  const auto constant = subject.constant();
  const Part* part = sole_parameter(&command.subject);
  Branches branches(unreachable(state));
  const std::vector<int> asked = is_status(subject) ? sites_of(subject) : std::vector<int>();
  bool catch_all = false;
  bool fell = false;  // some path comes here from the item before
  bool success_seen = false;
  bool surely = false;  // …whatever this item's patterns are: `;&`
  State falling = unreachable(state);
  for (const CaseItem& item : command.items) {
    bool may_match = fell && !surely, must_match = false;
    bool empty = false;    // does the empty text match?
    bool nothing = false;  // …and nothing but the empty text, by one of the patterns?
    bool zero = false;     // does the status of what succeeded?
    for (const Word& pattern : item.patterns) {
      const Value value = expand(pattern, state);
      std::string glob;
      bool known = true;
      for (const Piece& piece : value.alternatives()[0].pieces()) {
        const bool wild =
            !piece.known && is_glob_name(piece.text) && piece.text.find_first_of("*?[") == 0;
        known = known && (piece.known || wild);
        glob += piece.text;
      }
      nothing = nothing || glob.empty();
      zero = zero || (known && !catch_all && matches_glob(glob, "0"));
      empty = empty || glob.find_first_not_of('*') == std::string::npos || !known;
      if (glob == "*") {
        may_match = true;
        must_match = true;
      } else if (!constant || !known || value.alternatives().size() > 1) {
        may_match = true;
      } else if (matches_glob(glob, *constant)) {
        may_match = must_match = true;
      }
    }
    if (catch_all && !fell) continue;
    if (!may_match && !surely) continue;
    Frame frame{FrameKind::case_body};
    frame.command = &command;
    push(frame);
    const bool matched = may_match && !catch_all;
    State chosen = state;
    if (part && matched && !empty && subject.empty() == Tri::maybe) fill(chosen, part->name);
    if (zero && !success_seen) chosen.remove_failed(asked);
    success_seen = success_seen || zero;
    State entry = !fell ? chosen : matched ? join(falling, chosen) : falling;
    // After `;;&` the item is only entered when its own pattern matches as well.
    if (fell && !surely) branches.ok.add(falling);
    Outcome body = list(item.body, std::move(entry));
    frame_ = outer;
    fell = item.end != CaseItem::stop;
    surely = item.end == CaseItem::fall_through;
    if (fell)
      falling = body.either();
    else
      branches.add(std::move(body));
    catch_all = catch_all || must_match;
    if (part && nothing && subject.empty() == Tri::maybe) fill(state, part->name);
  }
  if (fell) branches.ok.add(std::move(falling));
  if (!catch_all) {
    if (!success_seen) state.remove_failed(asked);  // each failure has an item of its own
    state.status = status_of({}, nullptr, Tri::yes);
    branches.ok.add(std::move(state));
  }
  return branches.joined();
}

Outcome Machine::subshell(const List& body, State state, FrameKind kind, const Command* command) {
  const Frame* outer = frame_;
  Frame frame{kind};
  frame.command = command;
  push(frame);
  ++in_child_;
  const State before = state;
  Ways ways;
  Ways* loops = std::exchange(loop_ways_, nullptr);
  Ways* function = std::exchange(function_ways_, &ways);
  Ways exits = std::exchange(exits_, Ways());
  // What the child declares local is the child's: the function around it does not restore it.
  Outcome inner = list(body, std::move(state));
  const State early = join(exits_.exit, ways.back);
  exits_ = std::move(exits);
  function_ways_ = function;
  loop_ways_ = loops;
  --in_child_;
  frame_ = outer;
  inner.fail = join(inner.fail, early);
  if (early.reachable && early.status && early.status->success == Tri::yes) {
    inner.ok = join(inner.ok, early);
  }
  const State kept = after_child(before, inner.either());
  Outcome out = both(kept);
  out.ok.may_have_failed = inner.ok.may_have_failed;
  out.fail.may_have_failed = inner.fail.may_have_failed;
  out.ok.status = inner.ok.status;
  out.fail.status = inner.fail.status;
  out.ok.reachable = inner.ok.reachable;
  out.fail.reachable = inner.fail.reachable;
  return out;
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
  if (!ways.back.reachable) return;
  const Tri success = ways.back.status ? ways.back.status->success : Tri::maybe;
  if (success != Tri::no) out.ok = join(out.ok, ways.back);
  if (success != Tri::yes) out.fail = join(out.fail, ways.back);
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

Trace run(const Unit& unit, State entry, Host& host, const RunLimits& limits) {
  return Machine(unit, host, limits).run(std::move(entry));
}

}  // namespace preflint::shell
