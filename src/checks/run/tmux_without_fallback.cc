#include <set>
#include <string>

#include "catalog/profile.h"
#include "project/context.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;
using shell::FrameKind;

bool is_session_tool(std::string_view name) { return name == "tmux" || name == "screen"; }

/// `apt-get install … tmux`.
const shell::Argument* installs(const CommandEvent& event) {
  if (event.name != "apt-get" && event.name != "apt" && event.name != "yum" && event.name != "dnf")
    return nullptr;
  if (!event.operand() || !event.operand()->is("install")) return nullptr;
  for (const shell::Argument& argument : event.arguments) {
    if (argument.is("tmux") || argument.is("screen")) return &argument;
  }
  return nullptr;
}

/// Does something happen when the install fails?
bool checked(const CommandEvent& event) {
  return event.errexit || event.within(FrameKind::if_condition) ||
         event.within(FrameKind::and_or_left) || event.within(FrameKind::negation);
}

/// `tmux new`, `screen -dmS`: starts a session.
std::string starts(const CommandEvent& event) {
  if (event.has_prefix("screen")) return "screen";
  if (event.name != "tmux") return "";
  const shell::Argument* sub = event.operand();
  return sub && sub->value.display().starts_with("new") ? "tmux" : "";
}

}  // namespace

void tmux_without_fallback(project::Context& context) {
  if (context.profile().daemon.preinstalled != Tri::no) return;
  context.each_shell_run(project::Where::instance, [&](const project::Run& run) {
    std::set<std::string> known;  // looked for or installed
    std::set<const Unit*> told;
    for (const CommandEvent& event : run.shell->commands) {
      for (const shell::Argument& argument : event.arguments) {
        const auto word = argument.constant();
        const bool asks = event.name == "command" || event.name == "which" ||
                          event.name == "type" || event.name == "hash";
        if (asks && word && is_session_tool(*word)) known.insert(*word);
      }
      if (const shell::Argument* tool = installs(event)) {
        known.insert(*tool->constant());
        if (checked(event)) continue;
        Finding& finding = context.report(run, event);
        finding.severity = Severity::warning;
        finding.message = "install";
        finding.arguments = {{"tool", *tool->constant()},
                             {"fallback", context.profile().daemon.fallback}};
        continue;
      }
      const std::string tool = starts(event);
      if (tool.empty() || known.contains(tool) || !told.insert(event.unit).second) continue;
      if (event.within(FrameKind::and_or_left) || event.within(FrameKind::if_condition))
        continue;  // tmux … || nohup …
      Finding& finding = context.report(run, event);
      finding.arguments = {{"tool", tool}, {"fallback", context.profile().daemon.fallback}};
    }
  });
}

}  // namespace preflint::checks
