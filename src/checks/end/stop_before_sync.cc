#include <algorithm>
#include <map>
#include <set>

#include "catalog/profile.h"
#include "project/asked_before.h"
#include "project/failure_seen.h"
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
    if (stop.state.failed(artefact.command->index) &&
        !project::failure_seen(context, run, artefact, stop))
      return &artefact;
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

/// Does a run train, or something that it starts: a queue or a wrapper of the project?
bool leads_to_training(const Run& run) {
  bool trains = false;
  project::each_run_below(run, [&](const Run& below) {
    trains = trains || (below.python && project::trains(*below.python)) ||
             (below.shell && std::any_of(below.shell->commands.begin(), below.shell->commands.end(),
                                         [&](const CommandEvent& event) {
                                           return project::starts_training(below, event);
                                         }));
  });
  return trains;
}

/// The first command of a script that trains; the number of commands when none does.
int first_training(const Run& run) {
  std::set<int> launches;
  for (const Run* child : run.children) {
    if (leads_to_training(*child)) launches.insert(child->launch_command);
  }
  for (const CommandEvent& event : run.shell->commands) {
    if (launches.contains(event.index) || project::starts_training(run, event)) return event.index;
  }
  return static_cast<int>(run.shell->commands.size());
}

/// Whether a job trains before it stops, with what was found out about its scripts.
class Trainings {
 public:
  bool before(const Run& run, const CommandEvent& stop) {
    if (first(run) < stop.index) return true;
    for (const Run* at = &run; at->parent; at = at->parent) {
      if (before(*at->parent, *at)) return true;
    }
    return false;
  }

 private:
  /// Does a run train before it starts one of its children?
  bool before(const Run& run, const Run& child) {
    if (run.shell) return first(run) < child.launch_command;
    if (run.python && project::trains(*run.python)) return true;
    for (const Run* other : run.children) {
      if (other == &child) break;
      if (leads_to_training(*other)) return true;
    }
    return false;
  }
  int first(const Run& run) {
    const auto [at, fresh] = first_.try_emplace(&run, 0);
    if (fresh) at->second = first_training(run);
    return at->second;
  }

  std::map<const Run*, int> first_;  // commands
};

}  // namespace

void stop_before_sync(project::Context& context) {
  const catalog::Profile& profile = context.profile();
  if (profile.billing.stop_commands.empty()) return;
  const catalog::Tier* durable = profile.durable_tier();
  const auto all = project::keepings(context);
  Trainings trainings;
  for (const project::EntryKeeping& entry : all) {
    const Run* const root = entry.root;
    const project::Keeping& keeping = entry.keeping;
    project::each_run_below(*root, [&](const Run& run) {
      if (!run.shell || !project::applies(project::Where::instance, run)) return;
      for (const CommandEvent& event : run.shell->commands) {
        if (!project::stops(event, profile) || project::uncalled(run, event)) continue;
        // `shutdown now || poweroff` is one stop.
        if (event.enclosing(shell::FrameKind::and_or_right) && event.index > 0) {
          const CommandEvent& before = run.shell->commands[static_cast<size_t>(event.index) - 1];
          if (project::stops(before, profile) && project::alternative_to(before, event)) continue;
        }
        const Artefact* copy = within_trap(event) ? nullptr : failed_copy(context, run, event);
        if (!(copy && of_a_run(*copy)) && !trainings.before(run, event)) continue;
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
          // Of a push it is seldom known where it goes.
          const bool somewhere = copy->off_box && copy->landing.path.unknown_whole();
          finding.message = somewhere ? "unchecked-away" : "unchecked";
          finding.arguments["copy"] = copy->tool;
        }
        finding.related.push_back(note(context, *shown, copy ? "copied-here" : "written-here"));
      }
    });
  }
}

}  // namespace preflint::checks
