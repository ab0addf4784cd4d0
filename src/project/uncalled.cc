#include "project/uncalled.h"

#include <algorithm>

#include "model/python/trace.h"

namespace preflint::project {
namespace {

/// Is the text of this run written in a function of its parent that nothing calls?
bool started_uncalled(const Run& run) {
  if (const shell::CommandEvent* launcher = run.launcher()) return launcher->uncalled();
  if (!run.parent->python) return false;
  const auto& calls = run.parent->python->calls;
  return std::any_of(calls.begin(), calls.end(), [&](const py::CallEvent& call) {
    return call.uncalled() && call.span == run.launch_span;
  });
}

}  // namespace

bool uncalled(const Run& run, const shell::CommandEvent& event) {
  return event.uncalled() || uncalled(run);
}

bool uncalled(const Run& run) {
  // A script of its own is there to be started by hand as well.
  for (const Run* at = &run; at->parent && at->unit->parent; at = at->parent) {
    if (started_uncalled(*at)) return true;
  }
  return false;
}

}  // namespace preflint::project
