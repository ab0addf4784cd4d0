#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/tri.h"
#include "model/requirements/specifier.h"

namespace preflint::project {

/// A release series of PyTorch (2.8): profiles/data/torch.yaml.
struct TorchSeries {
  req::Version series;
  std::vector<req::Version> releases;  // in order
  req::Version next;                   // the first version of the next series
  std::string cuda;                    // of the wheel that a plain pin gets: "12.8"
  req::Version first_python, last_python;
  std::string torchvision, torchaudio;  // their series
};

/// What is known of frameworks whatever the platform: profiles/data/*.yaml.
class FrameworkFacts {
 public:
  /// Parsed at the first call and kept.
  static const FrameworkFacts& get();

  const std::vector<TorchSeries>& torch() const { return torch_; }
  /// The series that a release belongs to; null for unknown ones.
  const TorchSeries* series_of(const req::Version& torch) const;
  /// "8.9" for "RTX 4090", "NVIDIA GeForce RTX 4090", "4090"; nothing for unknown models.
  std::optional<std::string> capability_of(std::string_view gpu) const;
  /// Does a build carry kernels for a capability? `cuda` is "12.8", "cpu", or "" when it is not
  /// known.
  Tri kernels(std::string_view capability, const req::Version& torch, std::string_view cuda) const;
  /// Does nothing that the specifiers let in have kernels? `cuda` "": what a plain pin gets.
  bool no_kernels(std::string_view capability, const req::Specifiers& torch,
                  std::string_view cuda) const;
  /// Does nothing that the specifiers let in have a wheel for this Python?
  bool no_wheel(std::string_view project, const req::Specifiers& specifiers,
                const req::Version& python) const;
  /// The system that every release of the package needs when that is not Linux, "Windows" or
  /// "macOS"; "" otherwise.
  std::string other_system(std::string_view project) const;
  /// The newest release that is let in, as far as we know releases.
  std::optional<req::Version> newest(std::string_view project,
                                     const req::Specifiers& specifiers) const;
  /// What a release of a package asks of torch; nothing when it is not known to pin it.
  std::optional<req::Specifiers> torch_wanted_by(std::string_view package,
                                                 const req::Version& version) const;
  struct Extension {
    std::string package, index;
  };
  /// A package that is compiled against torch, or null.
  const Extension* extension(std::string_view package) const;

 private:
  FrameworkFacts();
  struct Build {
    req::Specifiers torch, cuda;
  };
  struct Builds {
    std::vector<Build> kernels, none;
  };
  struct Rows {
    req::Specifiers version, torch;
    req::Version first_python, last_python;
  };

  std::vector<TorchSeries> torch_;
  std::map<std::string, std::string, std::less<>> gpus_;  // simplified name → capability
  std::map<std::string, Builds, std::less<>> builds_;     // by capability
  std::multimap<std::string, Rows, std::less<>> pins_, wheels_;
  std::map<std::string, Extension, std::less<>> extensions_;
  std::vector<std::pair<std::string, std::string>> elsewhere_;  // package (`x-*`: several), system
};

/// "128" → "12.8", "118" → "11.8", "92" → "9.2"; what follows `cu`.
std::string cuda_of_digits(std::string_view digits);
/// The CUDA that a local version names: "12.8" for cu128 (also in pt28cu128), "cpu"; "" when it
/// names none.
std::string cuda_of_local(const req::Version& version);
/// The CUDA of a wheel index: …/whl/cu121 gives "12.1", …/whl/cpu "cpu"; "" for others.
std::string cuda_of_index(std::string_view url);

}  // namespace preflint::project
