#pragma once

#include "project/context.h"

namespace preflint::project {

/// Is there a sign that a program runs on the box: a shell starts it, the configuration says where
/// it runs, or the platform is named in the file that it begins with or in `file`? Python that
/// nothing of the project starts may be for any machine; what is certain on the box is then told as
/// a warning (docs/precision.md has the counts).
bool box_shown(const Context& context, const Run& run, const File& file);

/// Are there no more scripts, programs and notebooks than somebody writes for one machine? Then
/// what nothing starts is started there by hand. For Context::shared.
struct FewScripts {
  explicit FewScripts(const Context& context);
  bool found = false;
};

}  // namespace preflint::project
