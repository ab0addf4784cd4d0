#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "model/shell/event.h"
#include "project/installs.h"
#include "project/resolve.h"

namespace preflint::project {

/// Which project file a path in a command means at that point.
struct FileTarget {
  std::string path;  // of the project's file; "" when there is none
  std::string key;   // what names the file within a run
  std::string shown;
  bool missing = false;  // a path of the project where nothing is
};

/// What the files of a run hold as its commands write them: a small model of cat, grep, sed, awk,
/// tee, cp, echo and redirects. What it does not understand makes a file's content unknown.
class FileContents {
 public:
  FileContents(const Program& program, std::deque<LineFilter>& filters)
      : program_(program), resolver_(program.root, *program.reader), filters_(filters) {}

  FileTarget target(const Value& value, const shell::CommandEvent& event) const;
  /// The content at this point; null when nothing is known.
  std::shared_ptr<const FileContent> content(const FileTarget& target) const;
  /// Did some command so far write it (or may have unpacked it)?
  bool may_be_written(const FileTarget& target) const;
  /// What a command reads from its standard input; null when not known.
  std::shared_ptr<const FileContent> input(const shell::CommandEvent& event) const;
  /// Does what the command does to files.
  void run(const Run& run, const shell::CommandEvent& event);

 private:
  using Content = std::shared_ptr<const FileContent>;
  Content output(const Run& run, const shell::CommandEvent& event);
  /// What another program makes of files: not known, but of which. Null where of none.
  Content made_of(const shell::CommandEvent& event) const;
  /// Files that a Python program which the command starts makes of the project's, as the names in
  /// it and its arguments tell: `open("requirements.txt")`, `open("rest.txt", "w")`.
  void rewritten(const Run& run, const shell::CommandEvent& event);
  Content filtered(const Run& run, const shell::CommandEvent& event, const struct LineTest& test,
                   const Content& in);
  Content joined(const Content& a, const Content& b) const;
  void write(const shell::CommandEvent& event, const Value& file, Content content, bool append);
  std::string place(const std::string& relative, const Text& folder,
                    const std::string& script_folder, bool* missing) const;

  const Program& program_;
  Resolver resolver_;
  std::deque<LineFilter>& filters_;
  std::map<std::string, Content> written_;  // by key
  std::map<const shell::Pipeline*, Content> flowing_;
  std::set<std::string> cloned_;  // names of folders that git clone made
  std::set<std::string> named_;   // base names of what commands may write
  bool unpacked_ = false;
  size_t filtered_ = 0;  // bytes that filters have read
};

}  // namespace preflint::project
