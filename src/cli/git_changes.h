#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace preflint::cli {

/// Lines that git says are new or different, by the path of their file. Counted from 1, ends
/// included; lines end at a newline only, as git has it.
class GitChanges {
 public:
  /// Everything between a revision and the files as they lie there, files that git does not know
  /// and does not ignore included. `folder` is any folder of the repository.
  static Result<GitChanges> since(const std::string& revision, const std::string& folder);
  /// What `git diff -U0` has printed, in a repository at `top`.
  static GitChanges of_diff(const std::string& text, const std::string& top);

  bool file(const std::string& path) const;  // has it changed at all?
  bool lines(const std::string& path, uint32_t first, uint32_t last) const;
  /// The changed lines of a file, as [first, last].
  std::vector<std::pair<uint32_t, uint32_t>> of(const std::string& path) const;
  void merge(GitChanges other);
  /// Says what is changed in a file, instead: of contents that a fix has made of it.
  void set(const std::string& path, std::vector<std::pair<uint32_t, uint32_t>> lines);

 private:
  std::map<std::string, std::vector<std::pair<uint32_t, uint32_t>>> lines_;
};

}  // namespace preflint::cli
