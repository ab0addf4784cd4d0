#include "catalog/profile.h"
#include "project/artefacts.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;

void checkpoint_in_panel_dir(project::Context& context) {
  const catalog::Profile& profile = context.profile();
  const std::string& panel = profile.panel.directory;
  if (panel.empty()) return;
  const catalog::Tier* data = profile.data_tier();
  for (const project::Run& run : context.program().runs) {
    if (!project::applies(project::Where::instance, run)) continue;
    for (const Artefact& artefact : context.artefacts(run)) {
      if (artefact.kind != Artefact::checkpoint &&
          !(artefact.kind == Artefact::copy && project::is_checkpoint_file(artefact.path())))
        continue;
      const auto& places = artefact.landing.path.alternatives();
      const bool inside = std::all_of(places.begin(), places.end(), [&](const Text& place) {
        return paths::under(place, panel) == Tri::yes;
      });
      if (!inside || artefact.off_box) continue;
      const Artefact* said = project::destination_of(context, artefact);
      Finding& finding = report(context, said ? *said : artefact);
      finding.arguments = {
          {"path", artefact.path()}, {"panel", panel}, {"data", data ? data->path : ""}};
      if (said) finding.related.push_back(note(context, artefact, "written-here"));
    }
  }
}

}  // namespace preflint::checks
