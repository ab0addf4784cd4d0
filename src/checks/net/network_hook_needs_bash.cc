#include "catalog/profile.h"
#include "project/context.h"
#include "project/hook_texts.h"

namespace preflint::checks {

void network_hook_needs_bash(project::Context& context) {
  const auto& network = context.profile().network;
  if (network.hook_file.empty()) return;
  context.each_command(project::Where::instance, {"source"},
                       [&](const project::Run& run, const shell::CommandEvent& event) {
                         if (event.hook != shell::CommandEvent::Hook::needs_bash) return;
                         const bool one_line = run.unit->embedding == Embedding::os_call ||
                                               run.unit->embedding == Embedding::notebook_line;
                         if (one_line && project::only_hook(*run.unit))
                           return;  // NET002: even `.` would not help
                         Finding& finding = context.report(run, event);
                         finding.arguments = {{"file", network.hook_file}};
                         if (event.word.is("source"))
                           context.edit(finding, *event.unit, event.word.span, ".");
                       });
}

}  // namespace preflint::checks
