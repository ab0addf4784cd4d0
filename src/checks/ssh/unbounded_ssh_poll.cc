#include <algorithm>

#include "project/context.h"
#include "project/remote_calls.h"

namespace preflint::checks {

namespace {

using shell::FrameKind;

/// The loop that repeats a command while it waits; null when it is none (`while read host`, a list
/// of hosts).
const shell::Frame* polling_loop(const project::Run& run, const shell::CommandEvent& event) {
  for (const shell::Frame* frame = event.frame; frame; frame = frame->parent) {
    if (frame->kind == FrameKind::function || frame->kind == FrameKind::sourced) return nullptr;
    if (!frame->command ||
        (frame->kind != FrameKind::loop_body && frame->kind != FrameKind::loop_condition))
      continue;
    const std::string_view loop = frame->text->source.slice(frame->command->span);
    const bool waits = std::any_of(run.shell->commands.begin(), run.shell->commands.end(),
                                   [&](const shell::CommandEvent& other) {
                                     return other.name == "sleep" && other.unit == frame->text &&
                                            frame->command->span.contains(other.span);
                                   });
    const bool reads = loop.find("while read") == 0 || loop.find("while IFS") == 0;
    const bool condition = frame->kind == FrameKind::loop_condition;
    if (!reads && (waits || condition)) return frame;
  }
  return nullptr;
}

}  // namespace

void unbounded_ssh_poll(project::Context& context) {
  context.each_command(project::Where::anywhere, {"ssh"},
                       [&](const project::Run& run, const shell::CommandEvent& event) {
                         const auto call = project::remote_call(event);
                         if (!call || !call->target || event.has_prefix("timeout")) return;
                         if (call->option("ConnectTimeout") || call->option("BatchMode")) return;
                         // Options that cannot be seen may hold both.
                         for (const shell::Argument& argument : event.arguments) {
                           if (&argument == call->target) break;
                           if (!argument.constant() && argument.value.unknown_whole()) return;
                         }
                         if (!polling_loop(run, event)) return;
                         Finding& finding = context.report(run, event, event.command_span);
                         finding.arguments = {{"host", call->target->value.display()}};
                         const std::string_view word = event.unit->source.slice(event.word.span);
                         if (word == "ssh")
                           context.edit(finding, *event.unit, event.word.span,
                                        "ssh -o BatchMode=yes -o ConnectTimeout=10");
                       });
}

}  // namespace preflint::checks
