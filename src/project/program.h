#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/shell/event.h"
#include "model/unit.h"
#include "project/reader.h"
#include "syntax/notebook.h"
#include "syntax/source.h"

namespace preflint::py {
struct Module;
struct ProgramFile;
struct Trace;
}  // namespace preflint::py

namespace preflint::project {

/// One execution of a unit: a script from its first line under a given environment. A script that
/// two wrappers start differently has two runs; what is reported is what any of them shows.
struct Run {
  int index = 0;
  const Unit* unit = nullptr;
  const Run* parent = nullptr;  // that starts it; null: an entry
  int launch_command = -1;      // in a shell parent: the command that starts it
  Span launch_span;             // in the parent's unit (`launch_unit`)
  const Unit* launch_unit = nullptr;
  const py::ProgramFile* launch_file = nullptr;  // in a Python parent: that the span is of
  bool over_ssh = false;                         // started on another machine than its parent
  bool cut_off = false;  // an entry that starts more than could be looked at
  Site site = Site::instance;
  shell::Environment environment;  // that it starts with
  std::vector<shell::Argument> arguments;
  std::shared_ptr<const shell::Trace> shell;  // shell units
  std::shared_ptr<const py::Trace> python;    // python units
  std::vector<const Run*> children;           // in order of start

  bool entry() const { return parent == nullptr; }
  const Run& root() const { return parent ? parent->root() : *this; }
  /// The shell event that starts it; null for entries and for runs that Python starts.
  const shell::CommandEvent* launcher() const;
};

/// A directory or file that the program links into another place: `ln -s TARGET LINK`, os.symlink.
struct Link {
  Value target, link;
  const Run* run = nullptr;
  int command = -1;
};

/// The linted project as the programs that it consists of.
struct Program {
  std::string root;
  std::vector<std::shared_ptr<const File>> files;  // to be linted
  const Reader* reader = nullptr;
  std::deque<Unit> units;
  std::deque<Run> runs;  // parents before children
  std::map<std::string, std::shared_ptr<const notebook::Notebook>> notebooks;  // by path
  std::vector<Link> links;
  std::vector<std::shared_ptr<const File>> kept;  // files opened on the way
  /// Python files that no run has reached, read for their syntax; without trees.
  std::vector<std::shared_ptr<const py::Module>> unrun;
  unsigned threads = 1;  // that a check may use
  bool incomplete = false;

  /// A linted or reachable file; null when there is none.
  std::shared_ptr<const File> file(const std::string& path) const { return reader->open(path); }
  /// Is the file one of those to be linted?
  bool linted(const File& file) const;
};

}  // namespace preflint::project
