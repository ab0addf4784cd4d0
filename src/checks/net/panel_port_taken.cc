#include <algorithm>

#include "catalog/profile.h"
#include "project/context.h"
#include "project/python_commands.h"
#include "project/services.h"

namespace preflint::checks {

namespace {

bool mentions(const shell::CommandEvent& event, std::string_view text) {
  return std::any_of(event.arguments.begin(), event.arguments.end(),
                     [&](const shell::Argument& argument) {
                       return argument.value.display().find(text) != std::string::npos;
                     });
}

/// The platform's own server was ended first: that is a restart, of which LOG004 speaks.
bool restarted(const project::Run& run, int before, const std::string& port) {
  const auto& commands = run.shell->commands;
  return std::any_of(commands.begin(), commands.begin() + before,
                     [&](const shell::CommandEvent& event) {
                       const std::string& name = event.name;
                       if (name == "pkill" || name == "killall")
                         return mentions(event, "tensorboard");
                       if (name == "fuser" || name == "lsof") return mentions(event, port);
                       if (name == "grep" || name == "pgrep")
                         return mentions(event, "tensorboard") || mentions(event, port);
                       return name == "supervisorctl" && mentions(event, "tensorboard");
                     });
}

}  // namespace

void panel_port_taken(project::Context& context) {
  const auto& panel = context.profile().panel;
  if (panel.port == 0) return;
  const std::string port = std::to_string(panel.port);
  context.each_command(project::Where::instance, [&](const project::Run& run,
                                                     const shell::CommandEvent& event) {
    const auto service = project::service_of(event);
    if (!service || service->port != panel.port || restarted(run, event.index, port)) return;
    context.report(run, event, service->span).arguments = {{"tool", service->tool}, {"port", port}};
  });
  context.each_python_run(project::Where::instance, [&](const project::Run& run) {
    for (const py::CallEvent& call : run.python->calls) {
      if (!project::may_serve(call)) continue;
      const auto service = project::service_of(
          call, project::environment_before(run.environment, *run.python, call.order));
      if (!service || service->port != panel.port) continue;
      Finding& finding = context.report(run, call.file->syntax.source, service->span, call.frame);
      finding.arguments = {{"tool", service->tool}, {"port", port}};
    }
  });
}

}  // namespace preflint::checks
