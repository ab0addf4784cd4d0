#include "project/git_folder.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "project/read_bytes.h"

namespace preflint::project {
namespace {

constexpr size_t kMaxConfig = 1 << 20;
constexpr int kMaxIncludes = 5;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string first_line(const std::string& file) {
  const ReadBytes read = read_bytes(file, kMaxConfig);
  if (read.trouble) return {};
  return std::string(trimmed(std::string_view(read.bytes).substr(0, read.bytes.find('\n'))));
}

std::string beside(const std::string& folder, const std::string& path) {
  return path.starts_with('/') ? path : folder + "/" + path;
}

std::string expanded(const std::string& path, const std::string& folder) {
  if (path.starts_with("~/")) return environment("HOME") + path.substr(1);
  return beside(folder, path);
}

/// A value as git writes it: quotes, backslashes, a comment after it.
std::string unquoted(std::string_view value) {
  std::string out;
  bool quoted = false;
  for (size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    if (c == '"')
      quoted = !quoted;
    else if (c == '\\' && at + 1 < value.size())
      out += value[++at];
    else if (!quoted && (c == '#' || c == ';'))
      break;
    else
      out += c;
  }
  return std::string(trimmed(out));
}

/// Sets `found` to the last core.excludesFile that a configuration file and those it includes
/// state.
void read_config(const std::string& file, int depth, std::string& found) {
  const ReadBytes read = read_bytes(file, kMaxConfig);
  if (read.trouble || depth > kMaxIncludes) return;
  const std::string folder = file.substr(0, file.rfind('/'));
  std::string_view text = read.bytes;
  std::string section;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.starts_with('[')) {
      const size_t close = line.find(']');
      section = lower(trimmed(line.substr(1, close == std::string_view::npos ? close : close - 1)));
      line = close == std::string_view::npos ? "" : trimmed(line.substr(close + 1));
    }
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string key = lower(trimmed(line.substr(0, equals)));
    if (section == "core" && key == "excludesfile") {
      found = expanded(unquoted(trimmed(line.substr(equals + 1))), folder);
    } else if (section == "include" && key == "path") {
      read_config(expanded(unquoted(trimmed(line.substr(equals + 1))), folder), depth + 1, found);
    }
  }
}

}  // namespace

std::string git_folder(const std::string& root) {
  std::string own = root == "/" ? "/.git" : root + "/.git";
  const std::string pointer = first_line(own);  // empty when it is a folder
  if (!pointer.starts_with("gitdir:")) return own;
  const std::string linked =
      beside(root, std::string(trimmed(std::string_view(pointer).substr(7))));
  const std::string common = first_line(linked + "/commondir");
  return common.empty() ? linked : beside(linked, common);
}

std::string user_excludes_file(const std::string& root) {
  const std::string home = environment("HOME");
  std::string settings = environment("XDG_CONFIG_HOME");
  if (settings.empty() && !home.empty()) settings = home + "/.config";
  std::string found = settings.empty() ? "" : settings + "/git/ignore";
  if (environment("GIT_CONFIG_NOSYSTEM").empty()) {
    const std::string system = environment("GIT_CONFIG_SYSTEM");
    read_config(system.empty() ? "/etc/gitconfig" : system, 0, found);
  }
  if (const std::string global = environment("GIT_CONFIG_GLOBAL"); !global.empty()) {
    read_config(global, 0, found);
  } else {
    if (!settings.empty()) read_config(settings + "/git/config", 0, found);
    if (!home.empty()) read_config(home + "/.gitconfig", 0, found);
  }
  read_config(git_folder(root) + "/config", 0, found);
  return found;
}

}  // namespace preflint::project
