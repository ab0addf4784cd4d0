#pragma once

#include <set>
#include <string>
#include <string_view>

#include "project/context.h"

namespace preflint::project {

/// Repositories of the Hub that some step of the project brings into the cache, or into a folder of
/// their name, in a way that works: through a mirror, with the network hook, from ModelScope.
/// Whether a launch comes after it nobody says.
class FetchedBefore {
 public:
  explicit FetchedBefore(const Context& context);

  bool holds(std::string_view repository) const { return ids_.find(repository) != ids_.end(); }

 private:
  std::set<std::string, std::less<>> ids_;
};

/// Where the scripts of the project put files by hand (`cp`, `mv`, `ln`, `tar -C`): "data",
/// "~/.cache/torch/hub/checkpoints".
class StockedCaches {
 public:
  explicit StockedCaches(const Context& context);

  /// Does some of them put one into this folder, or into one whose path has this in it?
  bool holds(std::string_view folder) const;

 private:
  std::set<std::string> places_;
};

}  // namespace preflint::project
