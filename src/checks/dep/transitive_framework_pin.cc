#include "project/context.h"
#include "project/framework_facts.h"
#include "project/image_pins.h"

namespace preflint::checks {

namespace {

/// What the release that a requirement names asks of torch, when the image's torch is not it.
std::optional<req::Specifiers> conflict(const req::Requirement& requirement,
                                        const req::Version& torch) {
  const req::Specifier* exact = requirement.specifiers.exact();
  if (!exact || !exact->readable) return std::nullopt;
  auto wanted = project::FrameworkFacts::get().torch_wanted_by(requirement.project, exact->version);
  if (!wanted || wanted->contains(torch, true)) return std::nullopt;
  return wanted;
}

}  // namespace

void transitive_framework_pin(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const auto torch = pins.installed("torch");
  if (!torch) return;
  const auto fill = [&](Finding& finding, const req::Requirement& requirement,
                        const req::Specifiers& wanted) {
    finding.arguments = {
        {"package", requirement.name + " " + requirement.specifiers.exact()->version.str()},
        {"wanted", "torch" + wanted.str()},
        {"installed", torch->str()}};
  };
  project::each_image_dependency(
      context, [&](const project::DependencyFile&, const project::Dependency& entry) {
        if (const auto wanted = conflict(entry.requirement, *torch))
          fill(context.report(entry.source, entry.span), entry.requirement, *wanted);
      });
  for (const project::Install& install : context.shared<project::Dependencies>().installs().all) {
    if (install.target != project::Install::image || install.action != project::Install::install ||
        install.no_deps)
      continue;
    if (!project::applies(project::Where::instance, *install.run)) continue;
    for (const project::InstalledPackage& package : install.packages) {
      const auto wanted = conflict(package.line.requirement, *torch);
      if (wanted)
        fill(context.report(*install.run, *install.event, package.argument->span),
             package.line.requirement, *wanted);
    }
  }
}

}  // namespace preflint::checks
