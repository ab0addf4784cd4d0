#include <algorithm>

#include "base/one_of.h"
#include "project/asked_before.h"
#include "project/context.h"
#include "project/framework_filters.h"
#include "project/guide_steps.h"
#include "project/image_pins.h"
#include "project/local_builds.h"
#include "project/uncalled.h"

namespace preflint::checks {

using project::Install;

namespace {

/// `python -c "import torch"`, `pip show torch`.
bool asks_for(const shell::CommandEvent& event, const std::string& package) {
  const auto some = [&](auto matches) {
    return std::any_of(event.arguments.begin(), event.arguments.end(), matches);
  };
  if (event.name == "pip")
    return event.operand() && event.operand()->is("show") &&
           some([&](const shell::Argument& argument) { return argument.is(package); });
  return event.name == "python" && some([&](const shell::Argument& argument) {
           return argument.value.display().find("import " + package) != std::string::npos;
         });
}

/// `pip install torch==2.1.0 torch-npu==2.1.0`: with what only other makers' cards want.
bool for_another_card(const Install& install) {
  return std::any_of(install.packages.begin(), install.packages.end(), [](const auto& package) {
    return one_of(package.line.requirement.project,
                  {"torch-npu", "torch-xla", "torch-musa", "torch-mlu", "torch-directml",
                   "intel-extension-for-pytorch"});
  });
}

/// Does a command before it make an environment of conda, which the script never enters? Line by
/// line, as such notes are used, the install goes there.
bool behind_new_environment(const project::Dependencies& dependencies, const Install& install) {
  return std::any_of(dependencies.installs().all.begin(), dependencies.installs().all.end(),
                     [&](const Install& other) {
                       return other.run == install.run && other.action == Install::create &&
                              other.event->index < install.event->index;
                     });
}

}  // namespace

void framework_direct_install(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const auto& dependencies = context.shared<project::Dependencies>();
  for (const Install& install : dependencies.installs().all) {
    if (!project::applies(project::Where::instance, *install.run)) continue;
    const auto direct = project::direct_install(pins, install);
    if (!direct || for_another_card(install) ||
        context.shared<project::UnnamedShellFunctions>().hold(*install.run, *install.event))
      continue;
    // The guides have it started in an environment that they make first.
    const project::Run& start = install.run->root();
    if (start.unit->embedding == Embedding::file && !start.over_ssh &&
        context.shared<project::GuideSteps>().started_apart(start.unit->file().path))
      continue;
    // pip finds no such build (DEP013): what it does to an image that is not known is nothing.
    if (direct->effect.kind == project::PinEffect::pinned &&
        std::any_of(install.packages.begin(), install.packages.end(),
                    [&](const project::InstalledPackage& package) {
                      return project::unserved(install, package);
                    }))
      continue;
    // `python -c "import torch" || pip install torch`, `if ! pip show torch; then …`: only where it
    // was found missing.
    const std::string& package = direct->package->line.requirement.project;
    const auto asks = [&](const shell::CommandEvent& other) { return asks_for(other, package); };
    if (project::asked_before(*install.run, *install.event, asks)) continue;
    Finding& finding =
        context.report(*install.run, *install.event, direct->package->argument->span);
    finding.arguments = pins.arguments(
        direct->effect,
        project::quoted_text(direct->package->line.requirement, direct->package->text));
    finding.arguments["command"] = install.event->name;
    finding.message = direct->message;
    if (!pins.image_known())
      finding.severity =
          behind_new_environment(dependencies, install) ? Severity::info : Severity::warning;
  }
}

}  // namespace preflint::checks
