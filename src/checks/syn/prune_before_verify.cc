#include "catalog/profile.h"
#include "project/artefacts.h"
#include "project/keeping.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;
using project::Run;
using shell::CommandEvent;

namespace {

/// The artefact that is kept, or the one that a run resumes from.
bool wanted(const std::string& path, const catalog::Profile& profile) {
  const auto scratch = profile.overrides.find("SCRATCH");
  if (scratch != profile.overrides.end() && paths::basename(path) == scratch->second) return true;
  return project::is_checkpoint_file(path) &&
         (project::names_best(path) || project::names_latest(path));
}

/// Does the command start a training, by itself or through a script of the project?
bool runs_training(const Run& run, const CommandEvent& event) {
  if (project::starts_training(run, event)) return true;
  bool found = false;
  for (const Run* child : run.children) {
    if (child->launch_command != event.index) continue;
    project::each_run_below(*child, [&](const Run& below) {
      found = found || (below.python && project::trains(*below.python));
    });
  }
  return found;
}

}  // namespace

void prune_before_verify(project::Context& context) {
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    const auto& artefacts = context.artefacts(run);
    for (const Artefact& removal : artefacts) {
      if (removal.kind != Artefact::removal || !wanted(removal.path(), context.profile())) continue;
      const CommandEvent& event = *removal.command;
      if (!event.state.may_have_failed) continue;
      for (const int site : *event.state.may_have_failed) {
        if (site < 0 || site >= event.index) continue;
        const CommandEvent& before = run.shell->commands[static_cast<size_t>(site)];
        const bool sync =
            std::any_of(artefacts.begin(), artefacts.end(), [&](const Artefact& other) {
              if (other.command != &before || project::keeps(other) != Tri::yes) return false;
              // SYN007 speaks of the copy's own source.
              return std::none_of(
                  other.sources.begin(), other.sources.end(),
                  [&](const Value& source) { return source == removal.landing.path; });
            });
        const bool training = runs_training(run, before);
        if (!sync && !training) continue;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"file", paths::basename(removal.path())}, {"command", before.name}};
        if (sync) finding.message = "sync";
        finding.related.push_back(
            context.note(*before.unit, before.span, sync ? "copied-here" : "started-here"));
        break;
      }
    }
  });
}

}  // namespace preflint::checks
