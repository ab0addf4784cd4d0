#include <map>

#include "catalog/profile.h"
#include "project/context.h"
#include "project/network_calls.h"
#include "project/shell_edits.h"

namespace preflint::checks {

using project::Context;
using project::NetworkCall;
using project::Reach;
using project::Run;

namespace {

/// `conda create` is ENV004's or ENV005's: it would not be mended by the hook.
bool creates_environment(const shell::CommandEvent& event) {
  return (event.name == "conda" || event.name == "mamba" || event.name == "micromamba") &&
         event.operand() && (event.operand()->is("create") || event.operand()->is("env"));
}

}  // namespace

void network_hook_missing(Context& context) {
  const auto& network = context.profile().network;
  if (network.hook_file.empty()) return;
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    std::map<const Unit*, Finding*> first;  // one finding for each text; further calls are related
    for (const shell::CommandEvent& event : run.shell->commands) {
      const auto need = project::network_need(context, run, event);
      if (!need || !event.environment.proxy.may_be(shell::Proxy::kInactive)) continue;
      if (creates_environment(event)) continue;
      const NetworkCall& call = *need;
      if (call.probe || (call.reach != Reach::foreign && call.reach != Reach::mirrored)) continue;
      Finding*& finding = first[event.unit];
      if (finding) {
        finding->related.push_back(context.note(*event.unit, event.span, "external-call-here", {{"command", event.name}}));
        if (call.reach == Reach::foreign) finding->severity = Severity::error;
        continue;
      }
      finding = &context.report(run, event);
      finding->arguments = {{"command", event.name}, {"target", call.target}, {"hook", network.hook}};
      if (call.reach == Reach::mirrored) {
        finding->severity = Severity::warning;
        finding->message = "mirrored";
      } else if (call.through_python) {
        finding->message = "python";
      }
      for (const Note& use : call.uses) finding->related.push_back(use);
      if (event.unit->embedding == Embedding::file) {
        const uint32_t at = project::after_preamble(event.unit->source.text());
        const std::string hook = event.unit->dialect == shell::Dialect::posix
                                     ? ". " + network.hook_file + " 2>/dev/null || true"
                                     : network.hook_guarded;
        context.edit(*finding, *event.unit, {at, at}, hook + "\n");
      }
    }
  });
}

}  // namespace preflint::checks
