#pragma once

#include <string>
#include <vector>

#include "base/finding.h"

namespace preflint::cli {

/// The options of `preflint map`.
struct MapOptions {
  std::vector<std::string> paths;
  std::vector<std::string> profiles;
  std::string config, format = "text", file;
  bool respect_gitignore = true;
  Language language = Language::en;
};

/// Prints and returns the exit status.
int map(const MapOptions& options);

}  // namespace preflint::cli
