#include "project/context.h"
#include "project/image_pins.h"
#include "project/list_purpose.h"
#include "project/local_builds.h"

namespace preflint::checks {

using project::Install;

void local_version_without_index(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const auto& dependencies = context.shared<project::Dependencies>();
  const auto report = [&](Finding& finding, const req::Requirement& requirement,
                          const req::Specifier& pin, bool aside) {
    if (aside) finding.severity = Severity::info;
    finding.arguments = {{"text", requirement.name + pin.str()},
                         {"local", "+" + pin.version.local_text()}};
  };
  project::each_image_dependency(
      context,
      [&](const project::DependencyFile& file, const project::Dependency& entry) {
        if (!project::unserved(context, file, entry)) return;
        report(context.report(entry.source, entry.span), entry.requirement,
               *project::local_pin(entry.requirement),
               project::for_another_environment(context, file));
      },
      project::ApartByHand::wanted);
  for (const Install& install : dependencies.installs().all) {
    if (!project::applies(project::Where::instance, *install.run)) continue;
    for (const project::InstalledPackage& package : install.packages) {
      if (!project::unserved(install, package) ||
          (install.target == Install::image && pins.satisfies(package.line.requirement)))
        continue;
      report(context.report(*install.run, *install.event, package.argument->span),
             package.line.requirement, *project::local_pin(package.line.requirement), false);
    }
  }
}

}  // namespace preflint::checks
