#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;

void checkpoint_on_shared_fs(project::Context& context) {
  const catalog::Profile& profile = context.profile();
  const catalog::Tier* shared = profile.durable_tier();
  if (!shared || shared->speed != "slow") return;
  const catalog::Tier* data = profile.data_tier();
  for (const project::Run& run : context.program().runs) {
    if (!project::applies(project::Where::instance, run)) continue;
    for (const Artefact& artefact : context.artefacts(run)) {
      if (!artefact.checkpoints() || !artefact.live || !artefact.landing.on(shared)) continue;
      // What is written only when it is the best so far is the final copy, made early.
      if (project::names_best(artefact.path()) && artefact.call && artefact.call->conditional())
        continue;
      const Artefact* said = project::destination_of(context, artefact);
      if (artefact.kind == Artefact::destination) {
        // Where the program is seen, it tells what it saves there; that is reported at this
        // argument below.
        if (const project::Run* child = project::python_child(run, *artefact.command)) {
          bool saves = false;
          for (const Artefact& other : context.artefacts(*child))
            saves = saves || other.kind == Artefact::checkpoint;
          if (saves) continue;
        }
      }
      Finding& finding = report(context, said ? *said : artefact);
      finding.arguments = {
          {"path", artefact.path()}, {"shared", shared->path}, {"data", data ? data->path : ""}};
      if (said) finding.related.push_back(note(context, artefact, "written-here"));
    }
  }
}

}  // namespace preflint::checks
