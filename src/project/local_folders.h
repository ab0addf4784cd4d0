#pragma once

#include <set>
#include <string>
#include <string_view>

#include "project/context.h"

namespace preflint::project {

/// Folders that the project makes or tells its programs to write to: `mkdir ckt`, `--output_dir
/// ckt/sft`, `save_pretrained("ckt/sft")`. By their first component, as seen from wherever they are
/// written.
struct LocalFolders {
  explicit LocalFolders(const Context& context);

  bool holds(std::string_view path) const;

 private:
  void add(std::string_view path);
  void add_made(const shell::CommandEvent& event);
  std::set<std::string, std::less<>> names_;
};

}  // namespace preflint::project
