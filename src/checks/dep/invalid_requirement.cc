#include <algorithm>
#include <map>

#include "project/context.h"
#include "project/dependencies.h"
#include "project/guide_steps.h"
#include "project/image_pins.h"
#include "project/list_purpose.h"

namespace preflint::checks {

namespace {

/// Does a file come back to itself through an include? pip follows it until it fails.
bool comes_back(const project::Dependencies& dependencies, const project::DependencyFile& file,
                const std::string& include) {
  const project::DependencyFile* next = dependencies.file(include);
  if (!next) return false;
  const auto reached = dependencies.with_includes(*next);
  return std::find(reached.begin(), reached.end(), &file) != reached.end();
}

/// `conda install --file requirements.txt` and nothing else: conda writes `numpy=1.21`.
bool for_conda(const std::vector<project::Dependencies::Use>& uses) {
  return !uses.empty() &&
         std::all_of(uses.begin(), uses.end(), [](const project::Dependencies::Use& use) {
           return use.install->tool == project::Install::conda;
         });
}

/// "no-version: ==" as a message's key and its token.
void explain(Finding& finding, const std::string& text, const std::string& reason) {
  const size_t colon = reason.find(": ");
  finding.message = reason.substr(0, colon);
  finding.arguments = {{"text", text.substr(0, 80)},
                       {"token", colon == std::string::npos ? "" : reason.substr(colon + 2)}};
}

}  // namespace

void invalid_requirement(project::Context& context) {
  const auto& dependencies = context.shared<project::Dependencies>();
  const auto& guides = context.shared<project::GuideSteps>();
  for (const project::DependencyFile& file : dependencies.files()) {
    if (dependencies.recorded(file.file->path)) continue;
    // A file full of it was not written for pip: one finding says so, where pip is given it.
    const bool not_for_pip = file.requirements && file.requirements->conda_export;
    if (not_for_pip) {
      for (const auto& use : dependencies.uses(file.file->path)) {
        if (use.install->tool != project::Install::pip &&
            use.install->tool != project::Install::uv_pip)
          continue;
        Finding& finding = context.report(*file.file, {0, 0});
        finding.message = "conda-export";
        break;
      }
      continue;
    }
    const bool installed = !dependencies.uses(file.file->path).empty() ||
                           guides.installed_plainly(file.file->path) ||
                           guides.installed_apart().contains(file.file->path);
    if (file.requirements && file.requirements->prose && !installed) continue;
    if (file.requirements && for_conda(dependencies.uses(file.file->path))) continue;
    const auto graded = [&](Finding& finding) -> Finding& {
      if (project::left_aside(context, file)) finding.severity = Severity::info;
      return finding;
    };
    for (const project::DependencyFile::Include& include : file.includes) {
      if (!comes_back(dependencies, file, include.path)) continue;
      Finding& finding = graded(context.report(*file.file, include.span));
      finding.message = "cycle";
      finding.arguments = {{"text", include.written}};
    }
    if (const auto apart = project::contradiction(context.shared<project::ImagePins>(), file)) {
      Finding& finding = graded(context.report(apart->second->source, apart->second->span));
      finding.message = "contradiction";
      finding.arguments = {{"text", apart->second->text}, {"token", apart->first->text}};
    }
    std::map<std::string, Finding*> first;  // lines that are wrong in the same way have one cause
    for (const project::DependencyFile::Bad& bad : file.bad) {
      if (const auto known = first.find(bad.reason); known != first.end()) {
        known->second->related.push_back(context.note(bad.source, bad.span, "also-here"));
        continue;
      }
      Finding& finding = graded(context.report(bad.source, bad.span));
      explain(finding, bad.text, bad.reason);
      first.emplace(bad.reason, &finding);
    }
  }
  for (const project::Install& install : dependencies.installs().all) {
    if (install.tool != project::Install::pip && install.tool != project::Install::uv_pip) continue;
    if (!project::applies(project::Where::instance, *install.run)) continue;
    for (const project::InstalledPackage& package : install.packages) {
      if (package.line.kind != req::LineKind::invalid) continue;
      Finding& finding = context.report(*install.run, *install.event, package.argument->span);
      explain(finding, package.text, package.line.reason);
    }
  }
}

}  // namespace preflint::checks
