#pragma once

#include <optional>
#include <string>

#include "project/file_contents.h"
#include "project/installs.h"

namespace preflint::project {

/// The environment that conda's name means: the image's for base and none.
Install::Target target_named(const std::string& environment);

/// Reads the arguments of one installing command into an Install.
class InstallArguments {
 public:
  InstallArguments(const FileContents& contents, Install& out)
      : contents_(contents), out_(out), event_(*out.event) {}

  /// Those of pip and uv after `install`, from the argument number `first` on.
  void pip(size_t first);
  /// Those of `uv pip sync`: what is no option is a list.
  void sync(size_t first);
  /// Match specifications and files of conda.
  void conda(size_t first);
  void file(InstalledFile::How how, const Value& value, Span span);
  /// `.`, `./sub`, `.[extra]`: the project that lies there.
  void local_project(const Value& value, const shell::Argument& argument);

 private:
  void package(const shell::Argument& argument);
  void option_with(const std::string& option, const Value& value, Span span,
                   const shell::Argument& argument);
  void flag(const std::string& option);

  const FileContents& contents_;
  Install& out_;
  const shell::CommandEvent& event_;
  bool syncs_ = false;
  std::optional<size_t> index_;  // of `out_.indexes`: the one of `-i`, of which the last counts
};

}  // namespace preflint::project
