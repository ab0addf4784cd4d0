#include "project/keeping.h"

#include <algorithm>

#include "base/path.h"
#include "model/python/trace.h"
#include "project/resolve.h"
#include "project/training.h"

namespace preflint::project {

namespace {

/// A path that is known from the working directory or the project's root on.
bool relative(const Value& path) {
  return std::all_of(path.alternatives().begin(), path.alternatives().end(), [](const Text& one) {
    const auto& pieces = one.pieces();
    return pieces.size() > 1 && !pieces[0].known &&
           (pieces[0].text == kCwdHole || pieces[0].text == kRootHole);
  });
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
        else if (relative(artefact.landing.path))
          out.beside.push_back(&artefact);
        else
          out.unknown = true;
        continue;
      }
      const Tri kept = keeps(artefact);
      if (kept == Tri::yes) out.kept.push_back(&artefact);
      // A copy to a place that is not known may be the one that matters; one within the project is
      // not.
      if (kept == Tri::maybe && !relative(artefact.landing.path)) out.unknown = true;
    }
  });
  return out;
}

/// `Dataset.from_dict(…).push_to_hub(…)`: a data set is published, and no result of a run.
bool of_data(const Artefact& artefact) {
  return artefact.call && artefact.call->origin.starts_with("datasets.");
}

/// `shutil.move(f"{folder}/a.txt", f"{folder}/b.txt")`: another name in the same folder.
bool renames(const Artefact& artefact) {
  if (!artefact.moves || artefact.off_box || artefact.sources.size() != 1) return false;
  const std::string to = paths::dirname(artefact.path());
  return to.find('/') != std::string::npos && to.find("…") == std::string::npos &&
         to == paths::dirname(artefact.sources[0].display());
}

}  // namespace

Tri keeps(const Artefact& artefact) {
  if (artefact.kind != Artefact::copy || of_data(artefact) || renames(artefact)) return Tri::no;
  if (artefact.off_box || artefact.pulled) return Tri::yes;
  return artefact.landing.durable;
}

std::vector<const Run*> entries(const Program& program) {
  std::vector<const Run*> out;
  for (const Run& run : program.runs) {
    if (run.entry()) out.push_back(&run);
  }
  return out;
}

std::vector<EntryKeeping> keepings(const Context& context) {
  std::vector<EntryKeeping> out;
  for (const Run* root : entries(context.program()))
    out.push_back({root, keeping_of(context, *root)});
  return out;
}

bool kept_by_others(const std::vector<EntryKeeping>& all, const Run& root) {
  return std::any_of(all.begin(), all.end(), [&](const EntryKeeping& other) {
    const Keeping& keeping = other.keeping;
    return other.root != &root && !keeping.trains &&
           (!keeping.kept.empty() || (keeping.unknown && keeping.saved.empty()));
  });
}

}  // namespace preflint::project
