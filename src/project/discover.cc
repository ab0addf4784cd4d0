#include "project/discover.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>

#include "project/disk_reader.h"
#include "project/file_kind.h"
#include "project/gitignore.h"
#include "project/parallel.h"

namespace preflint::project {
namespace {

constexpr std::array<std::string_view, 22> kSkippedFolders = {".git",          ".hg",
                                                              ".svn",          "node_modules",
                                                              "site-packages", ".venv",
                                                              "venv",          "build",
                                                              "dist",          "wandb",
                                                              "third_party",   "vendor",
                                                              "__pycache__",   ".ipynb_checkpoints",
                                                              ".tox",          ".nox",
                                                              ".eggs",         ".mypy_cache",
                                                              ".ruff_cache",   ".pytest_cache",
                                                              ".pixi",         "_build"};
constexpr size_t kShebangBytes = 256;

/// A file to read, of a kind that is known or that its first bytes tell.
struct Candidate {
  std::string path;
  std::optional<FileKind> kind;
  bool named = false;
};

struct Folder {
  std::string path;
  std::shared_ptr<const IgnoreScope> scope;
  bool named = false;
};

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

struct Entry {
  std::string name;
  unsigned char type;
};

std::string below(const std::string& folder, const std::string& name) {
  return folder == "/" ? folder + name : folder + "/" + name;
}

/// Walks folders with a stack of its own: depth is the file system's, not ours.
class Walker {
 public:
  Walker(const DiscoverOptions& options, Discovered& found, std::vector<Candidate>& candidates)
      : options_(options), found_(found), candidates_(candidates) {}

  void walk(const std::string& root) {
    std::vector<Folder> stack;
    const size_t slash = root.rfind('/');
    const std::string parent = slash == 0 ? "/" : root.substr(0, slash);
    stack.push_back({root, options_.respect_gitignore ? ignore_scope_of(parent) : nullptr, true});
    while (!stack.empty()) {
      Folder folder = std::move(stack.back());
      stack.pop_back();
      enter(std::move(folder), stack);
    }
  }

 private:
  void enter(Folder folder, std::vector<Folder>& stack) {
    const int fd = ::open(folder.path.c_str(),
                          O_RDONLY | O_DIRECTORY | O_CLOEXEC | (folder.named ? 0 : O_NOFOLLOW));
    const std::unique_ptr<DIR, DirectoryCloser> directory(fd < 0 ? nullptr : ::fdopendir(fd));
    if (!directory) {
      const Trouble trouble = trouble_of(errno);
      if (fd >= 0) ::close(fd);
      found_.unreadable.push_back({folder.path, trouble});
      return;
    }
    std::vector<Entry> entries;
    bool has_ignore_file = false, has_git = false;
    while (const dirent* next = ::readdir(directory.get())) {
      const std::string_view name = next->d_name;
      if (name == "." || name == "..") continue;
      has_ignore_file |= name == ".gitignore";
      has_git |= name == ".git";
      entries.push_back({std::string(name), next->d_type});
    }
    if (options_.respect_gitignore) {
      folder.scope =
          ignore_scope_below(std::move(folder.scope), folder.path, has_ignore_file, has_git);
    }
    for (const Entry& entry : entries) visit(folder, entry, fd, stack);
  }

