#include "project/context.h"
#include "project/image_pins.h"
#include "project/local_builds.h"

namespace preflint::checks {

using project::PinEffect;

void framework_pin_downgrade(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const auto& dependencies = context.shared<project::Dependencies>();
  project::each_image_dependency(
      context, [&](const project::DependencyFile& file, const project::Dependency& entry) {
        if (dependencies.left_to_uv(file)) return;
        const PinEffect effect = pins.effect(dependencies, file, entry);
        // pip finds no such build (DEP013): what it does to an image that is not known is nothing.
        if (effect.kind == PinEffect::pinned && project::unserved(context, file, entry)) return;
        if (effect.kind == PinEffect::downgrade || effect.kind == PinEffect::pinned)
          project::report_pin(context, file, entry, effect);
      });
}

}  // namespace preflint::checks
