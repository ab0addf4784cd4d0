#include "project/failure_seen.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/one_of.h"
#include "base/text.h"
#include "project/keeping.h"

namespace preflint::project {
namespace {

using shell::CommandEvent;
using shell::FrameKind;

/// A command that tells somebody something: a message to a service, or a script named for that.
bool tells(const CommandEvent& event) {
  if (one_of(event.name, {"curl", "wget", "http", "mail", "mailx", "sendmail", "mutt", "msmtp",
                          "ntfy", "apprise"}))
    return true;
  if (!one_of(event.name, {"python", "bash", "sh"})) return false;
  const std::string text = lower(event.unit->source.slice(event.span));
  return holds_any(text, {"notify", "alert", "send_", "_send", "mail", "webhook", "wechat",
                          "feishu", "dingtalk", "pushplus", "serverchan"});
}

/// `if ! rsync …; then curl "$HOOK" …; fi`, or a message that says `$RESULT`, which a failure sets:
/// somebody is told of it.
bool told(const Run& run, const CommandEvent& copy, const CommandEvent& later) {
  const auto& commands = run.shell->commands;
  const auto speaks = [&](const CommandEvent& event) {
    if (!tells(event)) return false;
    if (event.state.failed(copy.index) && shell::hangs_on(event.frame, copy)) return true;
    const std::string_view text = event.unit->source.slice(event.span);
    return std::any_of(run.shell->assignments.begin(), run.shell->assignments.end(),
                       [&](const shell::AssignmentEvent& set) {
                         return set.next_command > copy.index && set.next_command <= event.index &&
                                set.state.failed(copy.index) && shell::hangs_on(set.frame, copy) &&
                                (text.find("$" + set.name) != std::string_view::npos ||
                                 text.find("${" + set.name) != std::string_view::npos);
                       });
  };
  return std::any_of(commands.begin() + copy.index + 1, commands.begin() + later.index, speaks);
}

/// Does a command read what was copied, so that the later one is not reached when it cannot?
bool read_back(const Run& run, const Artefact& copy, const CommandEvent& later) {
  const std::string path = copy.path();
  const auto& commands = run.shell->commands;
  return std::any_of(
      commands.begin() + copy.command->index + 1, commands.begin() + later.index,
      [&](const CommandEvent& event) {
        return event.tracked && !event.background && !later.state.failed(event.index) &&
               !copy.off_box && event.state.failed(copy.command->index) &&
               !event.within(FrameKind::loop_body) &&
               event.unit->source.slice(event.span).find(path) != std::string_view::npos;
      });
}

/// `cp … || scp …`: behind the failure another copy does the same work, and that one did.
bool copied_otherwise(const Context& context, const Run& run, const CommandEvent& copy,
                      const CommandEvent& later) {
  const auto& artefacts = context.artefacts(run);
  return std::any_of(artefacts.begin(), artefacts.end(), [&](const Artefact& other) {
    return other.command && other.command->index > copy.index && other.command->tracked &&
           other.command->index < later.index && keeps(other) == Tri::yes &&
           other.command->state.failed(copy.index) && shell::hangs_on(other.command->frame, copy) &&
           !later.state.failed(other.command->index);
  });
}

}  // namespace

bool failure_seen(const Context& context, const Run& run, const Artefact& copy,
                  const CommandEvent& later) {
  return told(run, *copy.command, later) || read_back(run, copy, later) ||
         copied_otherwise(context, run, *copy.command, later);
}

}  // namespace preflint::project
