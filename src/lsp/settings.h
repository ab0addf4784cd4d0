#pragma once

#include <optional>

#include "base/finding.h"
#include "lsp/analyst.h"
#include "lsp/message.h"

namespace preflint::lsp {

/// The user's settings, section `preflint`.
struct Settings {
  Choice choice;
  Severity floor = Severity::warning;
  std::optional<Language> language;  // instead of the editor's
  bool enable = true;
  bool workspace = true;  // show findings in files that are not open, too
};

/// Reads settings; what is missing or makes no sense keeps its default. `folder` is what relative
/// paths count from.
Settings read_settings(const Json& json, const std::string& folder);

}  // namespace preflint::lsp
