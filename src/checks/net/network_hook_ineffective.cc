#include "catalog/profile.h"
#include "project/context.h"
#include "project/hook_texts.h"

namespace preflint::checks {

using Hook = shell::CommandEvent::Hook;

void network_hook_ineffective(project::Context& context) {
  const auto& network = context.profile().network;
  if (network.hook_file.empty()) return;
  context.each_command(project::Where::instance, [&](const project::Run& run,
                                                     const shell::CommandEvent& event) {
    const bool one_line = run.unit->embedding == Embedding::os_call ||
                          run.unit->embedding == Embedding::notebook_line;
    // `!source hook` and os.system("source hook") die with their own shell, whatever shell it is.
    const bool dies = event.hook == Hook::needs_bash && one_line && project::only_hook(*run.unit);
    if (event.hook != Hook::lost && event.hook != Hook::executed && !dies) return;
    Finding& finding = context.report(run, event);
    finding.arguments = {{"hook", network.hook}, {"file", network.hook_file}};
    if (event.hook == Hook::executed) {
      finding.message = "executed";
    } else if (event.within(shell::FrameKind::pipeline)) {
      finding.message = "pipeline";
    } else if (event.background) {
      finding.message = "background";
    } else if (run.unit->embedding != Embedding::file) {
      finding.message = "own-shell";
    }
  });
}

}  // namespace preflint::checks
