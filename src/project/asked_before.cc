#include "project/asked_before.h"

#include <algorithm>

namespace preflint::project {

using shell::CommandEvent;
using shell::Frame;
using shell::FrameKind;

namespace {

/// The clause of an `if` that a command stands in, or in whose condition it stands; null in none.
const Frame* within(const CommandEvent& event, FrameKind kind, const Frame& of) {
  for (const Frame* at = event.frame; at; at = at->parent) {
    if (at->kind == kind && at->command == of.command && at->text == of.text) return at;
  }
  return nullptr;
}

/// `if other; then return; fi` before `event` in the same function: it is come to only where
/// `other` failed.
bool left_after(const Run& run, const CommandEvent& other, const CommandEvent& event) {
  const Frame* asked = other.enclosing(FrameKind::if_condition);
  if (!asked || asked->text != other.unit || other.index > event.index ||
      other.enclosing(FrameKind::negation) || within(event, FrameKind::if_body, *asked) ||
      event.enclosing(FrameKind::function) != other.enclosing(FrameKind::function) ||
      !asked->command->clauses[0].condition.span.contains(other.command->span))
    return false;
  const auto& commands = run.shell->commands;
  return std::any_of(commands.begin() + other.index, commands.begin() + event.index,
                     [&](const CommandEvent& leaving) {
                       const Frame* body = within(leaving, FrameKind::if_body, *asked);
                       return body && (leaving.name == "return" || leaving.name == "exit") &&
                              body->index == 0;
                     });
}

}  // namespace

bool asked_before(const Run& run, const CommandEvent& event,
                  const std::function<bool(const CommandEvent&)>& wanted) {
  for (const Frame* frame = event.frame; frame && frame->kind != FrameKind::function;
       frame = frame->parent) {
    const bool otherwise = frame->kind == FrameKind::and_or_right && frame->or_operator;
    if (!otherwise && frame->kind != FrameKind::if_body) continue;
    const bool asked = std::any_of(
        run.shell->commands.begin(), run.shell->commands.end(), [&](const CommandEvent& other) {
          const Frame* at =
              other.index < event.index
                  ? other.enclosing(otherwise ? FrameKind::and_or_left : FrameKind::if_condition)
                  : nullptr;
          return at && (otherwise ? at->and_or == frame->and_or : at->command == frame->command) &&
                 wanted(other);
        });
    if (asked) return true;
  }
  return false;
}

bool left_before(const Run& run, const CommandEvent& event,
                 const std::function<bool(const CommandEvent&)>& wanted) {
  const auto& commands = run.shell->commands;
  return std::any_of(
      commands.begin(), commands.begin() + event.index,
      [&](const CommandEvent& other) { return left_after(run, other, event) && wanted(other); });
}

bool encloses(const Frame* outer, const Frame* inner) {
  while (inner && inner != outer) inner = inner->parent;
  return inner == outer;
}

bool decided_by(const CommandEvent& asked, const Frame* frame) {
  for (; frame; frame = frame->parent) {
    const bool otherwise = frame->kind == FrameKind::and_or_right && frame->or_operator;
    if (!otherwise && frame->kind != FrameKind::if_body) continue;
    for (const Frame* at = asked.frame; at; at = at->parent) {
      if (otherwise ? at->kind == FrameKind::and_or_left && at->and_or == frame->and_or
                    : at->kind == FrameKind::if_condition && at->command == frame->command)
        return true;
    }
  }
  return false;
}

bool alternative_to(const CommandEvent& event, const CommandEvent& other) {
  const Frame* left = event.enclosing(FrameKind::and_or_left);
  if (!left) return false;
  for (const Frame* at = other.frame; at; at = at->parent) {
    if (at->and_or == left->and_or)
      return at->index > left->index && at->or_operator && at->kind != FrameKind::background;
  }
  return false;
}

bool asks_version(const Run& run, const CommandEvent& event) {
  if (!event.has_option("--version") && !event.has_option("-V")) return false;
  return std::any_of(run.shell->commands.begin(), run.shell->commands.end(),
                     [&](const CommandEvent& other) {
                       return alternative_to(event, other) || alternative_to(other, event);
                     });
}

}  // namespace preflint::project
