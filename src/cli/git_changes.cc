#include "cli/git_changes.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

extern char** environ;

namespace preflint::cli {
namespace {

constexpr uint32_t kWholeFile = UINT32_MAX;

struct Output {
  int status = -1;
  std::string out, error;
};

std::string drain(int fd) {
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer, static_cast<size_t>(got));
  }
}

/// Runs the git program, never a shell. What it says on stderr goes to a file that has no name, so
/// that no pipe can fill up while the other one is read.
Output git(const std::string& folder, std::vector<std::string> arguments) {
  Output result;
  // Nothing that a repository's own settings name is run.
  std::vector<std::string> all = {"git", "--no-pager",
                                  "-C",  folder,
                                  "-c",  "core.quotePath=false",
                                  "-c",  "core.fsmonitor=false",
                                  "-c",  "core.hooksPath=/dev/null"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& one : all) argv.push_back(one.data());
  argv.push_back(nullptr);
  int out[2];
  if (::pipe2(out, O_CLOEXEC) != 0) return result;
  char name[] = "/tmp/preflint-git-XXXXXX";
  const int errors = ::mkostemp(name, O_CLOEXEC);
  if (errors >= 0) ::unlink(name);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (errors >= 0) ::posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, "git", &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  if (failed == 0) {
    result.out = drain(out[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (errors >= 0 && ::lseek(errors, 0, SEEK_SET) == 0) result.error = drain(errors);
  } else {
    result.error = std::string("git cannot be run: ") + std::strerror(failed);
  }
  ::close(out[0]);
  if (errors >= 0) ::close(errors);
  return result;
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

/// A name as git prints it: between quotes with C's escapes where it must.
std::string unquoted(std::string_view text) {
  if (!text.starts_with('"')) return std::string(text.substr(0, text.find('\t')));
  std::string out;
  for (size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    constexpr std::string_view kLetters = "abfnrtv", kMeant = "\a\b\f\n\r\t\v";
    if (c >= '0' && c <= '3' && i + 2 < text.size()) {
      out += static_cast<char>((c - '0') * 64 + (text[i + 1] - '0') * 8 + (text[i + 2] - '0'));
      i += 2;
    } else {
      const size_t at = kLetters.find(c);
      out += at == std::string_view::npos ? c : kMeant[at];
    }
  }
  return out;
}

/// `begin[,count]` at the start of a text.
std::pair<uint32_t, uint32_t> range(const char* text) {
  char* end = nullptr;
  const auto begin = static_cast<uint32_t>(std::strtoul(text, &end, 10));
  return {begin, *end == ',' ? static_cast<uint32_t>(std::strtoul(end + 1, nullptr, 10)) : 1};
}

Error trouble(const Output& output, const char* otherwise) {
  const std::string said = first_line(output.error);
  return {said.empty() ? otherwise : said, std::nullopt};
}

/// The repository's top folder in the words of whoever named `folder`, which may lie behind a
/// symlink.
Result<std::string> top_of(const std::string& folder) {
  const Output top = git(folder, {"rev-parse", "--show-toplevel"});
  if (top.status != 0) return trouble(top, "this is no git repository");
  const std::string prefix = first_line(git(folder, {"rev-parse", "--show-prefix"}).out);
  const std::string tail = prefix.empty() ? "" : "/" + prefix.substr(0, prefix.size() - 1);
  if (folder.ends_with(tail)) {
    const std::string seen = folder.substr(0, folder.size() - tail.size());
    return seen.empty() ? "/" : seen;
  }
  return first_line(top.out);
}

std::string join(const std::string& folder, const std::string& path) {
  return folder == "/" ? folder + path : folder + "/" + path;
}

}  // namespace

Result<GitChanges> GitChanges::since(const std::string& revision, const std::string& folder) {
  if (revision.starts_with('-'))
    return Error{"'" + revision + "' is no revision", std::nullopt,
                 "'" + revision + "' 不是版本号"};
  const Result<std::string> top = top_of(folder);
  if (!top) return top.error();
  std::string since = revision;
  const bool range = revision.find("..") != std::string::npos;
  if (!range &&
      git(*top, {"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"})
              .status != 0) {
    // Before the first commit everything is new.
    if (revision != "HEAD")
      return Error{"git does not know the revision '" + revision + "'", std::nullopt,
                   "git 中没有版本 '" + revision + "'"};
    since = first_line(git(*top, {"hash-object", "-t", "tree", "/dev/null"}).out);
  }
  const Output diff =
      git(*top, {"diff", "--no-color", "--no-ext-diff", "--no-textconv", "--unified=0",
                 "--find-renames", "--ignore-submodules=all", "--src-prefix=a/", "--dst-prefix=b/",
                 "--end-of-options", since, "--"});
  if (diff.status != 0) return trouble(diff, "git diff failed");
  GitChanges out = of_diff(diff.out, *top);
  const Output others = git(*top, {"ls-files", "--others", "--exclude-standard", "-z"});
  if (others.status != 0) return trouble(others, "git ls-files failed");
  for (size_t at = 0; at < others.out.size();) {
    const size_t end = others.out.find('\0', at);
    out.set(join(*top, others.out.substr(at, end - at)), {{1, kWholeFile}});
    if (end == std::string::npos) break;
    at = end + 1;
  }
  return out;
}

GitChanges GitChanges::of_diff(const std::string& text, const std::string& top) {
  GitChanges out;
  std::string path;
  uint32_t rest = 0;  // lines of the current hunk that are still to come
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line(text.data() + at, end - at);
    at = end + 1;
    // Only the counts tell a file's line `++ x` from a header.
    if (rest > 0 && (line.starts_with('+') || line.starts_with('-'))) {
      --rest;
    } else if (line.starts_with("+++ ")) {
      const std::string name = unquoted(line.substr(4));
      path = name.starts_with("b/") ? join(top, name.substr(2)) : "";
      if (!path.empty()) out.lines_.try_emplace(path);
    } else if (line.starts_with("@@ -")) {
      const size_t plus = line.find(" +");
      if (plus == std::string_view::npos) continue;
      const std::string numbers(line);
      const auto gone = range(numbers.c_str() + 4), come = range(numbers.c_str() + plus + 2);
      rest = gone.second + come.second;
      if (come.second > 0 && !path.empty())
        out.lines_[path].emplace_back(come.first, come.first + come.second - 1);
    }
  }
  return out;
}

bool GitChanges::file(const std::string& path) const { return lines_.contains(path); }

bool GitChanges::lines(const std::string& path, uint32_t first, uint32_t last) const {
  const auto it = lines_.find(path);
  return it != lines_.end() &&
         std::any_of(it->second.begin(), it->second.end(), [&](const auto& range) {
           return range.first <= last && first <= range.second;
         });
}

std::vector<std::pair<uint32_t, uint32_t>> GitChanges::of(const std::string& path) const {
  const auto it = lines_.find(path);
  return it == lines_.end() ? std::vector<std::pair<uint32_t, uint32_t>>() : it->second;
}

void GitChanges::set(const std::string& path, std::vector<std::pair<uint32_t, uint32_t>> lines) {
  lines_[path] = std::move(lines);
}

void GitChanges::merge(GitChanges other) { lines_.merge(other.lines_); }

}  // namespace preflint::cli
