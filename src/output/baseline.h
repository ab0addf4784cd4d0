#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "output/report.h"

namespace preflint::output {

/// Findings that a project has and means to live with for now. An entry is a rule, a file and the
/// words of the line: it survives whatever moves the line, and goes with a change of the line
/// itself. Paths are relative to the folder of the baseline's file.
class Baseline {
 public:
  struct Entry {
    std::string path, rule, hash;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };

  explicit Baseline(std::string folder) : folder_(std::move(folder)) {}
  /// Reads what `written` has written.
  static Result<Baseline> parse(std::string_view text, std::string folder);

  void add(const Report& report);
  /// Takes out the findings that the baseline holds; each entry stands for one finding.
  void hide(std::vector<Finding>& findings, const Report& report) const;
  /// The entries that stand for no finding of the report, in files that `in_focus` says were
  /// linted.
  std::vector<Entry> stale(const Report& report,
                           const std::function<bool(const std::string& path)>& in_focus) const;
  std::string written() const;
  size_t size() const;

 private:
  Entry entry_of(const Finding& finding, Locator& locator) const;
  std::string folder_;
  std::map<Entry, size_t> counts_;
};

}  // namespace preflint::output
