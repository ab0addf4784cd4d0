#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/shell/interpreter.h"
#include "project/asked_before.h"
#include "project/context.h"

namespace preflint::checks {

namespace {

using project::encloses;
using project::Run;
using shell::CommandEvent;
using shell::Frame;
using shell::FrameKind;
using shell::StatusRead;

/// Commands whose own status nobody asks for.
bool incidental(const std::string& name) {
  for (const char* one : {"echo", "printf", "sleep", "date", "true", ":", "logger", "export", "set",
                          "unset", "local"}) {
    if (name == one) return true;
  }
  return false;
}

/// Did `event` run in the list that leads to the place, not in a branch beside it?
bool leads_to(const CommandEvent& event, const Frame* place) {
  const Frame* frame = event.frame;
  while (frame &&
         (frame->kind == FrameKind::and_or_left || frame->kind == FrameKind::and_or_right ||
          frame->kind == FrameKind::pipeline || frame->kind == FrameKind::negation)) {
    frame = frame->parent;
  }
  return encloses(frame, place);
}

/// Is the value used to decide something, or only shown?
bool decides(const Run& run, const StatusRead& read) {
  const auto at = static_cast<size_t>(read.next_command);
  if (at >= run.shell->commands.size()) return true;
  const CommandEvent& user = run.shell->commands[at];
  if (user.unit != read.unit || !user.span.contains(read.span))
    return true;  // [[ … ]], an assignment, case
  return user.name == "[" || user.name == "test" || user.name == "exit" || user.name == "return";
}

/// `exit $?`: the status goes on to somebody else, and 0 is what it is.
bool hands_on(const Run& run, const StatusRead& read) {
  const auto at = static_cast<size_t>(read.next_command);
  if (at >= run.shell->commands.size()) return false;
  const CommandEvent& user = run.shell->commands[at];
  return user.unit == read.unit && user.span.contains(read.span) &&
         (user.name == "exit" || user.name == "return");
}

bool of_parts(const StatusRead& read) { return read.name == "PIPESTATUS"; }

/// `$(date)` or backquotes; `$((n + 1))` runs nothing.
bool has_substitution(std::string_view value) {
  for (size_t at = value.find("$("); at != std::string_view::npos; at = value.find("$(", at + 1)) {
    if (value.substr(at).starts_with("$((")) continue;
    return true;
  }
  return value.find('`') != std::string_view::npos;
}

/// A plain assignment between the command and the read sets `$?` to 0; for PIPESTATUS also one that
/// keeps `$?`, unless both stand in one command: `rc=$? parts=("${PIPESTATUS[@]}")`.
const shell::AssignmentEvent* assignment_between(const Run& run, const StatusRead& read) {
  for (const shell::AssignmentEvent& event : run.shell->assignments) {
    if (event.unit != read.unit || event.next_command != read.next_command) continue;
    if (event.span.end > read.span.begin || !encloses(event.frame, read.frame)) continue;
    const std::string_view value = event.unit->source.slice(event.value_span);
    const bool runs = has_substitution(value);
    if (runs || value.find("PIPESTATUS") != std::string_view::npos) continue;
    const std::string_view between = event.unit->source.slice({event.span.end, read.span.begin});
    if (of_parts(read) ? between.find_first_of(";\n") != std::string_view::npos
                       : value.find("$?") == std::string_view::npos)
      return &event;
  }
  return nullptr;
}

/// The first part of the pipeline that a command is the last one of; the command itself where it is
/// not followed, or no pipeline's.
const CommandEvent& first_part(const std::vector<CommandEvent>& commands,
                               const CommandEvent& last) {
  if (!last.frame || last.frame->kind != FrameKind::pipeline) return last;
  for (auto i = static_cast<size_t>(last.index); i-- > 0;) {
    const Frame* part = commands[i].frame;
    if (!part || part->kind != FrameKind::pipeline || part->pipeline != last.frame->pipeline)
      continue;
    if (part->index == 0) return commands[i];
  }
  return last;
}

std::string name_of(const CommandEvent& command) {
  return command.name.empty() ? std::string(command.unit->source.slice(command.word.span))
                              : command.name;
}

/// `on_error() { local rc=$?; …`: what a function finds when it begins is its caller's, such as
/// what a trap of ERR runs it for.
bool first_in_function(const Run& run, const StatusRead& read) {
  const Frame* function = read.frame;
  while (function && function->kind != FrameKind::function && function->kind != FrameKind::uncalled)
    function = function->parent;
  if (!function) return false;
  for (int i = read.next_command - 1; i >= 0; --i) {
    const CommandEvent& before = run.shell->commands[static_cast<size_t>(i)];
    if (before.unit == read.unit && before.span.contains(read.span)) continue;
    return !encloses(function, before.frame);
  }
  return true;
}

struct Stale {
  const CommandEvent* meant = nullptr;
  std::string other;
};

/// `train && echo trained; rc=$?`: the second runs only when the first has succeeded, and the
/// status is that of whichever failed.
bool needs(const CommandEvent& last, const CommandEvent& meant) {
  const Frame* right = last.enclosing(FrameKind::and_or_right);
  if (!right || right->or_operator) return false;
  for (const Frame* at = meant.frame; at; at = at->parent) {
    if (at->kind == FrameKind::and_or_left && at->and_or == right->and_or) return true;
  }
  return false;
}

std::optional<Stale> stale(const Run& run, const StatusRead& read) {
  const auto& commands = run.shell->commands;
  Stale out;
  int i = read.next_command - 1;
  // `local rc=$?` has begun when its value is read.
  while (i >= 0 && commands[static_cast<size_t>(i)].unit == read.unit &&
         commands[static_cast<size_t>(i)].span.contains(read.span))
    --i;
  const CommandEvent* nearest = i >= 0 ? &commands[static_cast<size_t>(i)] : nullptr;
  if (const auto* assignment = assignment_between(run, read)) {
    out.other = assignment->name + "=…";
  } else {
    if (i < 0) return std::nullopt;
    const CommandEvent& last = commands[static_cast<size_t>(i)];
    if (!incidental(last.name) || last.unit != read.unit || !leads_to(last, read.frame))
      return std::nullopt;
    if (last.stdin_piped) return std::nullopt;
    // Behind `train.py | tee log && echo trained` it depends: what did not run has replaced
    // nothing.
    if (of_parts(read) && !encloses(last.frame, read.frame)) return std::nullopt;
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
  if (!out.meant || needs(*nearest, *out.meant)) return std::nullopt;
  // It was kept in time: `rc=$?` directly behind the command.
  for (const StatusRead& other : run.shell->status_reads) {
    if (other.next_command == out.meant->index + 1 && other.unit == read.unit &&
        other.span != read.span && other.name == read.name)
      return std::nullopt;
  }
  if (of_parts(read)) out.meant = &first_part(commands, *out.meant);
  return out;
}

/// The part of the program before the place that its status is of: the outermost frame around a
/// command that does not lead to the place. Null for a command that stands in the same list.
const Frame* part_before(const CommandEvent& event, const Frame* place) {
  const Frame* part = nullptr;
  for (const Frame* frame = event.frame; frame && !encloses(frame, place); frame = frame->parent)
    part = frame;
  return part;
}

/// Does the command's failure end the compound around it, or does something in between ask for its
/// status?
bool asked_for(const Frame* frame, const Frame* compound) {
  for (; frame; frame = frame->parent) {
    switch (frame->kind) {
      case FrameKind::if_condition:
      case FrameKind::loop_condition:
      case FrameKind::and_or_left:
      case FrameKind::negation:
      case FrameKind::pipeline:
      case FrameKind::background:
        return true;
      default:
        if (frame == compound) return false;
    }
  }
  return false;
}

struct Dead {
  const CommandEvent* command = nullptr;
  std::string name;
};

/// What runs in a compound command that has ended: its last command that can fail and whose failure
/// counts.
std::optional<Dead> last_within(const Run& run, int last, const StatusRead& read,
                                const Frame* compound) {
  for (int i = last, steps = 0; i >= 0 && steps < 64; --i, ++steps) {
    const CommandEvent& command = run.shell->commands[static_cast<size_t>(i)];
    if (part_before(command, read.frame) != compound) break;
    if (command.unit != read.unit || command.name.empty() || shell::is_builtin(command.name) ||
        asked_for(command.frame, compound))
      continue;
    return Dead{&command, command.name};
  }
  return std::nullopt;
}

/// With `pipefail` a failure anywhere in `train.py | tee log` ends the shell as well.
std::optional<Dead> dead_pipeline(const Run& run, const StatusRead& read, const CommandEvent& last,
                                  const shell::Pipeline* pipeline) {
  const Frame* part = part_before(last, read.frame);
  if (read.state.pipefail != Tri::yes || last.unit != read.unit || !part ||
      part->kind != FrameKind::pipeline || part->pipeline != pipeline)
    return std::nullopt;
  for (const int site : read.status.sites) {
    const CommandEvent& command = run.shell->commands[static_cast<size_t>(site)];
    if (shell::is_builtin(command.name)) continue;
    return Dead{&command, name_of(command)};
  }
  return std::nullopt;
}

/// Under `set -e` the shell is gone when the command has failed: a simple one, or the last of a
/// compound command, a function, an eval'ed text, a substitution that is assigned.
std::optional<Dead> dead(const Run& run, const StatusRead& read) {
  // What PIPESTATUS holds of one part says nothing of the others: `$?` does.
  const shell::Status status =
      of_parts(read) && read.state.status ? *read.state.status : read.status;
  if (read.state.errexit != Tri::yes || status.success != Tri::yes) return std::nullopt;
  const auto& commands = run.shell->commands;
  int i = read.next_command - 1;
  while (i >= 0 && commands[static_cast<size_t>(i)].unit == read.unit &&
         commands[static_cast<size_t>(i)].span.contains(read.span))
    --i;
  if (i < 0) return std::nullopt;
  const CommandEvent& last = commands[static_cast<size_t>(i)];
  if (status.pipeline) return dead_pipeline(run, read, last, status.pipeline);
  const Frame* part = part_before(last, read.frame);
  if (!part) {
    const bool fails = (!shell::is_builtin(last.name) && !last.name.empty()) ||
                       last.name == "eval" || last.name == "wait";
    return fails && last.unit == read.unit ? std::optional(Dead{&last, last.name}) : std::nullopt;
  }
  switch (part->kind) {
    case FrameKind::function:
    case FrameKind::eval: {
      // The call itself, in the list that leads to the place.
      for (int k = i; k >= 0; --k) {
        const CommandEvent& call = commands[static_cast<size_t>(k)];
        if (call.unit != part->unit || call.span != part->span || call.unit != read.unit) continue;
        const bool called = part->kind == FrameKind::function;
        return Dead{&call, called ? call.word.constant().value_or("") : call.name};
      }
      return std::nullopt;
    }
    case FrameKind::command_substitution: {
      const auto& sites = read.status.sites;
      return std::find(sites.begin(), sites.end(), i) != sites.end()
                 ? last_within(run, i, read, part)
                 : std::nullopt;
    }
    case FrameKind::if_body:
    case FrameKind::loop_body:
    case FrameKind::case_body:
    case FrameKind::group:
    case FrameKind::subshell:
      return last_within(run, i, read, part);
    default:
      return std::nullopt;
  }
}

}  // namespace

void stale_status(project::Context& context) {
  using Place = std::pair<const Unit*, uint32_t>;
  struct DeadRead {
    const Run* run;
    const StatusRead* read;
    Dead gone;
  };
  std::map<Place, DeadRead> dead_reads;
  std::set<Place> alive;
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    for (const StatusRead& read : run.shell->status_reads) {
      if (!decides(run, read)) continue;
      bool in_trap = false, uncalled = false;
      for (const Frame* frame = read.frame; frame; frame = frame->parent) {
        in_trap = in_trap || frame->kind == FrameKind::trap;
        uncalled = uncalled || frame->kind == FrameKind::uncalled;
      }
      if (in_trap || first_in_function(run, read)) continue;
      if (const auto found = stale(run, read)) {
        Finding& finding = context.report(run, *read.unit, read.span, read.frame);
        finding.arguments = {{"command", name_of(*found->meant)}, {"other", found->other}};
        if (of_parts(read)) finding.message = "parts";
        finding.related.push_back(
            context.note(*found->meant->unit, found->meant->span, "started-here"));
      } else if (const auto gone = dead(run, read); gone && !uncalled && !hands_on(run, read)) {
        dead_reads.try_emplace({read.unit, read.span.begin}, DeadRead{&run, &read, *gone});
      } else {
        alive.emplace(read.unit, read.span.begin);
      }
    }
  });
  // A function that is called in a condition as well may well see a failure there, and so may a
  // file that is run by itself as well as sourced under `set -e`.
  for (const auto& [place, dead] : dead_reads) {
    if (alive.contains(place)) continue;
    Finding& finding =
        context.report(*dead.run, *dead.read->unit, dead.read->span, dead.read->frame);
    finding.message = of_parts(*dead.read) ? "parts-dead" : "dead";
    finding.arguments = {{"command", dead.gone.name}, {"other", ""}};
  }
}

}  // namespace preflint::checks
