#include <optional>
#include <string>

#include "model/shell/interpreter.h"
#include "project/context.h"

namespace preflint::checks {

namespace {

using project::Run;
using shell::CommandEvent;
using shell::Frame;
using shell::FrameKind;
using shell::StatusRead;

/// Commands whose own status nobody asks for.
bool incidental(const std::string& name) {
  for (const char* one : {"echo", "printf", "sleep", "date", "true", ":", "logger", "export", "set", "unset", "local"}) {
    if (name == one) return true;
  }
  return false;
}

bool encloses(const Frame* outer, const Frame* inner) {
  for (; inner; inner = inner->parent) {
    if (inner == outer) return true;
  }
  return outer == nullptr;
}

/// Did `event` run in the list that leads to the place, not in a branch beside it?
bool leads_to(const CommandEvent& event, const Frame* place) {
  const Frame* frame = event.frame;
  while (frame && (frame->kind == FrameKind::and_or_left || frame->kind == FrameKind::and_or_right || frame->kind == FrameKind::pipeline ||
                   frame->kind == FrameKind::negation)) {
    frame = frame->parent;
  }
  return encloses(frame, place);
}

/// Is the value used to decide something, or only shown?
bool decides(const Run& run, const StatusRead& read) {
  const auto at = static_cast<size_t>(read.next_command);
  if (at >= run.shell->commands.size()) return true;
  const CommandEvent& user = run.shell->commands[at];
  if (user.unit != read.unit || !user.span.contains(read.span)) return true;  // [[ … ]], an assignment, case
  return user.name == "[" || user.name == "test" || user.name == "exit" || user.name == "return";
}

/// A plain assignment between the command and the read sets `$?` to 0.
const shell::AssignmentEvent* assignment_between(const Run& run, const StatusRead& read) {
  for (const shell::AssignmentEvent& event : run.shell->assignments) {
    if (event.unit != read.unit || event.next_command != read.next_command) continue;
    if (event.span.end > read.span.begin || !encloses(event.frame, read.frame)) continue;
    const std::string_view value = event.unit->source.slice(event.value_span);
    const bool runs = value.find("$(") != std::string_view::npos || value.find('`') != std::string_view::npos;
    if (!runs && value.find("$?") == std::string_view::npos && value.find("PIPESTATUS") == std::string_view::npos) return &event;
  }
  return nullptr;
}

struct Stale {
  const CommandEvent* meant = nullptr;
  std::string other;
};

std::optional<Stale> stale(const Run& run, const StatusRead& read) {
  const auto& commands = run.shell->commands;
  Stale out;
  int i = read.next_command - 1;
  // `local rc=$?` has begun when its value is read.
  while (i >= 0 && commands[static_cast<size_t>(i)].unit == read.unit && commands[static_cast<size_t>(i)].span.contains(read.span)) --i;
  if (const auto* assignment = assignment_between(run, read)) {
    out.other = assignment->name + "=…";
  } else {
    if (i < 0) return std::nullopt;
    const CommandEvent& last = commands[static_cast<size_t>(i)];
    if (!incidental(last.name) || last.unit != read.unit || !leads_to(last, read.frame)) return std::nullopt;
    if (last.stdin_piped) return std::nullopt;
    out.other = last.name;
  }
  for (int steps = 0; i >= 0 && steps < 8; --i, ++steps) {
    const CommandEvent& before = commands[static_cast<size_t>(i)];
    if (before.unit != read.unit || !leads_to(before, read.frame)) return std::nullopt;
    if (incidental(before.name)) continue;
    if (shell::is_builtin(before.name) || before.name.empty()) return std::nullopt;
    out.meant = &before;
    break;
  }
  if (!out.meant) return std::nullopt;
  // It was kept in time: `rc=$?` directly behind the command.
  for (const StatusRead& other : run.shell->status_reads) {
    if (other.next_command == out.meant->index + 1 && other.unit == read.unit && other.span != read.span) return std::nullopt;
  }
  return out;
}

/// Under `set -e` the shell is gone when the command has failed.
const CommandEvent* dead(const Run& run, const StatusRead& read) {
  if (read.state.errexit != Tri::yes || read.status.success != Tri::yes || read.status.sites.size() != 1 || read.status.pipeline) return nullptr;
  const CommandEvent& command = run.shell->commands[static_cast<size_t>(read.status.sites[0])];
  const bool external = !shell::is_builtin(command.name) && !command.name.empty();
  return external && command.unit == read.unit && leads_to(command, read.frame) ? &command : nullptr;
}

}  // namespace

void stale_status(project::Context& context) {
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    for (const StatusRead& read : run.shell->status_reads) {
      if (read.name != "?" || !decides(run, read)) continue;
      bool in_trap = false;
      for (const Frame* frame = read.frame; frame; frame = frame->parent) in_trap = in_trap || frame->kind == FrameKind::trap;
      if (in_trap) continue;
      if (const auto found = stale(run, read)) {
        Finding& finding = context.report(run, *read.unit, read.span, read.frame);
        finding.arguments = {{"command", found->meant->name}, {"other", found->other}};
        finding.related.push_back(context.note(*found->meant->unit, found->meant->span, "started-here"));
      } else if (const CommandEvent* command = dead(run, read)) {
        Finding& finding = context.report(run, *read.unit, read.span, read.frame);
        finding.message = "dead";
        finding.arguments = {{"command", command->name}, {"other", ""}};
      }
    }
  });
}

}  // namespace preflint::checks
