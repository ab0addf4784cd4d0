#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "project/read_bytes.h"
#include "syntax/source.h"

namespace preflint::project {

struct DiscoverOptions {
  bool respect_gitignore = true;
  /// The configuration's own excludes; asked for files and folders found while walking.
  std::function<bool(const std::string& path, bool directory)> excluded;
  unsigned threads = 1;
  /// With more files than this their contents are not kept: `Discovered::lean`.
  size_t most_kept = SIZE_MAX;
};

/// A file that should have been linted and could not be read.
struct Unreadable {
  std::string path;
  Trouble trouble = Trouble::failed;
};

struct Discovered {
  std::vector<std::shared_ptr<const File>> files;  // sorted by path, each once
  std::vector<Unreadable> unreadable;              // sorted by path
  std::vector<std::string> unknown;                // named files of no kind that is linted
  std::vector<std::string> missing;                // named paths that do not exist
  size_t files_seen = 0;                           // while walking, of any kind
  bool lean = false;                               // the files have no bytes
};

/// Finds and reads what is to be linted: named files always, folders by walking them. Paths are
/// absolute and normalised. Symlinks are not followed while walking, so that no loop is possible
/// and each file is met once; a named symlink is.
Discovered discover(const std::vector<std::string>& paths, const DiscoverOptions& options);

}  // namespace preflint::project
