#pragma once

#include <map>
#include <string>
#include <utility>

#include "model/shell/event.h"
#include "project/context.h"

namespace preflint::project {

/// Does a command stand in a function that nothing calls, or in a text that only such a function
/// runs: `start() { tmux new -d "conda activate x"; }`? Then it is not known that it ever runs.
bool uncalled(const Run& run, const shell::CommandEvent& event);
/// Is the whole text of a run such a text?
bool uncalled(const Run& run);

/// The functions of shell scripts that no part of a project can mean: their names stand nowhere but
/// where they are defined, in no script and no guide, and their script runs nothing by a name that
/// it is given (`"$@"`). Shared by checks (`context.shared`).
class UnnamedShellFunctions {
 public:
  explicit UnnamedShellFunctions(const Context& context) : context_(context) {}
  /// Is a command in such a function? It does not run.
  bool hold(const Run& run, const shell::CommandEvent& event) const;

 private:
  bool named(const File& defined_in, const std::string& name) const;

  const Context& context_;
  mutable std::map<std::pair<std::string, std::string>, bool> named_;
};

/// The Python functions that no part of a project can mean: plain ones, whose names stand nowhere
/// but where they are defined, or only in files that do not speak of their module. Methods,
/// decorated functions and those that are passed on, listed in a table or named by a script may be
/// called in ways that no trace shows. Shared by checks
/// (`context.shared`).
class UnnamedFunctions {
 public:
  explicit UnnamedFunctions(const Context& context) : context_(context) {}
  /// Is this place of a program that somebody starts, or that has a main part, in such a function?
  /// What stands there does not run.
  bool hold(const Run& run, const py::Frame* frame) const;

 private:
  bool named(const std::string& path, const std::string& name) const;

  const Context& context_;
  mutable std::map<std::pair<std::string, std::string>, bool> named_;
};

/// Does a program surely not come to this place, because it is in a plain function of which only
/// direct calls are written, and none of them is reached: `if args.mode == "train": train()`?
bool not_come_to(const Run& run, const py::Frame* frame);

}  // namespace preflint::project
