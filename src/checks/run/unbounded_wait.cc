#include <string_view>

#include "project/context.h"
#include "project/waiting.h"

namespace preflint::checks {

namespace {

using project::Run;
using shell::Command;
using shell::CommandEvent;
using shell::Frame;
using shell::FrameKind;

const Frame* waiting_loop(const CommandEvent& event) {
  const Frame* frame = event.enclosing(FrameKind::loop_condition);
  if (!frame || !frame->command) return nullptr;
  const shell::CommandKind kind = frame->command->kind;
  return kind == shell::CommandKind::while_ || kind == shell::CommandKind::until_ ? frame : nullptr;
}

/// What the loop does besides: sleeps, counts, may give up.
struct Body {
  bool sleeps = false, bounded = false;
};

Body body_of(const Run& run, const Command* loop, const Unit& unit) {
  Body out;
  for (const CommandEvent& event : run.shell->commands) {
    bool inside = false;
    for (const Frame* frame = event.frame; frame; frame = frame->parent) {
      inside = inside || (frame->command == loop && frame->kind == FrameKind::loop_body);
    }
    if (!inside) continue;
    out.sleeps = out.sleeps || event.name == "sleep";
    out.bounded =
        out.bounded || event.name == "break" || event.name == "exit" || event.name == "return";
  }
  // A counter, SECONDS or the clock in the loop's text bounds it.
  const std::string_view text = unit.source.slice(loop->span);
  for (const std::string_view mark :
       {"++", "+=", "$((", "((", "SECONDS", "date +%s", "-lt ", "-gt ", "-ge ", "-le "}) {
    out.bounded = out.bounded || text.find(mark) != std::string_view::npos;
  }
  return out;
}

bool limited(const Run& run) {
  for (const Run* at = &run; at; at = at->parent) {
    const CommandEvent* launcher = at->launcher();
    if (launcher && launcher->has_prefix("timeout")) return true;
  }
  return false;
}

}  // namespace

void unbounded_wait(project::Context& context) {
  context.each_command(project::Where::anywhere, [&](const Run& run, const CommandEvent& event) {
    const Frame* loop = waiting_loop(event);
    if (!loop) return;
    const bool asks_ssh = event.name == "ssh" && !event.has_prefix("timeout");
    if ((!asks_ssh && !project::over_ssh(run)) || event.has_prefix("timeout") || limited(run))
      return;
    if (event.name == "read" || event.name == "true" || event.name == ":") return;
    const Body body = body_of(run, loop->command, *loop->text);
    if (!body.sleeps || body.bounded) return;
    context.report(run, event).arguments = {{"command", event.name}};
  });
}

}  // namespace preflint::checks
