#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/stopping.h"
#include "project/uncalled.h"

namespace preflint::checks {

namespace {

/// Is somebody asked before the call, or before the call of the function that it stands in?
bool asked(const py::CallEvent& call) {
  if (project::asks(call.file->syntax.source.text().substr(0, call.span.begin))) return true;
  for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
    if (frame->kind == py::FrameKind::function && frame->file &&
        project::asks(frame->file->syntax.source.text().substr(0, frame->span.begin)))
      return true;
  }
  return false;
}

}  // namespace

void release_in_script(project::Context& context) {
  const catalog::Profile& profile = context.profile();
  context.each_command(
      project::Where::anywhere, [&](const project::Run& run, const shell::CommandEvent& event) {
        if (!project::releases(event, profile) || project::uncalled(run, event) ||
            project::confirmed(run, event))
          return;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"command", std::string(event.unit->source.slice(event.span))},
                             {"verb", profile.billing.release_verb}};
      });
  context.each_python_run(project::Where::anywhere, [&](const project::Run& run) {
    for (const py::CallEvent& call : run.python->calls) {
      if (!project::releases(call, profile) || call.uncalled()) continue;
      if (asked(call)) continue;
      const Source& source = call.file->syntax.source;
      Finding& finding = context.report(run, source, call.span, call.frame);
      finding.arguments = {{"command", std::string(source.slice(call.callee_span))},
                           {"verb", profile.billing.release_verb}};
    }
  });
}

}  // namespace preflint::checks
