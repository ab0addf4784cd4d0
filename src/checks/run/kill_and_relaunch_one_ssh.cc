#include <algorithm>

#include "base/one_of.h"
#include "project/context.h"
#include "project/waiting.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;

const shell::Argument* pattern_of(const CommandEvent& event) {
  if (event.name == "pkill")
    return event.has_option("-f") && !event.has_option("-x") ? event.operand() : nullptr;
  // kill $(pgrep -f X), pgrep -f X | xargs kill
  if (event.name != "pgrep" || !event.has_option("-f") || event.has_option("-x")) return nullptr;
  return event.within(shell::FrameKind::command_substitution) || event.stdout_piped
             ? event.operand()
             : nullptr;
}

bool kills_next(const project::Run& run, const CommandEvent& event) {
  const auto& commands = run.shell->commands;
  for (size_t i = static_cast<size_t>(event.index) + 1;
       i < commands.size() && i <= static_cast<size_t>(event.index) + 3; ++i) {
    if (commands[i].name == "kill") return true;
  }
  return false;
}

/// What nobody misses when it is not reached: `pkill -f train.py; sleep 2; echo stopped`.
bool missed(const CommandEvent& event) {
  return !one_of(event.name, {"echo", "printf", "sleep", "date", "true", ":", "exit"});
}

}  // namespace

void kill_and_relaunch_one_ssh(project::Context& context) {
  context.each_command(
      project::Where::anywhere, {"pkill", "pgrep"},
      [&](const project::Run& run, const CommandEvent& event) {
        const bool by_ssh =
            run.unit->embedding == Embedding::ssh || run.unit->embedding == Embedding::remote_api;
        if (!by_ssh || !project::text_in_command_line(run)) return;
        const shell::Argument* argument = pattern_of(event);
        const auto pattern = argument ? argument->constant() : std::nullopt;
        if (!pattern || pattern->size() < 2) return;
        const bool by_pgrep = event.name == "pgrep";
        if (by_pgrep && !kills_next(run, event)) return;
        const auto& commands = run.shell->commands;
        const auto after =
            std::min(commands.size(), static_cast<size_t>(event.index) + (by_pgrep ? 2 : 1));
        const auto next =
            std::find_if(commands.begin() + static_cast<ptrdiff_t>(after), commands.end(), missed);
        if (next == commands.end()) return;
        if (!project::pattern_matches(*pattern, project::own_command_line(run))) return;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"pattern", *pattern}, {"command", event.name}};
        finding.related.push_back(context.note(*next->unit, next->span, "never-reached", {}));
      });
}

}  // namespace preflint::checks
