#pragma once

#include <string>
#include <vector>

#include "project/event_files.h"

namespace preflint::project {

/// Which directories the platform's panel shows: its own, what the program links, copies or mounts
/// into it, and what the program itself serves on the panel's port or another one that is reached
/// from outside.
class Panel {
 public:
  explicit Panel(const Context& context);
  /// no: surely outside. maybe: something about it is not known.
  Tri shows(const EventFiles& files) const;
  const std::string& directory() const { return directory_; }

 private:
  Tri shows(const Text& path, const Text& written) const;

  std::string directory_;
  std::vector<Text> shown_;  // directories besides its own
};

}  // namespace preflint::project
