#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "syntax/source.h"

namespace preflint::project {

/// The only door to files for everything below `cli` and `lsp`. Paths are absolute and normalised.
/// An implementation caches what it has read: one path gives one File for the life of the reader.
/// It must be safe to call from several threads.
class Reader {
 public:
  virtual ~Reader() = default;
  /// The file, or null when there is none, it is not a regular file, it may not be read (outside
  /// the project, behind a symlink that leaves it) or is past the size limit.
  virtual std::shared_ptr<const File> open(const std::string& path) const = 0;
  virtual bool exists(const std::string& path) const = 0;  // a regular file
  virtual bool directory(const std::string& path) const = 0;
  /// What lies in a folder, by name: files, and folders with a `/` at the end.
  virtual std::vector<std::string> names(const std::string& folder) const = 0;
};

/// Reader::names for files that are kept in memory, by path.
std::vector<std::string> names_in(const std::map<std::string, std::shared_ptr<const File>>& files,
                                  const std::string& folder);

}  // namespace preflint::project
