#include <map>

#include "catalog/profile.h"
#include "project/context.h"
#include "project/network_need.h"

namespace preflint::checks {

using project::Reach;

void network_hook_dropped(project::Context& context) {
  const auto& network = context.profile().network;
  if (network.hook_file.empty()) return;
  context.each_shell_run(project::Where::instance, [&](const project::Run& run) {
    std::map<const Unit*, Finding*> first;
    for (const shell::CommandEvent& event : run.shell->commands) {
      if (!event.environment.proxy.may_be(shell::Proxy::kDropped)) continue;
      const auto call = project::network_need(context, run, event);
      if (!call || call->probe || call->reach != Reach::foreign) continue;
      Finding*& finding = first[event.unit];
      if (finding) {
        finding->related.push_back(
            context.note(*event.unit, event.span, "external-call-here", {{"command", event.name}}));
        continue;
      }
      finding = &context.report(run, event);
      finding->arguments = {
          {"command", event.name}, {"target", call->target}, {"hook", network.hook}};
      if (event.has_prefix("sudo"))
        finding->message = "sudo";
      else if (event.has_prefix("env"))
        finding->message = "env";
      for (const char* name : {"https_proxy", "http_proxy"}) {
        const shell::Variable* variable = event.state.variable(name);
        if (variable && variable->unit && variable->set != Tri::yes) {
          finding->related.push_back(
              context.note(*variable->unit, variable->span, "hook-dropped-here", {}));
          break;
        }
      }
    }
  });
}

}  // namespace preflint::checks
