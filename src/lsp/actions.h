#pragma once

#include <functional>
#include <optional>
#include <string>

#include "lsp/analyst.h"

namespace preflint::lsp {

/// What an action makes of one file: its whole new text, or nothing when there is nothing to
/// change.
using Rewritten = std::optional<std::string>;

/// The file after all safe fixes that change it alone, as `preflint check --fix` would leave it.
Rewritten fixed_text(const Report& report, const std::string& path, const Analyse& analyse,
                     const std::function<bool()>& cancelled);

/// The file with a comment that suppresses the finding. Where the comment can stand depends on the
/// syntax around it (continued lines, heredocs, strings), so that places are tried until one of
/// them works: the finding is suppressed and no other appears.
Rewritten suppressed_text(const Report& report, const Finding& finding, Language language,
                          const Analyse& analyse, const std::function<bool()>& cancelled);

}  // namespace preflint::lsp
