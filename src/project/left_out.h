#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "project/context.h"
#include "project/dependencies.h"

namespace preflint::project {

/// The entries of lists that never reach the image, as they are installed. Shared by checks
/// (`context.shared`).
class LeftOut {
 public:
  explicit LeftOut(const Context& context) : context_(context) {}
  /// Do all scripts that install a list keep one of its entries out: is it filtered from the copies
  /// that they install, or limited to what the image has, or there by then in a version that fits?
  /// Where nothing installs the list as it is, a filter that drops the entry is enough, or a
  /// program that chooses from the list. A guide for the platform that installs the list plainly
  /// speaks against it.
  bool holds(const DependencyFile& file, const Dependency& entry) const;

 private:
  using Asked = std::set<std::pair<std::string, std::string>>;  // projects, and links to them
  static Asked asked_for(const std::string& lines);
  bool kept_out(const Dependencies::Use& use, const DependencyFile& file,
                const Dependency& entry) const;
  bool dropped(const DependencyFile& file, const Dependency& entry) const;

  const Context& context_;
  mutable std::map<const void*, Asked>
      asked_;  // by what a file holds, and by filter: what it drops
  mutable std::map<std::string, bool> taken_apart_;  // by path
};

}  // namespace preflint::project
