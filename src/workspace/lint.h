#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "catalog/setup.h"
#include "engine/engine.h"
#include "project/disk_reader.h"

namespace preflint::workspace {

using Overlay = std::map<std::string, std::shared_ptr<const File>>;

/// What is to be linted and how. Paths are absolute and normalised.
struct LintRequest {
  std::vector<std::string> paths;
  std::shared_ptr<const File> input;  // standard input under its name, instead of paths
  std::string config;   // a preflint.yaml for everything; "": the nearest one of each file
  std::string profile;  // a name or a path, instead of the configuration's
  std::vector<std::string> select, extend_select, ignore;
  bool respect_gitignore = true;
  unsigned threads = 1;
  /// Where there are more files than this, a project's files are read when it is analysed and given
  /// up afterwards: what many projects below one folder take is then what the largest of them
  /// takes.
  size_t most_kept = SIZE_MAX;
  /// Configuration is not looked for above this folder ("" : up to the root of the disk).
  std::string ceiling;
  /// Contents that stand for those on disk: what a fix would make of them, what an editor holds.
  /// Those below the paths are linted even where the disk has no such file.
  Overlay changed;
  /// Asked now and then while files are looked for; true leaves out the rest.
  std::function<bool()> cancelled;
};

/// That nothing lies under a path.
inline Sentence no_such(const std::string& path) {
  return {path + ": no such file or folder", path + "：没有这个文件或目录"};
}

/// What was found, and everything that is needed to print it.
struct LintResult {
  std::vector<Finding> findings;                // in order of output, suppressed ones marked
  std::vector<std::string> missing;             // named paths that do not exist
  std::vector<catalog::SetupProblem> problems;  // each is a PFL004 finding as well
  std::vector<Sentence> bad_selectors;
  std::vector<engine::Fault> faults;  // sorted by project and rule: what is missing in `findings`
  size_t files = 0;
  std::string root;  // of the project; with several, the folder above them
  std::shared_ptr<const File> file(const std::string& path) const;
  const catalog::Rule* rule(std::string_view id) const;

  std::vector<std::shared_ptr<project::DiskReader>> readers;
  std::vector<std::shared_ptr<const catalog::Setup>> setups;
  std::map<std::string, std::shared_ptr<const File>> known;
};

/// Lints. A named path is a focus: its project is read as a whole, because whether a script is
/// right depends on who starts it, and only findings under the named paths are kept.
LintResult lint(const LintRequest& request);

class Project;
/// The same for a project that is already read, with other contents for some of its files.
LintResult lint(const Project& project, const Overlay& changed);

}  // namespace preflint::workspace
