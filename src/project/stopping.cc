#include "project/stopping.h"

#include <algorithm>
#include <sstream>

#include "catalog/profile.h"

namespace preflint::project {
namespace {

using shell::CommandEvent;

/// Is the event one of these commands, each written as the words it begins with ("runpodctl remove
/// pod")?
bool is_one_of(const CommandEvent& event, const std::vector<std::string>& commands) {
  return std::any_of(commands.begin(), commands.end(), [&](const std::string& command) {
    std::istringstream words(command);
    std::string word;
    if (!(words >> word) || paths::basename(word) != event.name) return false;
    size_t at = 0;
    while (words >> word) {
      const shell::Argument* operand = event.operand(at++);
      if (!operand || !operand->is(word)) return false;
    }
    return true;
  });
}

}  // namespace

bool stops(const CommandEvent& event, const catalog::Profile& profile) {
  if (event.name.empty() || !is_one_of(event, profile.billing.stop_commands)) return false;
  return !event.has_option("-c") && !event.has_option("--help") && !event.has_option("-k") &&
         !event.has_option("--show");
}

bool releases(const CommandEvent& event, const catalog::Profile& profile) {
  return !event.name.empty() && is_one_of(event, profile.billing.release_commands);
}

bool confirmed(const Run& run, const CommandEvent& event) {
  for (const CommandEvent& before : run.shell->commands) {
    if (before.index >= event.index) break;
    // `read` of a person's answer, not of a file.
    if (before.name == "read" && !before.stdin_piped && before.stdin_attached &&
        !before.within(shell::FrameKind::loop_condition))
      return true;
    if (before.name == "dialog" || before.name == "whiptail" || before.name == "gum") return true;
  }
  // A test of a variable or option that says so, however it is written.
  std::string before(event.unit->source.text().substr(0, event.span.begin));
  std::transform(before.begin(), before.end(), before.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return before.find("confirm") != std::string::npos ||
         before.find("select ") != std::string::npos || before.find("--yes)") != std::string::npos;
}

}  // namespace preflint::project
