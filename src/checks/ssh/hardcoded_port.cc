#include <algorithm>
#include <cstdlib>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/remote_calls.h"

namespace preflint::checks {

namespace {

bool number(std::string_view text) {
  return !text.empty() && text != "22" &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The module's constant with that number.
const py::AssignEvent* constant_of(const py::Trace& program, int64_t number) {
  const auto found = std::find_if(
      program.assignments.begin(), program.assignments.end(), [&](const py::AssignEvent& event) {
        return event.value.type == py::Type::integer && !event.value.assumed &&
               event.value.number == number &&
               event.target.find_first_of("abcdefghijklmnopqrstuvwxyz.") == std::string::npos;
      });
  return found == program.assignments.end() ? nullptr : &*found;
}

void in_python(project::Context& context, const project::Run& run) {
  const auto& hosts = context.profile().launch.ssh_hosts;
  for (const py::CallEvent& call : run.python->calls) {
    const bool connects = call.method == "connect" && (call.origin.starts_with("paramiko.") ||
                                                       call.origin.starts_with("asyncssh."));
    if (!connects && !call.is_call_to({"paramiko.Transport", "fabric.Connection",
                                       "pexpect.pxssh.pxssh().login"}))
      continue;
    const py::Argument* host = call.argument(0, {"hostname", "host", "server", "sock"});
    const py::Argument* port = call.argument(call.origin == "fabric.Connection" ? 2 : 1, {"port"});
    if (!host) continue;
    py::Value name = host->value, at = port ? port->value : py::Value();
    if (name.type == py::Type::tuple && name.items().size() == 2) {
      at = name.items()[1];
      name = name.items()[0];
      port = host;
    }
    auto known = name.constant();
    // paramiko.Transport("host:23456")
    if (const size_t colon = known ? known->rfind(':') : std::string::npos;
        colon != std::string::npos && number(known->substr(colon + 1)) && !port) {
      at.type = py::Type::integer;
      at.number = std::strtol(known->c_str() + colon + 1, nullptr, 10);
      known->resize(colon);
      port = host;
    }
    if (!known || !port || at.type != py::Type::integer || at.number == 22) continue;
    if (!catalog::Profile::host_in(*known, hosts)) continue;
    // A port that an option or the environment may replace is written here where it has a name of
    // its own: `PORT = 23456`.
    const py::AssignEvent* constant = at.assumed ? constant_of(*run.python, at.number) : nullptr;
    if (at.assumed && !constant) continue;
    Finding& finding = constant
                           ? context.report(run, constant->file->syntax.source,
                                            constant->value_span, constant->frame)
                           : context.report(run, call.file->syntax.source, port->span, call.frame);
    finding.arguments = {{"port", std::to_string(at.number)}, {"host", *known}};
  }
}

}  // namespace

void hardcoded_port(project::Context& context) {
  const auto& hosts = context.profile().launch.ssh_hosts;
  if (hosts.empty() || context.profile().launch.ssh_port_changes.empty()) return;
  context.each_command(
      project::Where::anywhere, {"ssh", "scp", "rsync", "sftp"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        const auto call = project::remote_call(event);
        if (!call || !call->port || !number(call->port_number) ||
            !catalog::Profile::host_in(call->host, hosts))
          return;
        // A port from the command line or the environment is not written here, whatever its
        // default.
        if (!call->port->constant()) return;
        const project::WrittenWord place = project::written_at(run, event, *call->port);
        Finding& finding = context.report(run, *place.unit, place.span, event.frame);
        finding.arguments = {{"port", call->port_number}, {"host", call->host}};
      });
  context.each_python_run(project::Where::anywhere,
                          [&](const project::Run& run) { in_python(context, run); });
}

}  // namespace preflint::checks
