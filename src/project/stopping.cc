#include "project/stopping.h"

#include <algorithm>
#include <sstream>

#include "base/text.h"
#include "catalog/profile.h"
#include "model/python/trace.h"

namespace preflint::project {
namespace {

using shell::CommandEvent;

/// Is the address the one that a command names, apart from its query?
bool same_address(std::string_view given, std::string_view wanted) {
  return given.starts_with(wanted) && (given.size() == wanted.size() ||
                                       given[wanted.size()] == '?' || given[wanted.size()] == '/');
}

/// Is the event one of these commands, each written as the words it begins with ("runpodctl remove
/// pod")? An address counts wherever it stands.
bool is_one_of(const CommandEvent& event, const std::vector<std::string>& commands) {
  return std::any_of(commands.begin(), commands.end(), [&](const std::string& command) {
    std::istringstream words(command);
    std::string word;
    if (!(words >> word) || paths::basename(word) != event.name) return false;
    size_t at = 0;
    while (words >> word) {
      if (word.find("://") != std::string::npos) {
        const bool named = std::any_of(event.arguments.begin(), event.arguments.end(),
                                       [&](const shell::Argument& argument) {
                                         return same_address(argument.value.known_start(), word);
                                       });
        if (!named) return false;
        continue;
      }
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

bool releases(const py::CallEvent& call, const catalog::Profile& profile) {
  if (call.project || (call.method != "post" && call.method != "put" && call.method != "delete" &&
                       call.method != "request" && call.origin != "urllib.request.Request" &&
                       call.origin != "urllib.request.urlopen")) {
    return false;
  }
  const py::Argument* url = call.argument(call.method == "request" ? 1 : 0, {"url"});
  if (!url || !url->value.is_string()) return false;
  const preflint::Value text = url->value.text();
  for (const std::string& command : profile.billing.release_commands) {
    const size_t scheme = command.find("://");
    if (scheme == std::string::npos) continue;
    const size_t from = command.rfind(' ', scheme);
    if (same_address(text.known_start(),
                     std::string_view(command).substr(from == std::string::npos ? 0 : from + 1)))
      return true;
  }
  return false;
}

bool asks(std::string_view before) {
  const std::string text = lower(before);
  return text.find("confirm") != std::string::npos || text.find("select ") != std::string::npos ||
         text.find("--yes") != std::string::npos || text.find("input(") != std::string::npos;
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
  return asks(event.unit->source.text().substr(0, event.span.begin));
}

}  // namespace preflint::project
