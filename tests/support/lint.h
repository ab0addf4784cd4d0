#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "catalog/rule.h"
#include "output/render.h"
#include "project/reader.h"
#include "support/marks.h"

namespace preflint::testing {

/// Paths relative to the project → contents.
using Files = std::map<std::string, std::string>;

/// A project that lies in memory under /project.
class MemoryReader final : public project::Reader {
 public:
  explicit MemoryReader(const Files& files);
  std::shared_ptr<const File> open(const std::string& path) const override;
  bool exists(const std::string& path) const override { return files_.contains(path); }
  bool directory(const std::string& path) const override;
  std::vector<std::string> names(const std::string& folder) const override;
  /// The files of a kind that is linted, by path.
  std::vector<std::shared_ptr<const File>> linted() const;

 private:
  std::map<std::string, std::shared_ptr<const File>> files_;
};

/// A finding in the terms of a test.
struct Found {
  std::string rule, path;  // relative to the project
  Severity severity = Severity::warning;
  int line = 0, column = 0, cell = -1;  // 1-based; in a notebook within the cell, else cell is -1
  Span span;                            // bytes of the file
  std::string text;                     // the bytes under it
  std::string message;                  // English, with arguments filled in
  bool suppressed = false;
  Finding finding;

  Mark mark() const { return {path, cell, line, column, rule}; }
};

struct LintOptions {
  /// preflint.yaml; empty: the one among the files, if there is one.
  std::string config = {};
  /// What is less severe is left out.
  Severity floor = Severity::warning;
  std::vector<const catalog::Rule*> user_rules = {};
  /// Look at every file, whether a rule can find anything in it or not.
  bool everything = false;
  /// The one rule that is asked; empty: all are.
  std::string only = {};
};

/// Lints a project in memory with every rule. Suppressed findings are left out; order of output.
std::vector<Found> lint(const Files& files, const LintOptions& options = {});

/// Lints a folder on disk as `preflint check` does: discovery, ignore rules, its own preflint.yaml.
/// The folder `fixed` in it is left out.
std::vector<Found> lint_folder(const std::string& folder, Severity floor);

/// What `preflint check --select ALL` prints of a folder, hints included.
std::string render_folder(const std::string& folder, output::Format format, Language language);

/// The files of a fixture, without its marks' files and without `fixed`.
Files read_folder(const std::string& folder);

/// How the findings of one rule in a text differ from its ⟦…⟧ ranges, one sentence each; empty is
/// good.
std::vector<std::string> mismatches(std::string_view rule, const std::string& path,
                                    std::string_view text, std::string_view config = "");

/// The files after `--fix` (and `--unsafe-fixes`) of what is shown, or of all that one rule finds.
Files fixed(const Files& files, const LintOptions& options = {}, bool unsafe = true,
            std::string_view rule = "");

}  // namespace preflint::testing
