#include "project/context.h"

namespace preflint::checks {

void wandb_sync_without_timeout(project::Context& context) {
  context.each_command(
      project::Where::instance, {"wandb"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        const shell::Argument* verb = event.operand();
        if (!verb || !verb->is("sync") || event.has_option("--clean") || event.has_option("--view"))
          return;
        if (event.has_prefix("timeout")) return;
        // `timeout 600 bash sync_all.sh` limits all of them.
        for (const project::Run* at = &run; at; at = at->parent) {
          const shell::CommandEvent* launcher = at->launcher();
          if (launcher && launcher->has_prefix("timeout")) return;
        }
        Finding& finding = context.report(run, event);
        context.edit(finding, *event.unit, {event.command_span.begin, event.command_span.begin},
                     "timeout 120 ");
      });
}

}  // namespace preflint::checks
