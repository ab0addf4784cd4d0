#include "project/gitignore.h"

#include <sys/stat.h>

#include "project/git_folder.h"
#include "project/read_bytes.h"
#include "project/wild_match.h"

namespace preflint::project {
namespace {

constexpr size_t kMaxIgnoreFile = 1 << 20;

/// Trailing blanks do not belong to a pattern unless the last one is quoted.
std::string_view without_trailing_spaces(std::string_view line) {
  size_t end = 0;
  for (size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\') {
      ++at;
      end = at + 1;
    } else if (line[at] != ' ') {
      end = at + 1;
    }
  }
  return line.substr(0, end);
}

std::shared_ptr<const IgnoreScope> add(std::shared_ptr<const IgnoreScope> above,
                                       const std::string& folder, const std::string& file) {
  const ReadBytes read = read_bytes(file, kMaxIgnoreFile);
  if (read.trouble) return above;
  IgnorePatterns patterns(read.bytes);
  if (patterns.empty()) return above;
  return std::make_shared<const IgnoreScope>(
      IgnoreScope{std::move(above), folder == "/" ? folder : folder + "/", std::move(patterns)});
}

bool exists(const std::string& path) {
  struct stat status;
  return ::lstat(path.c_str(), &status) == 0;
}

/// The folder's own file. As git does, a symlink in a checkout is not followed for it.
std::shared_ptr<const IgnoreScope> add_own(std::shared_ptr<const IgnoreScope> above,
                                           const std::string& folder) {
  const std::string file = folder + "/.gitignore";
  struct stat status;
  const bool leads_on = ::lstat(file.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
  return leads_on ? above : add(std::move(above), folder, file);
}

std::shared_ptr<const IgnoreScope> repository_scope(const std::string& root) {
  std::shared_ptr<const IgnoreScope> scope;
  if (const std::string file = user_excludes_file(root); !file.empty())
    scope = add(scope, root, file);
  scope = add(std::move(scope), root, git_folder(root) + "/info/exclude");
  if (!scope)
    scope =
        std::make_shared<const IgnoreScope>(IgnoreScope{nullptr, root + "/", IgnorePatterns("")});
  return add_own(std::move(scope), root);
}

}  // namespace

IgnorePatterns::IgnorePatterns(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line[0] == '#') continue;
    line = without_trailing_spaces(line);
    Pattern pattern{};
    if (line.starts_with('!')) {
      pattern.negated = true;
      line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
      pattern.only_directories = true;
      line.remove_suffix(1);
    }
    pattern.whole_path = line.find('/') != std::string_view::npos;
    if (line.starts_with('/')) line.remove_prefix(1);
    if (line.empty()) continue;
    pattern.literal = line.find_first_of("*?[\\") == std::string_view::npos;
    pattern.suffix = !pattern.whole_path && line[0] == '*' &&
                     line.find_first_of("*?[\\", 1) == std::string_view::npos;
    pattern.glob = pattern.suffix ? line.substr(1) : line;
    patterns_.push_back(std::move(pattern));
  }
}

std::optional<bool> IgnorePatterns::ignored(std::string_view path, bool directory) const {
  const size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  for (auto pattern = patterns_.rbegin(); pattern != patterns_.rend(); ++pattern) {
    if (pattern->only_directories && !directory) continue;
    const std::string_view subject = pattern->whole_path ? path : name;
    const bool matches = pattern->literal  ? subject == pattern->glob
                         : pattern->suffix ? subject.ends_with(pattern->glob)
                                           : wild_match(pattern->glob, subject);
    if (matches) return !pattern->negated;
  }
  return std::nullopt;
}

bool IgnoreScope::ignored(const IgnoreScope* scope, std::string_view path, bool directory) {
  for (; scope; scope = scope->above.get()) {
    if (!path.starts_with(scope->folder)) continue;
    if (const auto verdict =
            scope->patterns.ignored(path.substr(scope->folder.size()), directory)) {
      return *verdict;
    }
  }
  return false;
}

std::shared_ptr<const IgnoreScope> ignore_scope_of(const std::string& folder) {
  std::vector<std::string> below;  // from the folder up to the repository's root
  std::string at = folder;
  while (!exists(at == "/" ? "/.git" : at + "/.git")) {
    if (at == "/" || at.empty()) return nullptr;
    below.push_back(at);
    const size_t slash = at.rfind('/');
    at = slash == 0 ? "/" : at.substr(0, slash);
  }
  std::shared_ptr<const IgnoreScope> scope = repository_scope(at);
  for (auto next = below.rbegin(); next != below.rend(); ++next) {
    scope = add_own(std::move(scope), *next);
  }
  return scope;
}

std::shared_ptr<const IgnoreScope> ignore_scope_below(std::shared_ptr<const IgnoreScope> above,
                                                      const std::string& folder,
                                                      bool has_ignore_file, bool has_git) {
  if (has_git) return repository_scope(folder);
  if (!above || !has_ignore_file) return above;
  return add_own(std::move(above), folder);
}

}  // namespace preflint::project
