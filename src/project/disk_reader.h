#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "project/read_bytes.h"
#include "project/reader.h"

namespace preflint::project {

constexpr size_t kMaxSourceBytes = size_t{16} << 20;
constexpr size_t kMaxNotebookBytes = size_t{64} << 20;  // pictures in outputs make them large

size_t size_limit(FileKind kind);

/// Reads files below one root. What a symlink inside the root points to outside it is not there for
/// this reader. Each file is read once.
class DiskReader final : public Reader {
 public:
  /// `root` is absolute and normalised; it may itself be reached through symlinks.
  explicit DiskReader(const std::string& root);

  std::shared_ptr<const File> open(const std::string& path) const override;
  bool exists(const std::string& path) const override;
  bool directory(const std::string& path) const override;
  std::vector<std::string> names(const std::string& folder) const override;

  /// Makes a file that is already in memory the one under its path: standard input, or one that was
  /// read while walking.
  void adopt(std::shared_ptr<const File> file);

 private:
  bool confined(const std::string& path) const;
  std::string root_, real_root_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::shared_ptr<const File>> files_;
};

}  // namespace preflint::project
