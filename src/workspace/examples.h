#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "catalog/rule.h"

namespace preflint::workspace {

/// How one example of a rule came out. No sentences: as it should.
struct ExampleResult {
  size_t number = 0;  // 1-based, as in the file
  bool bad = false;
  std::vector<std::string> sentences;
  std::vector<Finding> findings;  // the rule's own
};

/// What a rule finds in its own bad examples: a finding with its main message where there is one.
/// Nothing when the engine's checks do not report it (a probe, a comment's rule).
std::optional<Finding> sample_of(const catalog::Rule& rule);

/// The files of an example by their names, without marks.
std::map<std::string, std::string> example_files(const catalog::Example& example);

/// Runs a rule's examples: in a bad one the rule has to find exactly what ⟦…⟧ encloses, in a good
/// one nothing. Nothing is read from disk.
std::vector<ExampleResult> run_examples(const catalog::Rule& rule);

}  // namespace preflint::workspace
