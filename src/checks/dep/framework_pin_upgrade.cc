#include "project/context.h"
#include "project/image_pins.h"

namespace preflint::checks {

void framework_pin_upgrade(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const auto& dependencies = context.shared<project::Dependencies>();
  project::each_image_dependency(
      context, [&](const project::DependencyFile& file, const project::Dependency& entry) {
        if (dependencies.left_to_uv(file)) return;
        const project::PinEffect effect = pins.effect(dependencies, file, entry);
        if (effect.kind == project::PinEffect::upgrade)
          project::report_pin(context, file, entry, effect);
      });
}

}  // namespace preflint::checks
