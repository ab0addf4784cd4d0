#include <algorithm>

#include "project/context.h"
#include "project/framework_filters.h"
#include "project/image_pins.h"

namespace preflint::checks {

using project::Install;

namespace {

/// `python -c "import torch"`, `pip show torch`.
bool asks_for(const shell::CommandEvent& event, const std::string& package) {
  const auto some = [&](auto matches) { return std::any_of(event.arguments.begin(), event.arguments.end(), matches); };
  if (event.name == "pip") return event.operand() && event.operand()->is("show") && some([&](const shell::Argument& argument) { return argument.is(package); });
  return event.name == "python" && some([&](const shell::Argument& argument) { return argument.value.display().find("import " + package) != std::string::npos; });
}

/// Does the install run only where the package was found missing: `python -c "import torch" || pip install torch`,
/// `if ! pip show torch; then …`?
bool only_if_missing(const project::Run& run, const shell::CommandEvent& event, const std::string& package) {
  using shell::FrameKind;
  for (const shell::Frame* frame = event.frame; frame && frame->kind != FrameKind::function; frame = frame->parent) {
    const bool otherwise = frame->kind == FrameKind::and_or_right && frame->or_operator;
    if (!otherwise && frame->kind != FrameKind::if_body) continue;
    const bool asked = std::any_of(run.shell->commands.begin(), run.shell->commands.end(), [&](const shell::CommandEvent& other) {
      const shell::Frame* at = other.enclosing(otherwise ? FrameKind::and_or_left : FrameKind::if_condition);
      return at && (otherwise ? at->and_or == frame->and_or : at->command == frame->command) && asks_for(other, package);
    });
    if (asked) return true;
  }
  return false;
}

}  // namespace

void framework_direct_install(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const auto& dependencies = context.shared<project::Dependencies>();
  for (const Install& install : dependencies.installs().all) {
    if (!project::applies(project::Where::instance, *install.run)) continue;
    const auto direct = project::direct_install(pins, install);
    if (!direct || only_if_missing(*install.run, *install.event, direct->package->line.requirement.project)) continue;
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
