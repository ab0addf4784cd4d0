#include <algorithm>

#include "project/context.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;

/// The key of the message for a command that changes nothing but its own shell; null for others.
const char* changes_shell(const CommandEvent& event) {
  if (event.name == "cd" || event.name == "pushd") return "cd";
  if (event.name == "export" || event.name == "unset") return "export";
  const shell::Argument* first = event.operand();
  const bool sources = event.name == "source" || event.name == ".";
  if (sources && first && event.arguments.size() <= 2)
    return first->value.display().find("activate") != std::string::npos ? "activate" : "";
  if (shell::is_conda(event.name) && first && first->is("activate")) return "activate";
  if (event.name == "alias" || event.name == "ulimit" || event.name == "umask") return "";
  return nullptr;
}

/// `source settings.sh && bash run.sh`: the list goes on in the same shell. In a plain sh there is
/// no `source`, so that what follows is not among the run's commands.
bool list_goes_on(const project::Run& run, const CommandEvent& last) {
  if (last.unit != run.unit) return false;
  std::string_view rest = last.unit->source.text().substr(last.span.end);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  return rest.starts_with("&&");
}

}  // namespace

void notebook_shell_state_lost(project::Context& context) {
  context.each_shell_run(project::Where::instance, [&](const project::Run& run) {
    const Embedding how = run.unit->embedding;
    if (how != Embedding::notebook_line && how != Embedding::notebook_cell) return;
    const auto& commands = run.shell->commands;
    const bool lost = !commands.empty() &&
                      std::all_of(commands.begin(), commands.end(), [](const CommandEvent& event) {
                        return changes_shell(event) && event.hook == CommandEvent::Hook::none &&
                               event.redirects.empty();
                      });
    if (!lost) return;
    const CommandEvent& last = commands.back();
    if (list_goes_on(run, last)) return;
    Finding& finding = context.report(run, last);
    finding.message = changes_shell(last);
    finding.arguments = {{"command", std::string(last.unit->source.slice(last.span))}};
  });
}

}  // namespace preflint::checks
