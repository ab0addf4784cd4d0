#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "project/context.h"

namespace preflint::project {

/// Is there a sign that a program runs on the box: a shell starts it, the configuration says where
/// it runs, or the platform is named in the file that it begins with or in `file`? Python that
/// nothing of the project starts may be for any machine; what is certain on the box is then told as
/// a warning (docs/precision.md has the counts).
bool box_shown(const Context& context, const Run& run, const File& file);

/// What one person writes for one machine, in files of code; a project with more than that, in more
/// folders, is seldom one person's own from end to end (docs/precision.md).
constexpr size_t kOwnFiles = 25;
constexpr size_t kOwnFolders = 8;

/// The linted files of a project that speak of the platform or name its places. For
/// Context::shared.
class NamingFiles {
 public:
  explicit NamingFiles(const Context& context);
  bool some() const { return !paths_.empty(); }
  bool hold(const File& file) const { return paths_.contains(file.path); }

 private:
  std::set<std::string> paths_;
};

/// Are there no more scripts, programs and notebooks than somebody writes for one machine? Then
/// what nothing starts is started there by hand. For Context::shared.
struct FewScripts {
  explicit FewScripts(const Context& context);
  bool found = false;
};

/// Which files of a project run on the box, as far as its texts show: those that name the
/// platform, that such a file, or a guide for the platform, at the root or beside such a file,
/// names, and that name such a file themselves. Forks of large projects hold hundreds of scripts
/// that nobody starts on the box beside the few that were written for it. A project of a few files
/// or folders is taken as a whole, and so is one that names the platform nowhere. It reads texts,
/// no runs: what it says is the same whichever rules are asked for. Made once (`Context::shared`).
class BoxSigns {
 public:
  explicit BoxSigns(const Context& context);

  /// Does something show that a file runs on the box? The path is absolute.
  bool shown(const std::string& path) const;
  /// One of the files that lead to a finding is enough: what a script of the box starts runs there.
  bool shown(const Finding& finding) const;
  /// Is a finding in, or below, a script for another machine: one with paths of that machine, or
  /// that texts of the project call by such a path, which names the platform nowhere, where other
  /// files of the project name it and none of these the script? Such a script came with what was
  /// forked, or serves the author's other server. In a project of a few files it is nevertheless
  /// run on the box. Nor is a finding on the box where the project logs into another rental alone.
  bool elsewhere(const Finding& finding) const;
  /// Is a finding in a copy of another file of the project, which has the same: what `old/` or
  /// `changes_2026-02/` holds of `scripts/train.sh`? Not in a project of a few files.
  bool copied(const Finding& finding) const;

 private:
  /// A file as another text calls it: "tools/train.py", "train.py".
  struct Mention {
    std::string tail;
    const File* by = nullptr;
    bool of_platform = false;  // `by` names it
  };
  void take_mentions(const File& text, bool of_platform);
  bool named_in(const File& text, std::string_view tail, const std::string& path) const;

  bool mentioned(const std::string& path, bool by_platform) const;
  bool looks_placed(const std::string& path) const;
  bool elsewhere(const std::string& path) const;
  bool of_another_machine(const File& script) const;
  bool called_on_a_mac(const std::string& path) const;

  const Context& context_;
  bool few_ = false;         // of so few files that all are the author's
  bool small_ = false;       // or of so few folders
  bool everywhere_ = false;  // nothing names the platform
  mutable std::map<std::string, bool> shown_, elsewhere_;               // what was asked before
  std::map<std::string, std::shared_ptr<const File>> files_;            // of code, by path
  std::map<std::string, std::vector<std::string>, std::less<>> names_;  // the paths of a name
  std::set<std::string> on_a_mac_;  // paths there, which texts that do not name the platform have
  std::set<std::string> naming_;    // paths that name the platform
  std::map<std::string, std::vector<std::string>, std::less<>> naming_names_;  // by their names
  std::map<std::string, std::vector<Mention>, std::less<>> mentioned_;         // by name
};

}  // namespace preflint::project
