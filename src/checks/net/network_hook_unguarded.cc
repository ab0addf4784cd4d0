#include "catalog/profile.h"
#include "project/context.h"
#include "project/existence_tests.h"

namespace preflint::checks {

namespace {

/// Somebody decided before that the file is there: a branch, a case, `[ -f hook ] &&`, an earlier
/// test.
bool guarded(const project::Run& run, const shell::CommandEvent& event, const std::string& file) {
  using shell::FrameKind;
  if (event.within(FrameKind::if_body) || event.within(FrameKind::case_body) ||
      event.within(FrameKind::and_or_right)) {
    return true;
  }
  for (const shell::CommandEvent& before : run.shell->commands) {
    if (before.index >= event.index) break;
    if (before.name != "[" && before.name != "test") continue;
    for (const shell::Argument& argument : before.arguments) {
      if (argument.is(file)) return true;
    }
  }
  return project::asked_in_brackets(event, file);
}

}  // namespace

void network_hook_unguarded(project::Context& context) {
  const auto& network = context.profile().network;
  if (network.hook_file.empty()) return;
  context.each_command(project::Where::instance, {"source", "."},
                       [&](const project::Run& run, const shell::CommandEvent& event) {
                         if (event.hook != shell::CommandEvent::Hook::effective || !event.errexit ||
                             event.background)  // it ends the job alone
                           return;
                         if (guarded(run, event, network.hook_file)) return;
                         Finding& finding = context.report(run, event);
                         finding.arguments = {{"hook", network.hook}, {"file", network.hook_file}};
                         const uint32_t end = event.command->span.end;
                         context.edit(finding, *event.unit, {end, end}, " 2>/dev/null || true");
                       });
}

}  // namespace preflint::checks
