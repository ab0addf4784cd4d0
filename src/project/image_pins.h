#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/finding.h"
#include "project/dependencies.h"

namespace preflint::catalog {
struct Image;
}

namespace preflint::project {

class Context;
class GuideSteps;

/// What installing a pin does to a framework of the image.
struct PinEffect {
  enum Kind : uint8_t {
    none,       // the image's build satisfies it, or nothing is known
    downgrade,  // the image's version is left out and an older one is let in
    upgrade,    // only newer ones are let in
    pinned,     // the image is not known; the pin is exact or bounded above
  } kind = none;
  std::string project;    // normalised; conda's pytorch is torch
  std::string installed;  // "2.8.0+cu128"; "" unknown
  std::string wanted;  // what pip will take: "2.3.1 (cu121)"; "" when releases are not known so far
  bool no_kernels = false;  // for the configured GPU
};

/// The image that the configuration names, and how pins and commands bear upon it.
class ImagePins {
 public:
  explicit ImagePins(const Context& context);

  bool image_known() const { return image_known_; }
  /// The configuration names no image, and the guide for a file one that has no framework.
  bool without_frameworks(const std::string& path) const;
  /// A framework that the image owns, as pip names it.
  bool framework(std::string_view project) const;
  /// The framework behind conda's name: pytorch is torch.
  static std::string framework_name(const req::Requirement& requirement, Dependency::Form form);
  /// The version with its build, "2.8.0+cu128"; nothing when it is not known.
  std::optional<req::Version> installed(std::string_view project) const;
  /// Does the version of the image meet a requirement? pip then finds it installed.
  bool satisfies(const req::Requirement& requirement) const;

  PinEffect effect(std::string_view project, const req::Specifiers& specifiers,
                   std::string_view cuda = "") const;
  /// Of an entry, together with what its file and those around it say of the same project.
  PinEffect effect(const Dependencies& dependencies, const DependencyFile& file,
                   const Dependency& entry) const;

  /// Does the marker hold on the image? Where its Python is not known: on every image of the
  /// catalogue.
  Tri applies(const req::Requirement& requirement) const;

  /// The GPU of the configuration: "RTX 5090", "12.0" ("" when not known), "sm_120".
  const std::string& gpu() const { return gpu_; }
  const std::string& capability() const { return capability_; }
  std::string sm() const;
  const std::optional<req::Version>& python() const { return python_; }

  /// Fills in what messages about a pin say: text, project, installed, wanted, gpu, sm.
  Arguments arguments(const PinEffect& effect, std::string_view text) const;

 private:
  const catalog::Profile& profile_;
  const catalog::Image& image_;
  bool image_known_ = false;
  bool imports_torch_ = false;          // some program of the project
  const GuideSteps* guides_ = nullptr;  // where the image is not known
  std::string gpu_, capability_;
  std::optional<req::Version> python_;
};

/// Two entries of a file that no version satisfies together: `numpy==1.23.0` and `numpy==1.23.5`.
/// pip refuses the whole file before it touches the image. Of the image's frameworks each pin is
/// told of by itself.
struct Contradiction {
  const Dependency* first = nullptr;
  const Dependency* second = nullptr;
};
std::optional<Contradiction> contradiction(const ImagePins& pins, const DependencyFile& file);

/// Every dependency stated in a linted file that reaches the image: chosen, its marker not surely
/// false, not recorded by a tracker, not installed into other environments only, not left out by
/// every script that installs the list. What guides have
/// people install into an environment of its own is left out too, unless it is `wanted`: by a rule
/// that speaks of what pip does everywhere.
enum class ApartByHand : uint8_t { left_out, wanted };
using DependencyVisitor = std::function<void(const DependencyFile&, const Dependency&)>;
void each_image_dependency(const Context& context, const DependencyVisitor& visit,
                           ApartByHand apart_by_hand = ApartByHand::left_out);

/// Reports at a pin (DEP001, DEP002): message, arguments, the fix that drops the line into a
/// comment. Where neither the image is known nor that the list is meant for it, it is advice.
void report_pin(Context& context, const DependencyFile& file, const Dependency& entry,
                const PinEffect& effect);

/// The CUDA of the build that an entry of a file gets: from its own index, the file's or its
/// installs' ones; "" when nothing says.
std::string cuda_of(const Dependencies& dependencies, const DependencyFile& file,
                    const Dependency& entry);
/// The same for an argument of an install.
std::string cuda_of(const Install& install);

}  // namespace preflint::project
