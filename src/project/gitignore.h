#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preflint::project {

/// The patterns of one ignore file.
class IgnorePatterns {
 public:
  explicit IgnorePatterns(std::string_view text);
  bool empty() const { return patterns_.empty(); }
  /// What the last pattern that matches says: ignored or (`!`) not; nothing when none matches.
  /// `path` is relative to the folder the patterns are for.
  std::optional<bool> ignored(std::string_view path, bool directory) const;

 private:
  struct Pattern {
    std::string glob;
    bool negated, only_directories, whole_path;
    bool literal;  // no wildcard at all
    bool suffix;   // `*` and then a literal, which `glob` holds
  };
  std::vector<Pattern> patterns_;
};

/// The ignore rules in force in a folder: its own file, those of the folders above it up to the
/// root of the repository, the repository's info/exclude and the user's own file, nearest first.
struct IgnoreScope {
  std::shared_ptr<const IgnoreScope> above;
  std::string folder;  // absolute, ends in '/'
  IgnorePatterns patterns;

  /// Is this file or folder ignored? Folders above it are taken not to be.
  static bool ignored(const IgnoreScope* scope, std::string_view path, bool directory);
};

/// The scope of an absolute folder, read from disk; null when it lies in no repository.
std::shared_ptr<const IgnoreScope> ignore_scope_of(const std::string& folder);
/// The scope of `folder` below one that is already known; starts anew at the root of another
/// repository.
std::shared_ptr<const IgnoreScope> ignore_scope_below(std::shared_ptr<const IgnoreScope> above,
                                                      const std::string& folder,
                                                      bool has_ignore_file, bool has_git);

}  // namespace preflint::project
