#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "model/requirements/file.h"
#include "project/installs.h"
#include "syntax/source.h"

namespace preflint::project {

class Context;

/// A dependency that a file of the project states.
struct Dependency {
  Source source;     // of the file (or the Python text) that states it
  Span span;         // in `source`: what is marked
  std::string text;  // as messages quote it: without marker, hashes and the folders of a URL
  req::Requirement requirement;
  enum Form : uint8_t { pip, conda, poetry } form = pip;
  std::optional<req::Archive> archive;  // of a wheel's URL or path
  std::string group;                    // "" always installed; else an extra or group
  bool constraint = false;              // limits only: of a constraints file
  std::string index;                    // where it is told to come from: uv's or poetry's source
  const req::Line* line = nullptr;      // of a requirements file
  Span whole;  // the physical lines, where the entry has them to itself; else empty
};

/// What messages quote of a PEP 508 requirement or link.
std::string quoted_text(const req::Requirement& requirement, std::string_view written);

/// A file that states dependencies.
struct DependencyFile {
  std::shared_ptr<const File> file;
  std::shared_ptr<const req::RequirementsFile> requirements;  // of requirements files
  std::vector<Dependency> entries;
  std::map<std::string, std::vector<size_t>> by_project;  // indexes into `entries`
  struct Bad {
    Source source;
    Span span;
    std::string text, reason;
  };
  std::vector<Bad> bad;
  struct Include {
    std::string path;  // absolute
    std::string written;
    Span span;
    bool constraint = false;
    bool exists = false;
  };
  std::vector<Include> includes;
  std::vector<std::string> indexes;  // --extra-index-url, --find-links, [[tool.uv.index]]…
  std::string environment;           // environment.yml: its name
  bool for_uv = false;               // pyproject.toml: says where uv finds packages
};

/// Reads one by its kind; setup.py is read from its runs instead.
DependencyFile read_dependencies(const Program& program, std::shared_ptr<const File> file);

/// Every dependency that the project states and every install of a program.
class Dependencies {
 public:
  explicit Dependencies(const Context& context);

  const std::vector<DependencyFile>& files() const { return files_; }
  const Installs& installs() const { return installs_; }
  /// A file that states dependencies, or null.
  const DependencyFile* file(const std::string& path) const;
  /// The file and what it includes, each once; constraints too.
  std::vector<const DependencyFile*> with_includes(const DependencyFile& file) const;

  struct Use {
    const Install* install = nullptr;
    const InstalledFile* file = nullptr;
  };
  /// The installs that read a file, also through includes.
  std::vector<Use> uses(const std::string& path) const;
  /// Do all installs that read it leave the image's packages alone: they are of another
  /// environment, or take the project without what it depends on?
  bool spares_image(const std::string& path) const;
  /// Is it left to uv, which no script runs and which makes an environment of its own?
  bool left_to_uv(const DependencyFile& file) const {
    return file.for_uv && uses(file.file->path).empty();
  }
  /// Is the entry installed where its file is: no group, or one that an install asks for?
  bool chosen(const DependencyFile& file, const Dependency& entry) const;
  /// Was it written down of some environment, by a tracker or as a snapshot that nothing installs?
  bool recorded(const std::string& path) const;

  /// Do the lists of the project that name another one with a version keep it below this version,
  /// all of them, and are there any?
  bool keep_below(std::string_view project, std::string_view version) const;

 private:
  void read_setup_scripts(const Context& context);
  const Program& program_;
  std::vector<DependencyFile> files_;
  std::map<std::string, size_t> by_path_;
  std::map<std::string, std::vector<Use>> uses_;
  Installs installs_;
  std::set<std::string> snapshots_;  // lists that were written down, and are installed nowhere
};

}  // namespace preflint::project
