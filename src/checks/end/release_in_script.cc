#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/stopping.h"

namespace preflint::checks {

void release_in_script(project::Context& context) {
  const catalog::Profile& profile = context.profile();
  context.each_command(project::Where::anywhere, [&](const project::Run& run,
                                                     const shell::CommandEvent& event) {
    if (!project::releases(event, profile) || event.uncalled() || project::confirmed(run, event))
      return;
    Finding& finding = context.report(run, event);
    finding.arguments = {{"command", std::string(event.unit->source.slice(event.span))},
                         {"verb", profile.billing.release_verb}};
  });
  context.each_python_run(project::Where::anywhere, [&](const project::Run& run) {
    for (const py::CallEvent& call : run.python->calls) {
      if (!project::releases(call, profile) || call.uncalled()) continue;
      const Source& source = call.file->syntax.source;
      if (project::asks(source.text().substr(0, call.span.begin))) continue;
      Finding& finding = context.report(run, source, call.span, call.frame);
      finding.arguments = {{"command", std::string(source.slice(call.callee_span))},
                           {"verb", profile.billing.release_verb}};
    }
  });
}

}  // namespace preflint::checks
