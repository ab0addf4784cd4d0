#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "catalog/profile.h"
#include "project/context.h"
#include "project/network_need.h"
#include "project/shell_edits.h"

namespace preflint::checks {

namespace {

/// Does a no_proxy value exempt a host? Entries match the host itself and everything below it.
bool exempts(const Value& list, const std::string& host) {
  for (const Text& text : list.alternatives()) {
    std::string all;
    for (const Piece& piece : text.pieces()) all += piece.known ? piece.text : std::string();
    size_t at = 0;
    while (at <= all.size()) {
      const size_t end = std::min(all.find(',', at), all.size());
      std::string entry = all.substr(at, end - at);
      at = end + 1;
      while (!entry.empty() && (entry[0] == '*' || entry[0] == '.' || entry[0] == ' '))
        entry.erase(0, 1);
      if (entry.empty()) continue;
      if (host == entry || host.ends_with("." + entry)) return true;
    }
  }
  return false;
}

}  // namespace

void domestic_through_proxy(project::Context& context) {
  const auto& profile = context.profile();
  if (profile.network.hook_file.empty()) return;
  std::set<std::pair<const Unit*, std::string>>
      told;  // one no_proxy line serves all calls of a text
  context.each_command(
      project::Where::instance, [&](const project::Run& run, const shell::CommandEvent& event) {
        if (!event.environment.proxy.surely(shell::Proxy::kActive | shell::Proxy::kFresh)) return;
        const auto call = project::network_need(context, run, event);
        if (!call || call->probe || call->reach != project::Reach::domestic || call->target.empty())
          return;
        for (const char* name : {"no_proxy", "NO_PROXY"}) {
          const shell::Variable* list = event.environment.find(name);
          if (list && exempts(list->value, call->target)) return;
        }
        if (catalog::Profile::host_in(call->target, profile.network.no_proxy)) return;
        if (!told.emplace(event.unit, call->target).second) return;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"host", call->target}, {"command", event.name}};
        if (const auto place = project::line_before(*event.unit, event.span)) {
          const std::string& host = call->target;
          context.edit(finding, *event.unit, {place->at, place->at},
                       place->indent + "export no_proxy=\"${no_proxy:+$no_proxy,}" + host +
                           "\" NO_PROXY=\"${NO_PROXY:+$NO_PROXY,}" + host + "\"\n");
        }
      });
}

}  // namespace preflint::checks
