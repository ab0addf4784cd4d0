#include <algorithm>
#include <map>
#include <utility>

#include "catalog/profile.h"
#include "project/context.h"
#include "project/python_commands.h"
#include "project/services.h"

namespace preflint::checks {

namespace {

using project::Service;

struct Judge {
  const project::Context& context;
  std::map<std::pair<int, bool>, bool> inside = {};  // by port, and whether people look at it

  bool reachable(const Service& service, const File& file) {
    const auto& profile = context.profile();
    const auto& exposed = profile.network.exposed_ports;
    if (service.loopback ||
        std::find(exposed.begin(), exposed.end(), service.port) != exposed.end())
      return true;
    if (service.port == profile.panel.port) return true;  // NET021
    if (service.tool.starts_with("jupyter") && service.port == profile.network.jupyter_port)
      return true;
    // Started and spoken to by the same file: `http://localhost:$PORT`.
    const bool people = project::for_people(service);
    if (!people && (file.bytes.find("localhost") != std::string::npos ||
                    file.bytes.find("127.0.0.1") != std::string::npos))
      return true;
    const auto [at, fresh] = inside.try_emplace({service.port, people}, false);
    if (fresh) at->second = project::used_inside(context, service, file);
    return at->second;
  }

  Arguments arguments(const Service& service) const {
    std::string ports;
    for (const int port : context.profile().network.exposed_ports)
      ports += (ports.empty() ? "" : ", ") + std::to_string(port);
    return {{"tool", service.tool}, {"port", std::to_string(service.port)}, {"exposed", ports}};
  }
};

/// Puts the first exposed port into `launch(…)`.
void fix_gradio(project::Context& context, Finding& finding, const py::CallEvent& call,
                const Service& service) {
  const Source& source = call.file->syntax.source;
  const std::string port = std::to_string(context.profile().network.exposed_ports[0]);
  if (service.written) {
    if (source.slice(service.span) == std::to_string(service.port))
      context.edit(finding, source, service.span, port);
    return;
  }
  const uint32_t close = call.span.end - 1;
  if (call.span.empty() || source.slice({close, close + 1}) != ")") return;
  const std::string_view inside = source.slice({call.callee_span.end, close});
  const size_t last = inside.find_last_not_of(" \t\n");
  const bool first = last == std::string_view::npos || inside[last] == '(';
  const bool comma = !first && inside[last] == ',';
  const auto at = static_cast<uint32_t>(call.callee_span.end + last + 1);
  context.edit(finding, source, {at, at},
               std::string(first   ? ""
                           : comma ? " "
                                   : ", ") +
                   "server_port=" + port);
}

}  // namespace

void service_port_not_exposed(project::Context& context) {
  if (context.profile().network.exposed_ports.empty()) return;
  Judge judge{context};
  context.each_command(
      project::Where::instance, [&](const project::Run& run, const shell::CommandEvent& event) {
        auto service = project::service_of(event);
        if (service && service->tool == "streamlit" && !service->written)
          service->port = project::streamlit_port(context, event).value_or(service->port);
        if (!service || judge.reachable(*service, event.unit->file())) return;
        Finding& finding = context.report(run, event, service->span);
        finding.arguments = judge.arguments(*service);
        if (!service->written) finding.message = "default";
      });
  context.each_python_run(project::Where::instance, [&](const project::Run& run) {
    for (const py::CallEvent& call : run.python->calls) {
      if (!project::may_serve(call)) continue;
      const auto service = project::service_of(
          call, project::environment_before(run.environment, *run.python, call.order));
      if (!service || judge.reachable(*service, call.file->syntax.source.file())) continue;
      Finding& finding = context.report(run, call.file->syntax.source, service->span, call.frame);
      finding.arguments = judge.arguments(*service);
      if (!service->written) finding.message = "default";
      if (service->tool == "gradio") fix_gradio(context, finding, call, *service);
    }
  });
}

}  // namespace preflint::checks
