#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/builtin.h"
#include "catalog/config.h"
#include "catalog/rule_loader.h"

namespace preflint::catalog {

/// A file as configuration sees it.
struct ConfigText {
  ConfigText(std::string content)
      : text(std::move(content)) {}  // NOLINT: in memory, nothing else is known

  std::string text;
  std::string real;  // where it lies without any symlink; "": where its path says
  Sentence trouble;  // why it is there and cannot be read; empty: it can
};

/// The folder that a checkout is, by the path that leads there and without symlinks.
struct ProjectFolder {
  std::string path, real;
};

/// The disk, as configuration needs it; the catalogue itself never touches one.
struct FileAccess {
  /// Nothing where there is no such file.
  std::function<std::optional<ConfigText>(const std::string& path)> read;
  /// The names of the files in a folder, in any order.
  std::function<std::vector<std::string>(const std::string& folder)> list;
  /// The project that a configuration in a folder belongs to. A checkout may be a stranger's: no
  /// symlink in it leads out of it, and nothing is said of what a file elsewhere holds. Null:
  /// whoever runs us has named the configuration, all of it is trusted.
  std::function<ProjectFolder(const std::string& folder)> project;
};

/// A mistake in preflint.yaml, a profile or a rule file. `text` is that file's, for lines and
/// columns.
struct SetupProblem {
  std::string path;
  std::shared_ptr<const std::string> text;
  Error error;
};

/// All that configuration says for the files of one folder.
struct Setup {
  Config config;
  const Profile* profile = nullptr;  // never null when there are no problems
  std::vector<LoadedRule> user_rules;
  std::vector<SetupProblem> problems;
  /// Every file that was read for it: preflint.yaml, bases, profile, rules. A server watches them.
  std::vector<std::string> files;

  /// The rule with this id or name: the user's own or a built-in one; null when there is none.
  const Rule* rule(std::string_view id_or_name) const;
  std::vector<const Rule*> rules() const;  // all, built-in ones first

 private:
  friend class SetupReader;
  std::vector<std::unique_ptr<const Profile>> profiles_;  // read from files
};

/// The setup that a preflint.yaml describes. `path` is absolute and normalised.
std::shared_ptr<const Setup> read_setup(const std::string& path, const FileAccess& access);
/// Without any preflint.yaml: the defaults, for files below a folder.
std::shared_ptr<const Setup> default_setup(const std::string& folder);
/// A profile under a built-in name or an absolute path, with the mistakes of that file.
struct ProfileFile {
  std::unique_ptr<const Profile> profile;  // null when there are problems
  std::vector<SetupProblem> problems;
};
ProfileFile read_profile(const std::string& name_or_path, const FileAccess& access);

/// Finds the nearest preflint.yaml above files, reading each once.
class Setups {
 public:
  explicit Setups(FileAccess access) : access_(std::move(access)) {}
  /// The setup for files that lie directly in a folder (absolute, normalised).
  std::shared_ptr<const Setup> for_folder(const std::string& folder);

 private:
  FileAccess access_;
  std::map<std::string, std::shared_ptr<const Setup>> by_folder_;
};

}  // namespace preflint::catalog
