#include <algorithm>

#include "base/one_of.h"
#include "project/context.h"
#include "project/credentials.h"
#include "project/remote_calls.h"
#include "project/upkeep.h"

namespace preflint::checks {

namespace {

using shell::Argument;
using shell::CommandEvent;

/// The `${TOKEN:+-H "…$TOKEN"}` that an argument consists of; null for any other.
const shell::Part* conditional_part(const Argument& argument) {
  if (!argument.word || argument.origin || argument.word->parts.size() != 1) return nullptr;
  const shell::Part& part = argument.word->parts[0];
  return project::only_when_set(part) ? &part : nullptr;
}

/// What stands in an argument, as it begins: of `${TOKEN:+-H "…$TOKEN"}` what it may become.
std::string start_of(const Argument& argument, const CommandEvent& event) {
  if (const auto constant = argument.constant(); constant && !constant->empty()) return *constant;
  if (const shell::Part* part = conditional_part(argument))
    return std::string(event.unit->source.slice(part->words[0].span));
  return std::string(argument.value.known_start());
}

/// The arguments of curl, wget and aria2c that may hold a secret.
bool carries_secret(const CommandEvent& event, size_t i) {
  const std::string word = start_of(event.arguments[i], event);
  const std::string before = i > 0 ? event.arguments[i - 1].constant().value_or("") : "";
  for (const std::string_view option :
       {"-u", "--user", "-H", "--header", "--oauth2-bearer", "--password", "--http-password",
        "--proxy-user", "--http-passwd", "--ftp-passwd"}) {
    if (before == option ||
        (word.starts_with(option) && word.size() > option.size() &&
         (option.size() == 2 || word[option.size()] == '=' || word[option.size()] == ' ')))
      return true;
  }
  return false;
}

/// A service on the box itself, where nobody else looks at the list of processes.
bool asks_this_machine(const CommandEvent& event) {
  return std::any_of(event.arguments.begin(), event.arguments.end(), [](const Argument& argument) {
    std::string_view start = argument.value.known_start();
    if (const size_t scheme = start.find("://"); scheme < 6) start.remove_prefix(scheme + 3);
    return start.starts_with("localhost") || start.starts_with("127.0.0.1");
  });
}

}  // namespace

void credential_in_command(project::Context& context) {
  context.each_command(
      project::Where::anywhere, {"ssh", "scp", "rsync", "sftp", "curl", "wget", "aria2c"},
      [&](const project::Run& run, const CommandEvent& event) {
        // A machine of continuous integration is made for one job: nobody else is on it.
        const auto graded = [&](Finding& finding) -> Finding& {
          if (project::in_ci_folder(finding.place.path, context.program().root))
            finding.severity = Severity::info;
          return finding;
        };
        const auto report = [&](const Argument& argument, const char* message) {
          const auto name = project::secret_in(argument, event);
          if (!name) return false;
          Finding& finding = graded(context.report(run, event, argument.span));
          // Nobody says that the token is given: downloaders that many copy take it as an option.
          if (conditional_part(argument)) finding.severity = Severity::info;
          finding.message = message;
          finding.arguments = {{"name", *name}, {"command", event.name}};
          return true;
        };
        for (const shell::Prefix& prefix : event.prefixes) {
          const Argument* password =
              prefix.name == "sshpass" ? project::sshpass_password(prefix) : nullptr;
          // A password that is written here is SEC007's.
          if (!password || password->constant()) continue;
          Finding& finding = graded(context.report(run, event, password->span));
          const std::string shown = password->value.display();
          const bool printed = shown.starts_with("$(") && shown.ends_with(')');
          finding.message = printed ? "sshpass-printed" : "sshpass";
          finding.arguments = {{"name", printed ? shown.substr(2, shown.size() - 3) : shown},
                               {"command", "sshpass"}};
          return;
        }
        if (one_of(event.name, {"curl", "wget", "aria2c"})) {
          if (asks_this_machine(event)) return;
          for (size_t i = 0; i < event.arguments.size(); ++i) {
            if (carries_secret(event, i) && report(event.arguments[i], "request")) return;
          }
          return;
        }
        const auto call = project::remote_call(event);
        if (!call) return;
        for (const Argument* word : call->command) {
          if (report(*word, "")) return;
        }
        for (const Argument* source : call->sources) {
          if (report(*source, "")) return;
        }
        if (call->destination) report(*call->destination, "");
      });
}

}  // namespace preflint::checks
