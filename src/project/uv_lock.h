#pragma once

#include <set>
#include <string>
#include <string_view>

#include "model/shell/event.h"

namespace preflint {
class Document;
}

namespace preflint::project {

/// What of a project a `uv sync` installs beside its dependencies.
struct UvChoice {
  bool everything = false;         // all extras and groups, or not known which
  bool default_groups = true;      // those that pyproject.toml names, else `dev`
  std::set<std::string> optional;  // extras and groups that the command names, normalised

  /// `everything` where an option that chooses is not known, or chooses another project.
  static UvChoice of(const shell::CommandEvent& sync);
  /// With the groups that are installed unless the command says otherwise, and what the chosen ones
  /// include.
  UvChoice resolved(std::string_view pyproject) const;
  bool takes(const std::string& group) const {
    return everything || group.empty() || optional.contains(group);
  }

 private:
  void add_included(const Document& pyproject);
};

/// The packages that a uv.lock brings for a choice (resolved), whatever their markers say. All
/// packages of the lock where its project cannot be told from the members of a workspace.
std::set<std::string> locked_packages(std::string_view lock, const UvChoice& choice);

}  // namespace preflint::project
