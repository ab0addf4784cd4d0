#include "catalog/profile.h"
#include "project/artefacts.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;
using project::Run;
using shell::CommandEvent;
using shell::FrameKind;

namespace {

/// What `df` says is used: captured, compared, or handed to something that may.
bool used(const CommandEvent& event) {
  return event.within(FrameKind::command_substitution) ||
         event.within(FrameKind::process_substitution) || event.within(FrameKind::if_condition) ||
         event.within(FrameKind::loop_condition) || event.stdout_piped || !event.stdout_attached;
}

/// Does what the command starts write checkpoints?
bool writes_checkpoints(const project::Context& context, const Run& run,
                        const CommandEvent& event) {
  for (const Artefact& artefact : context.artefacts(run)) {
    if (artefact.command == &event && artefact.kind == Artefact::destination && artefact.live)
      return true;
  }
  for (const Run* child : run.children) {
    if (child->launch_command != event.index) continue;
    for (const Artefact& artefact : context.artefacts(*child)) {
      if (artefact.kind == Artefact::checkpoint) return true;
    }
  }
  return false;
}

}  // namespace

void disk_gate_missing(project::Context& context) {
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    const CommandEvent* printed = nullptr;
    for (const CommandEvent& event : run.shell->commands) {
      if (event.uncalled()) continue;
      if (event.name == "df") {
        if (used(event)) return;  // there is a gate
        if (!printed) printed = &event;
      } else if (printed && project::runs_python(event) &&
                 writes_checkpoints(context, run, event)) {
        Finding& finding = context.report(run, *printed);
        finding.arguments = {{"command", event.name}};
        finding.related.push_back(context.note(*event.unit, event.span, "started-here"));
        return;
      }
    }
  });
}

}  // namespace preflint::checks
