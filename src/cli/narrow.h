#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "cli/check.h"
#include "cli/git_changes.h"
#include "output/baseline.h"
#include "output/report.h"
#include "workspace/lint.h"

namespace preflint::cli {

/// Which findings are spoken of: those on lines that git says changed, that no baseline holds and
/// that are severe enough.
class Narrow {
 public:
  /// Asks git and reads the baseline; complains and returns null when that does not work.
  static std::unique_ptr<Narrow> of(const CheckOptions& options,
                                    const std::vector<std::string>& folders);

  /// Takes out the others. `original` has the files as they lie on disk, `report` as they were
  /// linted.
  void apply(std::vector<Finding>& findings, const output::Report& report,
             const workspace::LintResult& original, Severity floor) const;
  /// The same without a look at the baseline and the severity.
  void apply_changes(std::vector<Finding>& findings, const output::Report& report,
                     const workspace::LintResult& original) const;
  const std::optional<output::Baseline>& baseline() const { return baseline_; }

 private:
  bool changed(const Finding& finding, const output::Report& report,
               const workspace::LintResult& original,
               std::map<std::string, GitChanges>& mapped) const;
  std::optional<GitChanges> changes_;
  std::optional<output::Baseline> baseline_;
};

}  // namespace preflint::cli
