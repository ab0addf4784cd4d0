#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "output/render.h"

namespace preflint::cli {

/// The options of `preflint check` as they were given.
struct CheckOptions {
  std::vector<std::string> paths;
  std::string config, profile, stdin_filename;
  std::vector<std::string> select, extend_select, ignore;
  Severity severity = Severity::warning, fail_on = Severity::warning;
  std::vector<std::string> formats, files;  // the n-th file takes the n-th format, from the end
  bool fix = false, unsafe_fixes = false, diff = false;
  std::string baseline, write_baseline;
  std::optional<std::string> changed;  // since which revision; "" is HEAD
  Language language = Language::en;
  std::string color = "auto";
  unsigned jobs = 0;
  bool statistics = false, show_suppressed = false, respect_gitignore = true;
  bool exit_zero = false, quiet = false, verbose = false;
};

/// Lints, prints, and returns the exit status.
int check(const CheckOptions& options);

/// An absolute, normalised path, seen from the working directory.
std::string absolute(const std::string& path);
/// The language of the locale.
Language locale_language();

}  // namespace preflint::cli
