#include <algorithm>

#include "project/context.h"
#include "project/framework_facts.h"
#include "project/image_pins.h"

namespace preflint::checks {

namespace {

/// An extension that is asked for by its name alone, with no index of its own wheels.
const project::FrameworkFacts::Extension* unpinned(const req::Requirement& requirement,
                                                   const std::vector<std::string>& indexes) {
  if (!requirement.specifiers.empty() || !requirement.url.empty()) return nullptr;
  const auto* extension = project::FrameworkFacts::get().extension(requirement.project);
  if (!extension) return nullptr;
  const bool served = std::any_of(indexes.begin(), indexes.end(), [&](const std::string& url) {
    return !extension->index.empty() && url.find(extension->index) != std::string::npos;
  });
  return served ? nullptr : extension;
}

}  // namespace

void unpinned_compiled_extension(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const auto torch = pins.installed("torch");
  const auto fill = [&](Finding& finding, const std::string& name) {
    finding.arguments = {{"package", name},
                         {"installed", torch ? "torch " + torch->str() : "torch"}};
  };
  project::each_image_dependency(
      context, [&](const project::DependencyFile& file, const project::Dependency& entry) {
        if (entry.form != project::Dependency::conda && !entry.constraint &&
            unpinned(entry.requirement, file.indexes)) {
          fill(context.report(entry.source, entry.span), entry.requirement.name);
        }
      });
  for (const project::Install& install : context.shared<project::Dependencies>().installs().all) {
    if (install.tool != project::Install::pip && install.tool != project::Install::uv_pip) continue;
    if (install.target != project::Install::image || install.action != project::Install::install)
      continue;
    if (!project::applies(project::Where::instance, *install.run)) continue;
    std::vector<std::string> indexes;
    for (const Value& index : install.indexes) indexes.push_back(index.display());
    for (const project::InstalledPackage& package : install.packages) {
      if (package.line.kind == req::LineKind::requirement &&
          unpinned(package.line.requirement, indexes)) {
        fill(context.report(*install.run, *install.event, package.argument->span),
             package.line.requirement.name);
      }
    }
  }
}

}  // namespace preflint::checks
