#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace preflint::generate {

/// The text of a file; nothing when it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& path);
/// Writes a file only when its text changes, so that nothing is compiled again without need.
bool write_if_changed(const std::filesystem::path& path, const std::string& text);

/// The mistakes found so far, each as one line that editors and terminals can follow.
class Problems {
 public:
  explicit Problems(std::filesystem::path root) : root_(std::move(root)) {}
  void add(const std::filesystem::path& path, std::string_view message);
  void add(const std::filesystem::path& path, std::string_view text, const Error& error);
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::string relative(const std::filesystem::path& path) const;
  std::filesystem::path root_;
  std::vector<std::string> lines_;
};

/// Files with an extension below a folder, sorted.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder,
                                               std::string_view extension);

/// A check's source together with those of our own files that it includes and their .cc: where the
/// arguments of its messages are filled in.
std::string with_helpers(const std::filesystem::path& source_root, const std::string& text);

}  // namespace preflint::generate
