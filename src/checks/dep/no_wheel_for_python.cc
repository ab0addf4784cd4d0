#include "project/context.h"
#include "project/framework_facts.h"
#include "project/framework_filters.h"
#include "project/image_pins.h"

namespace preflint::checks {

using project::Install;

void no_wheel_for_python(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  if (!pins.python()) return;
  const auto& facts = project::FrameworkFacts::get();
  const std::string python =
      std::to_string(pins.python()->part(0)) + "." + std::to_string(pins.python()->part(1));
  const auto fill = [&](Finding& finding, std::string_view text, const std::string& name) {
    finding.arguments = {{"text", std::string(text)}, {"project", name}, {"python", python}};
  };
  project::each_image_dependency(context, [&](const project::DependencyFile&,
                                              const project::Dependency& entry) {
    if (entry.form == project::Dependency::conda || !entry.requirement.url.empty()) return;
    if (facts.no_wheel(entry.requirement.project, entry.requirement.specifiers, *pins.python())) {
      fill(context.report(entry.source, entry.span), entry.text, entry.requirement.name);
    }
  });
  for (const Install& install : context.shared<project::Dependencies>().installs().all) {
    if (install.tool != Install::pip && install.tool != Install::uv_pip) continue;
    if (install.target != Install::image || install.action != Install::install ||
        !project::applies(project::Where::instance, *install.run))
      continue;
    if (project::direct_install(pins, install)) continue;  // DEP004 speaks of the command
    for (const project::InstalledPackage& package : install.packages) {
      const req::Requirement& requirement = package.line.requirement;
      if (package.line.kind != req::LineKind::requirement || !requirement.url.empty()) continue;
      if (facts.no_wheel(requirement.project, requirement.specifiers, *pins.python())) {
        fill(context.report(*install.run, *install.event, package.argument->span),
             project::quoted_text(package.line.requirement, package.text), requirement.name);
      }
    }
  }
}

}  // namespace preflint::checks
