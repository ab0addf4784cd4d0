#include <algorithm>

#include "project/context.h"
#include "project/framework_facts.h"
#include "project/image_pins.h"

namespace preflint::checks {

using project::Install;

namespace {

/// A pin on a build that PyPI does not have: `==2.1.0+cu118`.
const req::Specifier* local_pin(const req::Requirement& requirement) {
  if (!requirement.url.empty()) return nullptr;
  const req::Specifier* exact = requirement.specifiers.exact();
  if (!exact || !exact->readable || exact->version.local.empty()) return nullptr;
  return exact;
}

/// Some index beside the default one may have it.
bool has_index(const Install& install) {
  if (install.no_index) return true;
  return std::any_of(install.indexes.begin(), install.indexes.end(), [](const Value& value) {
    const auto url = value.constant();
    // Mirrors of PyPI have what PyPI has.
    return !url || (!url->ends_with("/simple") && !url->ends_with("/simple/"));
  });
}

}  // namespace

void local_version_without_index(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const auto& dependencies = context.shared<project::Dependencies>();
  const auto satisfied = [&](const req::Requirement& requirement) {
    const auto image = pins.installed(requirement.project);
    return image && requirement.specifiers.contains(*image, true);
  };
  const auto report = [&](Finding& finding, const req::Requirement& requirement,
                          const req::Specifier& pin) {
    finding.arguments = {{"text", requirement.name + pin.str()},
                         {"local", "+" + pin.version.local_text()}};
  };
  project::each_image_dependency(
      context, [&](const project::DependencyFile& file, const project::Dependency& entry) {
        const req::Specifier* pin = local_pin(entry.requirement);
        if (!pin || entry.form == project::Dependency::conda || !entry.index.empty() ||
            satisfied(entry.requirement))
          return;
        for (const project::DependencyFile* each : dependencies.with_includes(file)) {
          if (!each->indexes.empty()) return;
        }
        for (const auto& use : dependencies.uses(file.file->path)) {
          const project::DependencyFile* top = dependencies.file(use.file->path);
          if (has_index(*use.install) || (top && !top->indexes.empty())) return;
        }
        // `# pip install torch --index-url …/whl/cu128` first: then the file finds it installed.
        if (file.file->bytes.find("/whl/" + pin->version.local_text()) != std::string::npos) return;
        report(context.report(entry.source, entry.span), entry.requirement, *pin);
      });
  for (const Install& install : dependencies.installs().all) {
    if ((install.tool != Install::pip && install.tool != Install::uv_pip) ||
        install.action != Install::install)
      continue;
    if (!project::applies(project::Where::instance, *install.run) || has_index(install)) continue;
    for (const project::InstalledPackage& package : install.packages) {
      const req::Specifier* pin = local_pin(package.line.requirement);
      if (!pin || (install.target == Install::image && satisfied(package.line.requirement)))
        continue;
      report(context.report(*install.run, *install.event, package.argument->span),
             package.line.requirement, *pin);
    }
  }
}

}  // namespace preflint::checks
