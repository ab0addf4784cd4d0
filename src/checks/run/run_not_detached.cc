#include "project/context.h"
#include "project/long_runs.h"
#include "project/waiting.h"

namespace preflint::checks {

namespace {

bool detached(const shell::CommandEvent& event) {
  for (const char* prefix : {"nohup", "setsid", "screen", "systemd-run", "srun"}) {
    if (event.has_prefix(prefix)) return true;
  }
  return event.background;
}

/// `ssh -t`: somebody sits there and watches; `ssh -f`, `nohup ssh … &`: not in the foreground.
bool watched(const shell::CommandEvent& ssh) {
  if (detached(ssh)) return true;
  for (const shell::Argument& argument : ssh.arguments) {
    const auto word = argument.constant();
    if (!word || word->size() < 2 || (*word)[0] != '-') {
      if (!word || (*word)[0] != '-') break;
      continue;
    }
    if (word->size() <= 4 && word->find_first_not_of("tTfnNqvACxX46", 1) == std::string::npos &&
        word->find_first_of("tf") != std::string::npos) {
      return true;
    }
  }
  return false;
}

/// The ssh command that leads to the run; null when a session or a detached command stands between.
const shell::CommandEvent* attached_ssh(const project::Run& run) {
  for (const project::Run* at = &run; at; at = at->parent) {
    const shell::CommandEvent* launcher = at->launcher();
    if (at->unit->embedding == Embedding::session) return nullptr;
    if (launcher && launcher->name == "ssh") return watched(*launcher) ? nullptr : launcher;
    if (launcher && detached(*launcher)) return nullptr;
  }
  return nullptr;
}

}  // namespace

void run_not_detached(project::Context& context) {
  context.each_command(
      project::Where::anywhere, [&](const project::Run& run, const shell::CommandEvent& event) {
        if (detached(event) || event.uncalled() || !project::long_run(event)) return;
        // Reported where the ssh text says it, not in the script that it starts.
        if (run.unit->embedding == Embedding::file && !run.over_ssh) return;
        const shell::CommandEvent* ssh = attached_ssh(run);
        if (!ssh) return;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"command", event.name}};
        finding.related.push_back(context.note(*ssh->unit, ssh->span, "launched-here"));
      });
}

}  // namespace preflint::checks
