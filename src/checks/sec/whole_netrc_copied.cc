#include <algorithm>

#include "model/python/trace.h"
#include "project/context.h"
#include "project/credentials.h"
#include "project/remote_calls.h"

namespace preflint::checks {

namespace {

using shell::Argument;
using shell::CommandEvent;

/// The command before it in the same pipeline: `cat ~/.netrc | ssh …`.
const CommandEvent* feeder(const project::Run& run, const CommandEvent& event) {
  if (!event.stdin_piped || event.index == 0) return nullptr;
  const CommandEvent& before = run.shell->commands[static_cast<size_t>(event.index) - 1];
  return before.stdout_piped && before.unit == event.unit ? &before : nullptr;
}

}  // namespace

void whole_netrc_copied(project::Context& context) {
  context.each_command(
      project::Where::anywhere, {"ssh", "scp", "rsync", "sftp"},
      [&](const project::Run& run, const CommandEvent& event) {
        const auto report = [&](Span span) {
          context.report(run, event, span).arguments = {
              {"path", project::as_written(*event.unit, span)}, {"command", event.name}};
        };
        const auto call = project::remote_call(event);
        if (!call) return;
        if (call->destination && project::is_remote(*call->destination)) {
          for (const Argument* source : call->sources) {
            if (!project::is_remote(*source) && project::whole_credentials(source->value))
              return report(source->span);
          }
        }
        if (call->tool != project::RemoteCall::ssh) return;
        for (const shell::RedirectEvent& redirect : event.redirects) {
          if (redirect.redirect->kind == shell::RedirectKind::input &&
              project::whole_credentials(redirect.target)) {
            return report(redirect.redirect->target.span);
          }
        }
        const CommandEvent* before = feeder(run, event);
        if (!before || before->name != "cat") return;
        for (const Argument& argument : before->arguments) {
          if (project::whole_credentials(argument.value)) return report(argument.span);
        }
      });
  context.each_python_run(project::Where::anywhere, [&](const project::Run& run) {
    for (const py::CallEvent& call : run.python->calls) {
      const bool sends =
          call.method == "put" && (call.origin.find("sftp") != std::string::npos ||
                                   call.origin.find("SFTP") != std::string::npos ||
                                   call.origin.find("SCPClient") != std::string::npos ||
                                   call.origin.starts_with("fabric."));
      const py::Argument* local =
          sends ? call.argument(0, {"localpath", "local", "files"}) : nullptr;
      if (!local || !project::whole_credentials(local->value.text())) continue;
      context.report(run, call.file->syntax.source, local->span, call.frame).arguments = {
          {"path", local->value.text().display()}, {"command", call.method}};
    }
  });
}

}  // namespace preflint::checks
