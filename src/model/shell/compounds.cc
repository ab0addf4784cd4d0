#include <algorithm>
#include <utility>

#include "model/shell/fields.h"
#include "model/shell/machine.h"

namespace preflint::shell {
namespace {

constexpr int kMostTried = 2;  // loops around each other whose second round is looked at

/// Gives `state`, in which all rounds of a loop were taken together, what is known of the proxy and
/// of variables where they were taken one by one.
void take_known(const State& exact, State& state) {
  state.proxy = exact.proxy;
  state.variables = state.variables.merged(
      exact.variables, [](const Variable* joined, const Variable* one_by_one) {
        const bool known = one_by_one && (!joined || !one_by_one->value.constants().empty());
        return known ? *one_by_one : *joined;
      });
}

}  // namespace

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

/// Is one of a few candidates that a loop tries known to be on the box? Then a round finds it.
bool Machine::finds_one(const std::vector<Value>& candidates) const {
  constexpr size_t kMost = 8;
  return candidates.size() <= kMost &&
         std::any_of(candidates.begin(), candidates.end(), [&](const Value& candidate) {
           return candidate.alternatives().size() == 1 &&
                  host_.exists(candidate.alternatives()[0]) == Tri::yes;
         });
}

bool Machine::exits_within(const Command& loop) const {
  const std::string_view text = unit_->source.slice(loop.span);
  return text.find("exit") != std::string_view::npos ||
         text.find("return") != std::string_view::npos;
}

Outcome Machine::loop(const Command& command, State state) {
  const Frame* outer = frame_;
  const bool tests = command.kind == CommandKind::while_ || command.kind == CommandKind::until_;
  const bool names = command.kind == CommandKind::for_ || command.kind == CommandKind::select;
  Value items = Value::unknown("$" + command.name);
  Tri runs = Tri::maybe;  // does the body run at all?
  std::vector<Value> rounds;
  if (names && command.has_in) {
    const std::vector<Argument> words = expand_words(command.words, state);
    bool split = words.empty();
    for (size_t i = 0; i < words.size(); ++i) {
      split = split || words[i].may_split;
      items = i == 0 ? words[i].value : items.joined(words[i].value);
      rounds.push_back(words[i].value);
    }
    if (split) rounds.clear();
    if (words.empty()) items = Value::unknown("$" + command.name);
    if (!split) runs = Tri::yes;
  }
  const State before = state;
  ++loops_;
  State exit_state = unreachable(before);
  State left_early = exit_state;  // by break
  bool may_fail = false;          // can the last command of a round?
  bool leaves = false;            // does the last round never come to its end?
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
    left_early = ways.broken;
    exit_state = join(test.fail, left_early);
    // Silent passes know of the hook, but not which event it is.
    if (exit_state.hook_event < 0 && after.reachable) exit_state.hook_event = after.hook_event;
    if (!tests) {
      if (!leaves) exit_state = join(exit_state, after);
    } else if (test.fail.reachable && exit_state.reachable && after.reachable &&
               after.may_have_failed) {
      // What failed in a round stays failed; what the condition itself runs was decided anew.
      // `while true; do copy && break; done` is left by `break` alone, behind what was done then.
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
  State end = unreachable(before);  // of rounds that were looked at one by one
  if (silent_ == 1 && finds_one(rounds)) {
    const Value all = items;
    State next = before;
    for (const Value& item : rounds) {
      items = item;
      next = pass(next);
      end = join(end, left_early);
    }
    end = join(end, next);
    items = all;
  }
  // `for i in 1 2 3; do copy && break; [ $i = 3 ] && exit 1; done`
  if (!rounds.empty() && rounds.back().constant() && !once && exits_within(command)) {
    const Value all = std::exchange(items, rounds.back());
    leaves = !pass(entry).reachable;
    items = all;
  }
  --silent_;
  pass(entry);
  if (end.reachable) take_known(end, exit_state);
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
    std::optional<std::string> plain;
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
      plain = value.constant();
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
    frame.index = static_cast<size_t>(&item - command.items.data());
    push(frame);
    const bool matched = may_match && !catch_all;
    State chosen = state;
    if (part && matched && !empty && subject.empty() == Tri::maybe) fill(chosen, part->name);
    if (zero && !success_seen) chosen.remove_failed(asked);
    if (part && item.patterns.size() == 1 && plain)
      know_flag(chosen, part->name, Value::literal(*plain));
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

}  // namespace preflint::shell
