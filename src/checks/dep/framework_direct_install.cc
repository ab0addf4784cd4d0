#include "project/context.h"
#include "project/framework_filters.h"
#include "project/image_pins.h"

namespace preflint::checks {

using project::Install;

void framework_direct_install(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const auto& dependencies = context.shared<project::Dependencies>();
  for (const Install& install : dependencies.installs().all) {
    if (!project::applies(project::Where::instance, *install.run)) continue;
    const auto direct = project::direct_install(pins, install);
    if (!direct) continue;
    Finding& finding =
        context.report(*install.run, *install.event, direct->package->argument->span);
    finding.arguments = pins.arguments(
        direct->effect,
        project::quoted_text(direct->package->line.requirement, direct->package->text));
    finding.arguments["command"] = install.event->name;
    finding.message = direct->message;
    if (!pins.image_known()) finding.severity = Severity::warning;
  }
}

}  // namespace preflint::checks
