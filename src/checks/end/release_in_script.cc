#include "catalog/profile.h"
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
}

}  // namespace preflint::checks
