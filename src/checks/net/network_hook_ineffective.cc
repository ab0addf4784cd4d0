#include <algorithm>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/hook_texts.h"

namespace preflint::checks {

using Hook = shell::CommandEvent::Hook;

namespace {

/// Does the program open the file, or ask for its text?
bool opens(const py::CallEvent& call, const std::string& file) {
  if (call.origin == "builtins.open" || call.origin == "io.open") {
    const py::Argument* path = call.argument(0, {"file"});
    return path && path->value.text().is(file);
  }
  return (call.method == "open" || call.method == "read_text") && call.receiver.is_path &&
         call.receiver.text().is(file);
}

/// Does the program take the proxy over itself: by the recipe, `bash -c "source HOOK && env"` into
/// os.environ, in a notebook, or from the file as it reads it? Then a line of its own beside it is
/// idle and hurts nobody.
bool read_back(const project::Run& run, const std::string& file) {
  const project::Run* starter = &run;  // `["bash", "-c", "…"]`: a shell within a command
  while (starter->unit->embedding != Embedding::file && starter->parent && !starter->python)
    starter = starter->parent;
  if (starter == &run || !starter->python) return false;
  const py::Trace& program = *starter->python;
  const bool written =
      std::any_of(program.environment_writes.begin(), program.environment_writes.end(),
                  [](const py::EnvironmentWrite& write) { return !write.key.constant(); });
  if (!written) return false;
  if (std::any_of(program.calls.begin(), program.calls.end(),
                  [&](const py::CallEvent& call) { return opens(call, file); }))
    return true;
  return run.unit->embedding == Embedding::notebook_line &&
         std::any_of(program.calls.begin(), program.calls.end(), [&](const py::CallEvent& call) {
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
