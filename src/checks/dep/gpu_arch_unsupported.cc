#include "project/context.h"
#include "project/framework_facts.h"
#include "project/image_pins.h"

namespace preflint::checks {

using project::Install;

void gpu_arch_unsupported(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  if (pins.capability().empty()) return;
  const auto& dependencies = context.shared<project::Dependencies>();
  const auto& facts = project::FrameworkFacts::get();
  const auto fill = [&](Finding& finding, std::string_view text, const req::Specifiers& torch,
                        const std::string& cuda) {
    const auto newest = facts.newest("torch", torch);
    const req::Specifier* exact = torch.exact();
    const auto version = exact && exact->readable ? std::optional(exact->version) : newest;
    const project::TorchSeries* series = version ? facts.series_of(*version) : nullptr;
    std::string build = version ? project::cuda_of_local(*version) : "";
    if (build.empty()) build = !cuda.empty() && cuda != "?" ? cuda : series ? series->cuda : "";
    finding.arguments = {{"text", std::string(text)},
                         {"gpu", pins.gpu()},
                         {"sm", pins.sm()},
                         {"wheel", version ? version->public_part().str() : torch.str()},
                         {"cuda", build}};
    if (build == "cpu")
      finding.message = "cpu";
    else if (build.empty())
      finding.message = "no-cuda-known";
  };
  for (const project::DependencyFile& file : dependencies.files()) {
    if (dependencies.recorded(file.file->path)) continue;
    for (const project::Dependency& entry : file.entries) {
      if (project::ImagePins::framework_name(entry.requirement, entry.form) != "torch") continue;
      if (!dependencies.chosen(file, entry) || pins.applies(entry.requirement) != Tri::yes)
        continue;
      const std::string cuda = project::cuda_of(dependencies, file, entry);
      if (!facts.no_kernels(pins.capability(), entry.requirement.specifiers, cuda)) continue;
      fill(context.report(entry.source, entry.span), entry.text, entry.requirement.specifiers,
           cuda);
    }
  }
  for (const Install& install : dependencies.installs().all) {
    if (install.action == Install::uninstall ||
        !project::applies(project::Where::instance, *install.run))
      continue;
    const std::string cuda = install.tool == Install::conda ? "?" : project::cuda_of(install);
    for (const project::InstalledPackage& package : install.packages) {
      const auto form =
          install.tool == Install::conda ? project::Dependency::conda : project::Dependency::pip;
      if (project::ImagePins::framework_name(package.line.requirement, form) != "torch") continue;
      const req::Specifiers& torch = package.line.requirement.specifiers;
      bool none = facts.no_kernels(pins.capability(), torch, cuda);
      // Without a version it is the index that decides, where something is fetched at all.
      const bool fetches =
          install.upgrade || install.force_reinstall || install.target == Install::other;
      if (torch.empty() && fetches && !cuda.empty() && cuda != "?") {
        none = facts.kernels(pins.capability(), facts.torch().back().series, cuda) == Tri::no;
      }
      if (none)
        fill(context.report(*install.run, *install.event, package.argument->span),
             project::quoted_text(package.line.requirement, package.text), torch, cuda);
    }
  }
}

}  // namespace preflint::checks
