#pragma once

#include <string>

#include "base/finding.h"
#include "cli/box.h"

namespace preflint::cli {

/// The options of `preflint probe`.
struct ProbeOptions {
  BoxOptions box;
  std::string profile, format = "text", output_file = "-";
  Severity fail_on = Severity::error;
  Language language = Language::en;
  std::string color = "auto";
  bool quiet = false;
  bool script = false;  // print the script instead of running it
};

/// Looks, prints, and returns the exit status.
int probe_box(const ProbeOptions& options);

/// The exit status that a verdict stands for: 0 GO (or WARN), 1 NO-GO, 2 not known.
int status_of(probe::Verdict verdict, Severity fail_on);
bool colored_output(const std::string& choice, const std::string& file);

}  // namespace preflint::cli
