#include <algorithm>
#include <cstdio>
#include <set>

#include "base/text.h"
#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/network_calls.h"
#include "project/python_commands.h"
#include "project/shell_edits.h"

namespace preflint::checks {

namespace {

using project::Run;

bool names_proxy(std::string_view given) {
  const std::string name = lower(given);
  return name == "http_proxy" || name == "https_proxy" || name == "all_proxy" ||
         name == "http.proxy" || name == "https.proxy";
}

/// A host of RFC 1918: 10/8, 172.16/12, 192.168/16.
bool private_address(const std::string& host) {
  int part[4] = {};
  char after = 0;
  if (std::sscanf(host.c_str(), "%d.%d.%d.%d%c", &part[0], &part[1], &part[2], &part[3], &after) !=
      4)
    return false;
  return part[0] == 10 || (part[0] == 172 && part[1] >= 16 && part[1] <= 31) ||
         (part[0] == 192 && part[1] == 168);
}

/// The address, when the value is a literal proxy inside the platform's network.
std::string address(const Value& value, const catalog::Profile& profile) {
  const auto text = value.constant();
  if (!text) return "";
  const std::string url = text->find("://") == std::string::npos ? "http://" + *text : *text;
  const std::string host = project::host_of(url);
  if (private_address(host)) return *text;
  const std::string& port = profile.network.proxy_port;
  const bool loopback = host.empty() || host == "localhost" || host.starts_with("127.");
  return !loopback && !port.empty() && url.find(":" + port) != std::string::npos ? *text : "";
}

void in_shell(project::Context& context, const Run& run,
              std::set<std::pair<const Unit*, uint32_t>>& statements) {
  const auto& network = context.profile().network;
  bool first = true;
  for (const shell::AssignmentEvent& event : run.shell->assignments) {
    if (!names_proxy(event.name)) continue;
    const std::string proxy = address(event.value, context.profile());
    // `https_proxy=$http_proxy` has it from there.
    if (proxy.empty() ||
        event.unit->source.slice(event.value_span).find(proxy) == std::string_view::npos)
      continue;
    const auto lines = project::lines_of(*event.unit, event.span);
    // One statement that sets both is one place to act.
    if (lines && !statements.emplace(event.unit, lines->begin).second) continue;
    Finding& finding = context.report(run, *event.unit, event.span, event.frame);
    finding.arguments = {{"address", proxy}, {"hook", network.hook}};
    const bool exports = lines && event.exported == Tri::yes;
    const std::string_view text = exports ? event.unit->source.slice(*lines) : std::string_view();
    const size_t indent = text.find_first_not_of(" \t");
    if (exports && !network.hook_guarded.empty() && text.substr(indent).starts_with("export ") &&
        text.find_first_of(";&|") == std::string_view::npos) {
      const std::string hook = event.unit->dialect == shell::Dialect::posix
                                   ? ". " + network.hook_file + " 2>/dev/null || true"
                                   : network.hook_guarded;
      // The hook sets them all: the first statement becomes the hook, the others go.
      context.edit(finding, *event.unit, *lines,
                   first ? std::string(text.substr(0, indent)) + hook + "\n" : "");
    }
    first = false;
  }
  for (const shell::CommandEvent& event : run.shell->commands) {
    for (size_t i = 0; i + 1 < event.arguments.size(); ++i) {
      const auto word = event.arguments[i].constant();
      if (!word) continue;
      const bool git = event.name == "git" && names_proxy(*word);
      const bool option = *word == "--proxy" || (*word == "-x" && event.name == "curl");
      if (!git && !option) continue;
      const std::string proxy = address(event.arguments[i + 1].value, context.profile());
      if (proxy.empty()) continue;
      context.report(run, event, event.arguments[i + 1].span).arguments = {{"address", proxy},
                                                                           {"hook", network.hook}};
    }
  }
}

}  // namespace

void proxy_address_hardcoded(project::Context& context) {
  if (context.profile().network.hook_file.empty()) return;
  std::set<std::pair<const Unit*, uint32_t>> statements;
  context.each_shell_run(project::Where::instance,
                         [&](const Run& run) { in_shell(context, run, statements); });
  context.each_python_run(project::Where::instance, [&](const Run& run) {
    for (const py::EnvironmentWrite& write : run.python->environment_writes) {
      const auto key = write.key.constant();
      if (!key || !names_proxy(*key) || !write.value.is_string()) continue;
      const std::string proxy = address(write.value.text(), context.profile());
      if (proxy.empty()) continue;
      Finding& finding =
          context.report(run, write.file->syntax.source, project::written_at(write), write.frame);
      finding.arguments = {{"address", proxy}, {"hook", context.profile().network.hook}};
    }
  });
}

}  // namespace preflint::checks
