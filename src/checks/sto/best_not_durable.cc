#include <algorithm>

#include "catalog/profile.h"
#include "project/keeping.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;
using project::Run;

namespace {

struct Launch {
  const Run* run = nullptr;
  const shell::CommandEvent* event = nullptr;
};

/// The first command of a wrapper that starts a training.
Launch first_training(const Run& root) {
  Launch out;
  project::each_run_below(root, [&](const Run& run) {
    if (out.event || !run.shell || run.site != Site::instance) return;
    for (const shell::CommandEvent& event : run.shell->commands) {
      if (event.uncalled() || event.state.elsewhere || !project::starts_training(run, event) ||
          project::only_tries(run, event))
        continue;
      out = {&run, &event};
      return;
    }
  });
  return out;
}

/// Is it saved by a training that is only tried out?
bool of_a_try(const Artefact& saved) {
  if (saved.command) return project::only_tries(*saved.run, *saved.command);
  const shell::CommandEvent* launcher = saved.run->launcher();
  return launcher && project::only_tries(*saved.run->parent, *launcher);
}

}  // namespace

void best_not_durable(project::Context& context) {
  const catalog::Tier* durable = context.profile().durable_tier();
  const std::string days = std::to_string(context.profile().storage.auto_release_days);
  const auto all = project::keepings(context);
  for (const project::EntryKeeping& entry : all) {
    const Run* const root = entry.root;
    const project::Keeping& keeping = entry.keeping;
    if (!keeping.loses()) continue;
    const Launch launch = first_training(*root);
    if (!launch.event || project::kept_by_others(all, *root) ||
        project::kept_by_hand(context, keeping))
      continue;
    const auto first = std::find_if_not(keeping.saved.begin(), keeping.saved.end(),
                                        [](const Artefact* one) { return of_a_try(*one); });
    if (first == keeping.saved.end()) continue;
    Finding& finding = context.report(*launch.run, *launch.event, launch.event->command_span);
    const Artefact& saved = **first;
    finding.arguments = {{"path", saved.path()},
                         {"tier", saved.tier()->path},
                         {"durable", durable ? durable->path : ""},
                         {"days", days}};
    if (!durable) finding.message = "off-box";
    finding.related.push_back(note(context, saved, "written-here"));
  }
}

}  // namespace preflint::checks
