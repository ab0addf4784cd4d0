#pragma once

#include <string>
#include <vector>

#include "base/finding.h"

namespace preflint::cli {

/// The options of `preflint rule` and `preflint profile`.
struct ExplainOptions {
  std::vector<std::string>
      names;  // ids, names, prefixes or gotcha ids; of `profile`: one name or file
  std::vector<std::string> test;  // files of rules whose examples are run
  bool all = false;
  std::string format = "text";  // text, json, markdown
  Language language = Language::en;
  bool color = false;
};

/// Each prints and returns the exit status.
int explain_rules(const ExplainOptions& options);
int list_profiles(const ExplainOptions& options);
int show_profile(const ExplainOptions& options);
int validate_profile(const ExplainOptions& options);

}  // namespace preflint::cli
