#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/requirements/file.h"
#include "project/program.h"

namespace preflint::catalog {
struct Profile;
}

namespace preflint::project {

/// A command that passes on some lines of a requirements file: grep -v, sed '/…/d', awk '!/…/'.
struct LineFilter {
  const Run* run = nullptr;
  const shell::CommandEvent* event = nullptr;
  Span pattern_span;                 // of the argument that holds the pattern, in the event's unit
  std::string pattern;               // as the program gets it
  std::string source;                // what is read: a project file's path, or as written
  std::vector<std::string> dropped;  // lines of the file that do not pass
  std::vector<std::string> passed;
};

/// What a file holds at a point of a run, after the commands before it.
struct FileContent {
  bool known = false;  // `text` is all of it
  std::string text;
  std::vector<const LineFilter*> filters;  // that it went through, first one first
  std::vector<std::string> from;           // project files that it was made of
  bool generated = false;                  // written by a command of the run
};

/// A file that an install reads.
struct InstalledFile {
  enum How : uint8_t {
    requirements,  // pip -r
    constraints,   // pip -c
    environment,   // conda env create/update -f
    project,       // pip install . / -e . / poetry install / uv sync: `path` is pyproject.toml or
                   // setup.py
  } how = requirements;
  Span span;             // of the argument in the event's unit
  std::string shown;     // as written, unknown parts as {name}
  std::string path;      // of the project's file; "" when none was found
  bool missing = false;  // it would be a file of the project, and there is none
  /// What it holds by then; null when nothing is known of it. For a project's file that no command
  /// has changed its text.
  std::shared_ptr<const FileContent> content;
  std::vector<std::string> extras;  // project[extra]
};

/// A project that is named on the command line.
struct InstalledPackage {
  const shell::Argument* argument = nullptr;
  std::string text;
  req::Line line;
};

/// A command that installs into a Python environment (or removes from it), in order of execution.
struct Install {
  enum Tool : uint8_t { pip, uv_pip, conda, uv, poetry, pdm, pipenv } tool = pip;
  enum Action : uint8_t {
    install,
    uninstall,
    create
  } action = install;  // create: an environment of its own
  /// Which environment changes: the image's, another one, or not known.
  enum Target : uint8_t { image, other, unknown } target = image;

  const Run* run = nullptr;
  const shell::CommandEvent* event = nullptr;
  std::vector<InstalledFile> files;
  std::vector<InstalledPackage> packages;
  bool upgrade = false, force_reinstall = false, no_deps = false, no_index = false;
  bool partly_unknown = false;  // some arguments are not known
  std::vector<Value> indexes;   // --index-url, --extra-index-url, --find-links and their variables
  std::optional<Span> index_span;   // of the first --index-url's value
  std::vector<std::string> groups;  // --group, --with
};

/// All installs of a program and the line filters that prepare files for them.
struct Installs {
  std::deque<LineFilter> filters;
  std::vector<Install> all;
};

Installs installs_of(const Program& program, const catalog::Profile& profile);

/// Did a command of the same start, before an install, put a version there that meets a
/// requirement: `pip install torch==2.1.0` ahead of a list with `torch==2.1.0`? pip then finds it
/// installed.
bool there_by_then(const Installs& installs, const Install& install,
                   const req::Requirement& requirement);

}  // namespace preflint::project
