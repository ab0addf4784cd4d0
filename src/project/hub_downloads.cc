#include "project/hub_downloads.h"

#include "project/hub_ids.h"
#include "project/network_need.h"
#include "project/own_machine.h"
#include "project/python_needs.h"

namespace preflint::project {

namespace {

/// `hf download ID config.json`
bool of_small_texts(const shell::CommandEvent& event) {
  if (event.has_option("--include")) {
    const auto pattern = event.option_value("--include");
    return pattern && is_small_text(pattern->constant().value_or(""));
  }
  bool some = false;
  for (size_t i = 2; i < event.arguments.size(); ++i) {  // behind the verb and the repository
    const std::string file = event.arguments[i].constant().value_or("");
    if (file.starts_with("-")) break;
    if (!is_small_text(file)) return false;
    some = true;
  }
  return some;
}

}  // namespace

std::optional<HubDownload> hub_download(const Context& context, const Run& run,
                                        const shell::CommandEvent& event, Amount amount) {
  if (const auto call = settled_call(context, run, event)) {
    if (call->tool != NetworkCall::hub || !call->bulk || call->probe) return std::nullopt;
    if (amount == Amount::large && of_small_texts(event)) return std::nullopt;
    return HubDownload{call->reach, call->target, event.environment, nullptr, nullptr};
  }
  if (launched_elsewhere(context, event)) return std::nullopt;
  for (const Run* child : run.children) {
    if (child->launch_command != event.index || !child->python) continue;
    for (const PythonNeed& need : context.needs(*child)) {
      if (need.kind != PythonNeed::hub ||
          (need.reach != Reach::foreign && need.reach != Reach::domestic))
        continue;
      if (!need.large && amount == Amount::large) continue;
      return HubDownload{need.reach, need.target, need.environment, &need, child};
    }
  }
  return std::nullopt;
}

const Unit& outermost(const Unit& unit) {
  const Unit* at = &unit;
  while (at->parent) at = at->parent;
  return *at;
}

}  // namespace preflint::project
