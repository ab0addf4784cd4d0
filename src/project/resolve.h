#pragma once

#include <string>

#include "model/value.h"
#include "project/reader.h"

namespace preflint::project {

/// Finds the project file that a path in a program means. Where the project lies on the box is not
/// known, so a path is tried below the project's root, beside the script, below the folders around
/// it, and by its longest ending that exists in the project. Returns the file's path, or "" when
/// there is none.
class Resolver {
 public:
  Resolver(std::string root, const Reader& reader) : root_(std::move(root)), reader_(reader) {}

  /// `script_folder` is the folder of the file that speaks; `cwd` the directory at that point.
  std::string file(const Text& path, const Text& cwd, const std::string& script_folder) const;
  std::string file(const Value& path, const Text& cwd, const std::string& script_folder) const;
  /// `-m package.module`.
  std::string module(const std::string& name, const Text& cwd,
                     const std::string& script_folder) const;
  /// The path on the box of a file of the project: `{@root}/scripts/train.sh`.
  Text on_box(const std::string& path) const;
  const std::string& root() const { return root_; }

 private:
  std::string existing(const std::string& path) const;
  std::string by_ending(const std::string& path) const;

  std::string root_;
  const Reader& reader_;
};

}  // namespace preflint::project
