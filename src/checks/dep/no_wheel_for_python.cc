#include "project/context.h"
#include "project/framework_facts.h"
#include "project/framework_filters.h"
#include "project/image_pins.h"

namespace preflint::checks {

using project::Install;

void no_wheel_for_python(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const auto& facts = project::FrameworkFacts::get();
  const std::string python = pins.python() ? std::to_string(pins.python()->part(0)) + "." +
                                                 std::to_string(pins.python()->part(1))
                                           : "";
  const auto missing = [&](const req::Requirement& requirement) {
    return pins.python() &&
           facts.no_wheel(requirement.project, requirement.specifiers, *pins.python());
  };
  const auto fill = [&](Finding& finding, std::string_view text, const req::Requirement& entry) {
    const std::string system = facts.other_system(entry.project);
    if (!system.empty()) finding.message = "system";
    finding.arguments = {{"text", std::string(text)},
                         {"project", entry.name},
                         {"python", python},
                         {"system", system}};
  };
  project::each_image_dependency(
      context, [&](const project::DependencyFile&, const project::Dependency& entry) {
        const req::Requirement& requirement = entry.requirement;
        if (entry.form == project::Dependency::conda || !requirement.url.empty()) return;
        if (missing(requirement) || !facts.other_system(requirement.project).empty())
          fill(context.report(entry.source, entry.span), entry.text, requirement);
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
      if (missing(requirement) || !facts.other_system(requirement.project).empty()) {
        fill(context.report(*install.run, *install.event, package.argument->span),
             project::quoted_text(package.line.requirement, package.text), requirement);
      }
    }
  }
}

}  // namespace preflint::checks
