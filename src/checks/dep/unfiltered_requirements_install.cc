#include <algorithm>

#include "project/context.h"
#include "project/framework_filters.h"
#include "project/image_pins.h"
#include "project/local_builds.h"
#include "project/uncalled.h"

namespace preflint::checks {

using project::Install;
using project::InstalledFile;
using project::PinEffect;

void unfiltered_requirements_install(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const auto& dependencies = context.shared<project::Dependencies>();
  for (const Install& install : dependencies.installs().all) {
    if (install.action != Install::install || install.target != Install::image ||
        !project::applies(project::Where::instance, *install.run))
      continue;
    if (install.tool != Install::pip && install.tool != Install::uv_pip) continue;
    if (context.shared<project::UnnamedShellFunctions>().hold(*install.run, *install.event))
      continue;
    for (const InstalledFile& file : install.files) {
      if (file.how != InstalledFile::requirements) continue;
      auto found = project::framework_pins_in(context, install, file);
      // pip finds no such build (DEP013): what it does to an image that is not known is nothing.
      std::erase_if(found, [&](const project::FrameworkPin& pin) {
        const project::DependencyFile* list =
            pin.entry ? dependencies.file(pin.entry->source.file().path) : nullptr;
        return list && pin.effect.kind == PinEffect::pinned &&
               project::unserved(context, *list, *pin.entry);
      });
      if (found.empty()) continue;
      const project::FrameworkPin& first = found.front();
      Finding& finding = context.report(*install.run, *install.event);
      finding.arguments = pins.arguments(first.effect, first.text);
      finding.arguments["file"] = file.shown;
      if (first.effect.kind == PinEffect::pinned) {
        finding.severity = Severity::warning;
        finding.message = "unknown-image";
      }
      if (first.effect.kind != PinEffect::pinned && first.effect.wanted.empty())
        finding.message = "open";
      if (first.effect.no_kernels && !first.effect.installed.empty())
        finding.message = "no-kernels";
      if (file.content && !file.content->filters.empty()) {
        finding.message = "filter-misses";
        finding.arguments["pattern"] = file.content->filters.back()->pattern;
      }
      for (const project::FrameworkPin& pin : found) {
        if (pin.entry)
          finding.related.push_back(
              context.note(pin.entry->source, pin.entry->span, "pinned-here"));
      }
      project::add_filter_fix(context, finding, install, file, found);
    }
  }
}

}  // namespace preflint::checks
