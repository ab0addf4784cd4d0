#include "project/detached.h"

#include <algorithm>

#include "base/one_of.h"

namespace preflint::project {

bool detaches(const shell::CommandEvent& event) {
  if (event.background) return true;
  return std::any_of(event.prefixes.begin(), event.prefixes.end(), [](const shell::Prefix& prefix) {
    return prefix.name == "nohup" || prefix.name == "setsid" || prefix.name == "systemd-run" ||
           prefix.name == "screen";
  });
}

bool detached(const Run& run) {
  for (const Run* at = &run; at; at = at->parent) {
    if (at->unit->embedding == Embedding::session) return true;
    if (const shell::CommandEvent* launcher = at->launcher(); launcher && detaches(*launcher))
      return true;
  }
  return false;
}

bool started_by_cron(const Run& run) {
  const shell::CommandEvent* launcher = run.launcher();
  return run.unit->embedding == Embedding::session && launcher &&
         one_of(launcher->name, {"crontab", "echo", "printf", "cat", "tee"});
}

bool logs_to_file(const Run& run, const shell::CommandEvent& event) {
  // nohup moves an output that is still a terminal to nohup.out.
  if (!event.stdout_attached || event.has_prefix("nohup")) return true;
  for (const Run* at = &run; at; at = at->parent) {
    if (at->unit->embedding == Embedding::session) return false;
    const shell::CommandEvent* launcher = at->launcher();
    if (launcher && (!launcher->stdout_attached || launcher->has_prefix("nohup"))) return true;
  }
  return false;
}

}  // namespace preflint::project
