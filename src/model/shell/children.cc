#include <algorithm>
#include <iterator>
#include <utility>

#include "model/shell/machine.h"

namespace preflint::shell {

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
      Ways* loops = std::exchange(loop_ways_, nullptr);
      Ways exits = std::exchange(exits_, Ways());
      State entry = before;
      Outcome part = command(*pipeline.commands[i], std::move(entry));
      State early = exits_.left();
      exits_ = std::move(exits);
      loop_ways_ = loops;
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
  out.printed = child.printed;
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
  const State early = join(exits_.left(), ways.returned());
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

}  // namespace preflint::shell
