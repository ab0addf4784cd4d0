#pragma once

#include <string>
#include <vector>

#include "cli/box.h"

namespace preflint::cli {

/// The options of `preflint preflight`.
struct PreflightOptions {
  std::vector<std::string> paths;
  BoxOptions box;
  std::string config, profile, format = "text", output_file = "-";
  std::string save;  // where the box's image goes, "" nowhere
  Severity fail_on = Severity::error;
  Language language = Language::en;
  std::string color = "auto";
  bool quiet = false;
};

/// Lints the project against the box as it is, prints both with one verdict, and returns the exit
/// status.
int preflight(const PreflightOptions& options);

}  // namespace preflint::cli
