#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "workspace/lint.h"

namespace preflint::engine {
struct Fault;
struct Request;
}  // namespace preflint::engine

namespace preflint::project {
class Questions;
}

namespace preflint::workspace {

/// The files that one configuration governs: what the engine sees at once.
struct Group {
  std::shared_ptr<const catalog::Setup> setup;
  std::string root;
  std::vector<std::shared_ptr<const File>> files;  // sorted by path
};

/// What is asked of a group.
struct GroupRequest {
  const Overlay* changed = nullptr;  // instead of what was read; may be null
  unsigned threads = 0;              // for the group itself; 0: all that the project has
  std::function<bool()> cancelled;
  std::function<void(const engine::Fault&)> fault;  // as in engine::Request
  /// What finds; `engine::analyse` when empty.
  std::function<std::vector<Finding>(const engine::Request&)> analyse;
};

/// The projects below some paths as they were read: which folders they are, which files they hold,
/// which configuration each has. A named path is a focus: its project is read as a whole, because
/// whether a script is right depends on who starts it, and only findings under the named paths are
/// kept. Analysing changes nothing here and may be repeated with other contents.
class Project {
 public:
  explicit Project(LintRequest request);
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  /// Only those with a file in focus.
  const std::vector<Group>& groups() const { return groups_; }
  /// What reading and configuration themselves have found: in `findings`, `problems`, `missing`….
  const LintResult& read() const { return result_; }
  /// The findings of a group in focus. `reader` receives what was read for them.
  std::vector<Finding> analyse(const Group& group, const GroupRequest& how,
                               std::shared_ptr<project::DiskReader>& reader) const;
  bool in_focus(const std::string& path) const;
  /// Were there too many files to keep what they hold? The files of the groups have no bytes then.
  bool lean() const { return lean_; }
  unsigned threads() const { return request_.threads; }

 private:
  std::shared_ptr<const catalog::Setup> setup_of(const std::string& folder);
  void load_profile();
  bool named(const std::string& path) const;
  void find_roots();
  std::vector<std::shared_ptr<const File>> files_below(const std::string& root);
  void add_group(const std::shared_ptr<const catalog::Setup>& setup, std::string root,
                 std::vector<std::shared_ptr<const File>> files);
  /// The folders below `root` that are projects of their own: a folder of projects is none itself.
  std::map<std::string, std::vector<std::shared_ptr<const File>>> projects_in(
      const std::string& root, std::vector<std::shared_ptr<const File>> files) const;
  /// What the rules look for, put together once for all groups of a setup.
  std::shared_ptr<const project::Questions> questions(const catalog::Setup& setup,
                                                      const engine::Request& request) const;
  void check_selectors(const catalog::Setup& setup);
  void report_setups();

  LintRequest request_;
  catalog::FileAccess access_;
  catalog::Setups setups_;
  std::shared_ptr<const catalog::Setup> fixed_setup_;
  std::unique_ptr<const catalog::Profile> profile_;
  std::set<std::string> roots_, lone_;
  std::vector<Group> groups_;
  bool lean_ = false;
  LintResult result_;
  mutable std::mutex asking_;
  mutable std::map<const catalog::Setup*, std::shared_ptr<const project::Questions>> questions_;
};

}  // namespace preflint::workspace