  void visit(const Folder& folder, const Entry& entry, int fd, std::vector<Folder>& stack) {
    unsigned char type = entry.type;
    struct stat status;
    const auto look = [&] {
      return ::fstatat(fd, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    };
    if (type == DT_UNKNOWN && look()) {
      type = S_ISDIR(status.st_mode) ? DT_DIR : S_ISREG(status.st_mode) ? DT_REG : DT_LNK;
    }
    const bool is_folder = type == DT_DIR;
    if (is_folder && std::find(kSkippedFolders.begin(), kSkippedFolders.end(), entry.name) !=
                         kSkippedFolders.end())
      return;
    std::optional<FileKind> kind;
    if (!is_folder) {
      ++found_.files_seen;
      kind = kind_by_name(below(folder.path, entry.name));
      if (kind == FileKind::other) return;
      // A FIFO or device under a script's name gets a finding; everything else special is passed
      // over.
      if (type != DT_REG && (type == DT_LNK || !kind)) return;
      if (!kind && has_extension(entry.name) && (!look() || (status.st_mode & 0111) == 0)) return;
    }
    std::string path = below(folder.path, entry.name);
    if (IgnoreScope::ignored(folder.scope.get(), path, is_folder)) return;
    if (options_.excluded && options_.excluded(path, is_folder)) return;
    if (is_folder)
      stack.push_back({std::move(path), folder.scope, false});
    else
      candidates_.push_back({std::move(path), kind, false});
  }

  const DiscoverOptions& options_;
  Discovered& found_;
  std::vector<Candidate>& candidates_;
};

/// What became of a candidate.
struct Outcome {
  std::shared_ptr<const File> file;
  std::optional<Trouble> trouble;
};

Outcome read(const Candidate& candidate) {
  std::optional<FileKind> kind = candidate.kind;
  if (!kind) {
    const ReadBytes start = read_start(candidate.path, kShebangBytes);
    if (start.trouble) {
      // What cannot be looked at and is no script by name is nobody's loss, unless it was asked
      // for.
      return {nullptr, candidate.named ? start.trouble : std::nullopt};
    }
    kind = kind_by_shebang(start.bytes);
    if (!kind) return {};
  }
  if (kind == FileKind::other) return {};
  ReadBytes whole = read_bytes(candidate.path, size_limit(*kind));
  if (stands_for_another(whole.bytes)) return {};
  if (!whole.trouble) whole.trouble = not_text(whole.bytes);
  if (whole.trouble == Trouble::utf16 && *kind == FileKind::requirements) {
    if (auto text = utf8_of_utf16(whole.bytes)) {
      whole.bytes = *std::move(text);
      whole.trouble.reset();
    }
  }
  if (whole.trouble) return {nullptr, whole.trouble};
  return {std::make_shared<const File>(File{candidate.path, *kind, std::move(whole.bytes)}), {}};
}

std::vector<Outcome> read_all(const std::vector<Candidate>& candidates, unsigned threads,
                              bool lean) {
  std::vector<Outcome> outcomes(candidates.size());
  for_each_number(candidates.size(), threads, [&](size_t at) {
    Outcome& outcome = outcomes[at] = read(candidates[at]);
    if (lean && outcome.file)
      outcome.file = std::make_shared<const File>(File{outcome.file->path, outcome.file->kind, {}});
  });
  return outcomes;
}

}  // namespace

Discovered discover(const std::vector<std::string>& paths, const DiscoverOptions& options) {
  Discovered found;
  std::vector<Candidate> candidates;
  Walker walker(options, found, candidates);
  for (const std::string& path : paths) {
    struct stat status;
    if (::stat(path.c_str(), &status) != 0) {
      if (errno == ENOENT || errno == ENOTDIR)
        found.missing.push_back(path);
      else
        found.unreadable.push_back({path, trouble_of(errno)});
    } else if (S_ISDIR(status.st_mode)) {
      walker.walk(path);
    } else {
      candidates.push_back({path, kind_by_name(path), true});
    }
  }
  // Named before walked under the same path, so that naming a file keeps its force.
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.path != b.path ? a.path < b.path : a.named > b.named;
  });
  candidates.erase(
      std::unique(candidates.begin(), candidates.end(),
                  [](const Candidate& a, const Candidate& b) { return a.path == b.path; }),
      candidates.end());
  found.lean = candidates.size() > options.most_kept;
  std::vector<Outcome> outcomes = read_all(candidates, options.threads, found.lean);
  for (size_t at = 0; at < candidates.size(); ++at) {
    if (outcomes[at].file)
      found.files.push_back(std::move(outcomes[at].file));
    else if (outcomes[at].trouble)
      found.unreadable.push_back({candidates[at].path, *outcomes[at].trouble});
    else if (candidates[at].named)
      found.unknown.push_back(candidates[at].path);
  }
  std::sort(found.unreadable.begin(), found.unreadable.end(),
            [](const Unreadable& a, const Unreadable& b) { return a.path < b.path; });
  return found;
}

}  // namespace preflint::project
