#include "project/file_kind.h"

#include <algorithm>
#include <array>

namespace preflint::project {
namespace {

template <size_t N>
bool any(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 14> kShellNames = {
    ".bashrc",  ".bash_profile", ".bash_login", ".bash_logout", ".bash_aliases",
    ".profile", ".zshrc",        ".zshenv",     ".zprofile",    ".zlogin",
    ".zlogout", ".kshrc",        ".envrc",      "bashrc"};
constexpr std::array<std::string_view, 6> kShellEnds = {".sh",  ".bash",        ".zsh",
                                                        ".ksh", ".sh.template", ".bash.template"};
constexpr std::array<std::string_view, 9> kShells = {"sh",  "bash", "dash",  "ash",  "zsh",
                                                     "ksh", "mksh", "ksh93", "rbash"};

std::string_view take_component(std::string_view& path) {
  const size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  path = slash == std::string_view::npos ? "" : path.substr(0, slash);
  return name;
}

bool requirements(std::string_view name, std::string_view folder) {
  const bool text = name.ends_with(".txt");
  if (!text && !name.ends_with(".in")) return false;
  if (name.find("requirements") != std::string_view::npos || name.starts_with("constraints"))
    return true;
  return folder == "requirements";
}

/// make reads it, whatever its first line says.
bool makefile(std::string_view name) {
  if (name.size() > 3 && name.ends_with(".mk")) return true;
  for (const std::string_view usual : {"Makefile", "makefile", "GNUmakefile"}) {
    if (!name.starts_with(usual)) continue;
    const std::string_view rest = name.substr(usual.size());
    if (rest.empty() || rest[0] == '.' || rest[0] == '-' || rest[0] == '_') return true;
  }
  return false;
}

bool conda_environment(std::string_view name) {
  return name.starts_with("environment") && (name.ends_with(".yml") || name.ends_with(".yaml"));
}

}  // namespace

std::optional<FileKind> kind_by_name(std::string_view path) {
  const std::string_view name = take_component(path);
  const std::string_view folder = take_component(path);
  const auto ends = [&](std::string_view end) {
    return name.size() > end.size() && name.ends_with(end);
  };
  if (ends(".py") || ends(".pyw")) return FileKind::python;
  if (std::any_of(kShellEnds.begin(), kShellEnds.end(), ends) || any(kShellNames, name))
    return FileKind::shell;
  if (ends(".ipynb")) return FileKind::notebook;
  if (requirements(name, folder)) return FileKind::requirements;
  if (name == "pyproject.toml") return FileKind::pyproject;
  if (name == "setup.cfg") return FileKind::setup_cfg;
  if (conda_environment(name)) return FileKind::conda_environment;
  if (name == "ssh_config" || (name == "config" && (folder == ".ssh" || folder == "ssh")))
    return FileKind::ssh_config;
  if (makefile(name)) return FileKind::other;
  return std::nullopt;
}

std::optional<FileKind> kind_by_shebang(std::string_view start) {
  if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
  if (!start.starts_with("#!")) return std::nullopt;
  start = start.substr(2, start.find_first_of("\r\n") - 2);
  const auto word = [&] {
    const size_t begin = std::min(start.find_first_not_of(" \t"), start.size());
    const size_t end = std::min(start.find_first_of(" \t", begin), start.size());
    const std::string_view found = start.substr(begin, end - begin);
    start.remove_prefix(end);
    return found;
  };
  std::string_view program = word();
  program = take_component(program);
  if (program == "env") {
    // `env -S prog args`, `env -i A=b prog`
    do program = word();
    while (program.starts_with('-') || program.find('=') != std::string_view::npos);
    program = take_component(program);
  }
  if (any(kShells, program)) return FileKind::shell;
  if (program.starts_with("python") || program.starts_with("pypy")) return FileKind::python;
  return std::nullopt;
}

bool has_extension(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot != std::string_view::npos && dot > 0;
}

}  // namespace preflint::project
