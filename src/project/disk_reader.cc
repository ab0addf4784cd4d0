#include "project/disk_reader.h"

#include <sys/stat.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <filesystem>

#include "base/path.h"
#include "project/file_kind.h"

namespace preflint::project {
namespace {

std::string real(const std::string& path) {
  char resolved[PATH_MAX];
  return ::realpath(path.c_str(), resolved) ? std::string(resolved) : std::string();
}

}  // namespace

size_t size_limit(FileKind kind) {
  return kind == FileKind::notebook ? kMaxNotebookBytes : kMaxSourceBytes;
}

DiskReader::DiskReader(const std::string& root) : root_(root), real_root_(real(root)) {}

std::shared_ptr<const File> DiskReader::open(const std::string& path) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = files_.find(path); known != files_.end()) return known->second;
  }
  std::shared_ptr<const File> file;
  // A path that leaves the root by its own words is not even opened.
  if (!real_root_.empty() && below(path, root_)) {
    const std::optional<FileKind> named = kind_by_name(path);
    ReadBytes read = read_bytes(path, size_limit(named.value_or(FileKind::other)), &real_root_);
    std::optional<Trouble> trouble = read.trouble ? read.trouble : not_text(read.bytes);
    if (trouble == Trouble::utf16 && named == FileKind::requirements) {
      if (auto text = utf8_of_utf16(read.bytes)) {
        read.bytes = *std::move(text);
        trouble.reset();
      }
    }
    if (!trouble && !stands_for_another(read.bytes)) {
      const FileKind kind = named ? *named : kind_by_shebang(read.bytes).value_or(FileKind::other);
      file = std::make_shared<const File>(File{path, kind, std::move(read.bytes)});
    }
  }
  const std::lock_guard lock(mutex_);
  return files_.emplace(path, std::move(file)).first->second;
}

bool DiskReader::confined(const std::string& path) const {
  if (!below(path, root_)) return false;
  const std::string resolved = real(path);
  return !resolved.empty() && !real_root_.empty() && below(resolved, real_root_);
}

bool DiskReader::exists(const std::string& path) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = files_.find(path); known != files_.end() && known->second) return true;
  }
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && confined(path);
}

bool DiskReader::directory(const std::string& path) const {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && confined(path);
}

std::vector<std::string> DiskReader::names(const std::string& folder) const {
  std::vector<std::string> out;
  if (!confined(folder)) return out;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code unknown;
    if (at->is_symlink(unknown)) continue;  // no loop is possible
    out.push_back(at->path().filename().string() + (at->is_directory(unknown) ? "/" : ""));
  }
  std::sort(out.begin(), out.end());
  return out;
}

void DiskReader::adopt(std::shared_ptr<const File> file) {
  const std::lock_guard lock(mutex_);
  files_[file->path] = std::move(file);
}

}  // namespace preflint::project
