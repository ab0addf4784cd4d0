#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "project/image_pins.h"

namespace preflint::project {

/// A line of an installed file that would replace a framework of the image.
struct FrameworkPin {
  std::string text;
  PinEffect effect;
  const Dependency* entry =
      nullptr;  // where it stands in a file of the project; null in generated ones
};

/// Do the constraints of an install keep a requirement to what the image has, as far as they are
/// known?
bool limited(const Context& context, const Install& install, const req::Requirement& requirement);

/// What is left of such lines in a requirements file at the point where it is installed,
/// constraints of the image's own versions counted in.
std::vector<FrameworkPin> framework_pins_in(const Context& context, const Install& install,
                                            const InstalledFile& file);

/// The filter line before the command, and the filtered copy in its place.
void add_filter_fix(const Context& context, Finding& finding, const Install& install,
                    const InstalledFile& file, const std::vector<FrameworkPin>& pins);

/// An install (or removal) that names a framework itself.
struct DirectInstall {
  const InstalledPackage* package = nullptr;
  PinEffect effect;
  std::string message;  // which of DEP004's
};
std::optional<DirectInstall> direct_install(const ImagePins& pins, const Install& install);

/// The packages that a filter of frameworks drops beside them, as the file names them.
std::vector<std::string> lost_packages(const ImagePins& pins, const LineFilter& filter);

/// grep's pattern that drops what was meant and nothing else, quoted; nothing when it is not clear
/// what was.
std::optional<std::string> exact_pattern(const ImagePins& pins, const LineFilter& filter);

}  // namespace preflint::project
