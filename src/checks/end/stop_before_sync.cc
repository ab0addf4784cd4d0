#include <algorithm>
#include <optional>
#include <set>

#include "catalog/profile.h"
#include "project/keeping.h"
#include "project/stopping.h"
#include "project/training.h"
#include "project/uncalled.h"

namespace preflint::checks {

using project::Artefact;
using project::Run;
using shell::CommandEvent;
using shell::FrameKind;

namespace {

bool within_trap(const CommandEvent& event) { return event.within(FrameKind::trap); }

/// The copy that brings the run's checkpoints away and may have failed when the box stops.
const Artefact* failed_copy(const project::Context& context, const Run& run,
                            const CommandEvent& stop) {
  for (const Artefact& artefact : context.artefacts(run)) {
    if (!artefact.command || artefact.command->index >= stop.index ||
        project::keeps(artefact) != Tri::yes || artefact.pulled)
      continue;
    if (stop.state.failed(artefact.command->index)) return &artefact;
  }
  return nullptr;
}

bool of_a_run(const Artefact& copy) {
  return std::any_of(copy.sources.begin(), copy.sources.end(), [](const Value& source) {
    const std::string shown = source.display();
    return project::is_checkpoint_file(shown) || project::is_checkpoint_folder(shown) ||
           project::names_best(shown);
  });
}

/// The first command of a program that trains; the number of commands when none does.
int first_training(const Run& run) {
  std::set<int> launches;  // that lead to a queue or a wrapper of the project that trains
  for (const Run* child : run.children) {
    bool trains = false;
    project::each_run_below(*child, [&](const Run& below) {
      if (below.python && project::trains(*below.python)) trains = true;
    });
    if (trains) launches.insert(child->launch_command);
  }
  for (const CommandEvent& event : run.shell->commands) {
    if (launches.contains(event.index) || project::starts_training(run, event)) return event.index;
  }
  return static_cast<int>(run.shell->commands.size());
}

}  // namespace

void stop_before_sync(project::Context& context) {
  const catalog::Profile& profile = context.profile();
  if (profile.billing.stop_commands.empty()) return;
  const catalog::Tier* durable = profile.durable_tier();
  const auto all = project::keepings(context);
  for (const auto& [root, keeping] : all) {
    project::each_run_below(*root, [&, &root = root, &keeping = keeping](const Run& run) {
      if (!run.shell || !project::applies(project::Where::instance, run)) return;
      // Does the stop follow a training of this program, in the shell or in the Python program that
      // stops?
      std::optional<int> training;
      const auto after_training = [&](const CommandEvent& stop) {
        if (!training) training = first_training(run);
        return *training < stop.index ||
               (run.parent && run.parent->python && project::trains(*run.parent->python));
      };
      for (const CommandEvent& event : run.shell->commands) {
        if (!project::stops(event, profile) || project::uncalled(run, event)) continue;
        const Artefact* copy = within_trap(event) ? nullptr : failed_copy(context, run, event);
        if (!(copy && of_a_run(*copy)) && !after_training(event)) continue;
        if (!copy && (!keeping.keeps_nothing() || project::kept_by_others(all, *root))) continue;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"command", event.name},
                             {"days", std::to_string(profile.storage.auto_release_days)},
                             {"durable", durable ? durable->path : ""}};
        const Artefact* shown = copy                    ? copy
                                : keeping.saved.empty() ? keeping.beside.front()
                                                        : keeping.saved.front();
        finding.arguments["path"] = shown->path();
        const catalog::Tier* tier = keeping.saved.empty() ? nullptr : keeping.saved.front()->tier();
        if (tier && tier->survives_stop == false) {
          finding.severity = Severity::error;
          finding.message = "destroyed";
        } else if (copy) {
          finding.message = "unchecked";
          finding.arguments["copy"] = copy->tool;
        }
        finding.related.push_back(note(context, *shown, copy ? "copied-here" : "written-here"));
      }
    });
  }
}

}  // namespace preflint::checks
