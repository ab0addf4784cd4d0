#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "project/context.h"

namespace preflint::project {

/// What a project tells people to do by hand: its Markdown files, and scripts for Windows, which
/// run on the machine of whoever rents the box. Looked for and read once (`context.shared`).
struct Guides {
  explicit Guides(const Context& context);
  /// Does some line tell people to install a list of this name?
  bool tell_to_install(std::string_view name) const;
  std::vector<std::shared_ptr<const File>> files;
};

}  // namespace preflint::project
