#include <algorithm>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/hook_texts.h"

namespace preflint::checks {

using Hook = shell::CommandEvent::Hook;

namespace {

/// Does the notebook read the proxy back by the recipe, `bash -c "source HOOK && env"` into
/// os.environ? Then a line of its own beside it is idle and hurts nobody.
bool read_back(const project::Run& run, const std::string& file) {
  if (run.unit->embedding != Embedding::notebook_line || !run.parent || !run.parent->python)
    return false;
  const py::Trace& notebook = *run.parent->python;
  const bool written =
      std::any_of(notebook.environment_writes.begin(), notebook.environment_writes.end(),
                  [](const py::EnvironmentWrite& write) { return !write.key.constant(); });
  return written &&
         std::any_of(notebook.calls.begin(), notebook.calls.end(), [&](const py::CallEvent& call) {
           const py::Argument* command =
               call.origin.starts_with("subprocess.") ? call.argument(0, {"args"}) : nullptr;
           return command && !command->span.empty() &&
                  call.file->syntax.slice(command->span).find(file) != std::string_view::npos;
         });
}

}  // namespace

void network_hook_ineffective(project::Context& context) {
  const auto& network = context.profile().network;
  if (network.hook_file.empty()) return;
  context.each_command(project::Where::instance, [&](const project::Run& run,
                                                     const shell::CommandEvent& event) {
    const bool one_line = run.unit->embedding == Embedding::os_call ||
                          run.unit->embedding == Embedding::notebook_line;
    // `!source hook` and os.system("source hook") die with their own shell, whatever shell it is.
    const bool dies = event.hook == Hook::needs_bash && one_line && project::only_hook(*run.unit);
    if (event.hook != Hook::lost && event.hook != Hook::executed && !dies) return;
    if (event.hook != Hook::executed && read_back(run, network.hook_file)) return;
    Finding& finding = context.report(run, event);
    finding.arguments = {{"hook", network.hook}, {"file", network.hook_file}};
    if (event.hook == Hook::executed) {
      finding.message = "executed";
    } else if (event.within(shell::FrameKind::pipeline)) {
      finding.message = "pipeline";
    } else if (event.background) {
      finding.message = "background";
    } else if (run.unit->embedding != Embedding::file) {
      finding.message = "own-shell";
    }
  });
}

}  // namespace preflint::checks
