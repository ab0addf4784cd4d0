#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "project/context.h"

namespace preflint::project {

/// What the Markdown guides of a project tell people to do by hand: into which environment a list
/// is installed, in which one a script is started, and which image to rent. A guide speaks for its
/// own folder and those below it; one in `docs/` for the folder above as well. Read once
/// (`Context::shared`).
class GuideSteps {
 public:
  explicit GuideSteps(const Context& context);

  /// Lists (and the pyproject.toml, setup.py, setup.cfg of folders) that are installed behind
  /// `conda create -n X` and `conda activate X`, or the same of a venv, and by no section for the
  /// platform without them. Absolute paths.
  const std::set<std::string>& installed_apart() const { return installed_.apart; }
  /// Is it installed in a section for the platform, without one?
  bool installed_plainly(const std::string& path) const { return installed_.plain.contains(path); }
  /// Does a guide of the folder itself name an image of the platform?
  bool names_image(const std::string& folder) const { return images_.contains(folder); }
  /// Is the script started there?
  bool started_apart(const std::string& path) const { return started_.apart.contains(path); }
  /// Do the guides have people make an environment and enter it, and is none of them for the
  /// platform without one?
  bool makes_environment() const { return entered_ && installed_.plain.empty(); }
  /// The torch of the only image of the platform that the nearest guide names for a file: "2.1.2";
  /// "" of an image without frameworks. Nothing where no guide names one, or several, or another
  /// kind of image.
  std::optional<std::string> image_torch(const std::string& path) const;

 private:
  class Reading;  // of one guide
  struct Told {
    std::set<std::string> apart;
    std::set<std::string> plain;  // without an environment, in a section for the platform
  };
  Told installed_, started_;
  bool entered_ = false;  // an environment that a guide makes
  std::string root_;
  std::map<std::string, std::set<std::string>> images_;  // by the guide's folder: "torch 2.1.2"
};

}  // namespace preflint::project
