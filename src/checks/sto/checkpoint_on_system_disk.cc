#include <algorithm>
#include <map>
#include <set>

#include "catalog/profile.h"
#include "project/artefacts.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;

namespace {

/// Scratch on purpose, or the panel's folder, which STO012 speaks of.
bool elsewhere(const std::string& path, const catalog::Profile& profile) {
  return paths::under(path, "/tmp") ||
         (!profile.panel.directory.empty() && paths::under(path, profile.panel.directory));
}

/// Is what is copied or made here a result of the run?
bool of_a_run(const Artefact& artefact) {
  const std::string path = artefact.path();
  if (project::is_fetched(path)) return false;
  if (artefact.kind == Artefact::folder)
    return project::is_checkpoint_folder(path) && path.find('{') == std::string::npos;
  if (artefact.off_box || artefact.pulled || artefact.archive) return false;
  bool checkpoint = project::is_checkpoint_file(path);
  for (const Value& source : artefact.sources) {
    const std::string shown = source.display();
    if (project::is_fetched(shown)) return false;
    checkpoint =
        checkpoint || project::is_checkpoint_file(shown) || project::is_checkpoint_folder(shown);
  }
  return checkpoint;
}

/// Does the program save checkpoints anywhere?
bool saves_some(const project::Context& context, const project::Run& run) {
  const auto& artefacts = context.artefacts(run);
  return std::any_of(artefacts.begin(), artefacts.end(), [](const Artefact& artefact) {
    return artefact.kind == Artefact::checkpoint || artefact.kind == Artefact::destination;
  });
}

/// Who speaks first of a folder: a launch's argument, then the saver, copies, mkdir.
int rank(const Artefact& artefact) {
  switch (artefact.kind) {
    case Artefact::destination:
      return 0;
    case Artefact::checkpoint:
      return 1;
    case Artefact::copy:
      return 2;
    default:
      return 3;
  }
}

}  // namespace

void checkpoint_on_system_disk(project::Context& context) {
  const catalog::Tier* system = context.profile().system_tier();
  if (!system) return;
  std::map<int, std::vector<const Artefact*>> found;
  std::set<const Artefact*> seen;
  std::vector<std::string> downloads;  // STO006 speaks of where they go
  for (const project::Run& run : context.program().runs) {
    if (!project::applies(project::Where::instance, run)) continue;
    for (const Artefact& artefact : context.artefacts(run)) {
      if (artefact.kind == Artefact::cache && !artefact.defaulted)
        downloads.push_back(artefact.path());
      if (!artefact.landing.on(system) || elsewhere(artefact.path(), context.profile())) continue;
      const bool saves = artefact.kind == Artefact::checkpoint ||
                         (artefact.kind == Artefact::destination && artefact.live);
      if (!saves && artefact.kind != Artefact::copy && artefact.kind != Artefact::folder) continue;
      if (!saves && !of_a_run(artefact)) continue;
      // A program that saves no checkpoint makes the folder for its figures.
      if (run.python && artefact.kind == Artefact::folder && !saves_some(context, run)) continue;
      const Artefact* said = saves ? project::destination_of(context, artefact) : nullptr;
      if (!said) said = &artefact;
      if (seen.insert(said).second) found[rank(*said)].push_back(said);
    }
  }
  // A folder that is made for what is downloaded into it holds nothing of a run.
  const auto for_downloads = [&](const Artefact& artefact) {
    return artefact.kind == Artefact::folder &&
           std::any_of(downloads.begin(), downloads.end(), [&](const std::string& path) {
             return paths::under(path, artefact.path());
           });
  };
  std::set<std::string> said;
  const auto covered = [&](const std::string& path) {
    return std::any_of(said.begin(), said.end(), [&](const std::string& folder) {
      return paths::under(path, folder) || paths::under(folder, path);
    });
  };
  for (const auto& [order, artefacts] : found) {
    std::set<std::string> now;
    for (const Artefact* artefact : artefacts) {
      const std::string path = artefact->path();
      if ((order >= 2 && covered(path)) || for_downloads(*artefact)) continue;
      now.insert(path);
      Finding& finding = report(context, *artefact);
      finding.arguments = {
          {"path", path},
          {"size", system->size_gb ? std::to_string(static_cast<int>(*system->size_gb)) : "?"},
          {"tool", artefact->tool}};
      const catalog::Tier* data = context.profile().data_tier();
      finding.arguments["data"] = data ? data->path : "";
    }
    said.insert(now.begin(), now.end());
  }
}

}  // namespace preflint::checks
