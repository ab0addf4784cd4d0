#include "project/keeping.h"

#include <algorithm>

#include "project/training.h"

namespace preflint::project {

Tri keeps(const Artefact& artefact) {
  if (artefact.kind != Artefact::copy) return Tri::no;
  if (artefact.off_box || artefact.pulled) return Tri::yes;
  return artefact.landing.durable;
}

Keeping keeping_of(const Context& context, const Run& root) {
  Keeping out;
  each_run_below(root, [&](const Run& run) {
    if (run.python && trains(*run.python)) out.trains = true;
    if (run.shell) {
      for (const shell::CommandEvent& event : run.shell->commands)
        out.trains = out.trains || starts_training(run, event);
    }
    for (const Artefact& artefact : context.artefacts(run)) {
      if (artefact.checkpoints()) {
        if (artefact.kind == Artefact::destination && !artefact.live) continue;
        const Tri kept = artefact.landing.durable;
        if (kept == Tri::yes)
          out.durable = true;
        else if (artefact.landing.perishable() && artefact.tier()->survives_release != true)
          out.saved.push_back(&artefact);
        else
          out.unknown = true;
        continue;
      }
      const Tri kept = keeps(artefact);
      if (kept == Tri::yes) out.kept.push_back(&artefact);
      // A copy within folders whose place is not known may be the one that matters.
      if (kept == Tri::maybe) out.unknown = true;
    }
  });
  return out;
}

std::vector<const Run*> entries(const Program& program) {
  std::vector<const Run*> out;
  for (const Run& run : program.runs) {
    if (run.entry()) out.push_back(&run);
  }
  return out;
}

bool kept_by_others(const Context& context, const Run& root) {
  for (const Run* other : entries(context.program())) {
    if (other == &root) continue;
    const Keeping keeping = keeping_of(context, *other);
    if (!keeping.trains && (!keeping.kept.empty() || (keeping.unknown && keeping.saved.empty())))
      return true;
  }
  return false;
}

}  // namespace preflint::project
