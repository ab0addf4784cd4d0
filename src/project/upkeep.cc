#include "project/upkeep.h"

#include <algorithm>
#include <string_view>

#include "model/value.h"

namespace preflint::project {
namespace {

bool upkeep_folder(std::string_view name) {
  for (const std::string_view folder :
       {".github", ".gitlab", ".circleci", ".ci", "ci", ".buildkite", ".devcontainer",
        ".dev_scripts", "docs", "doc", "docker", "tests", "external_modules", "thirdparty",
        "3rdparty"}) {
    if (name == folder) return true;
  }
  return false;
}

}  // namespace

bool names_platform(std::string_view text, const catalog::Profile& profile) {
  const auto holds = [&](const std::string& mark) {
    return mark.size() > 1 && text.find(mark) != std::string_view::npos;
  };
  if (holds(profile.network.hook_file) || holds(profile.panel.directory)) return true;
  return std::any_of(
      profile.storage.tiers.begin(), profile.storage.tiers.end(), [&](const catalog::Tier& tier) {
        return holds(tier.path) || std::any_of(tier.aliases.begin(), tier.aliases.end(), holds);
      });
}

namespace {

/// A folder that is published by itself.
bool own_project(const std::string& folder, const Reader& reader) {
  const auto any = [&](std::initializer_list<const char*> names) {
    return std::any_of(names.begin(), names.end(),
                       [&](const char* name) { return reader.exists(folder + "/" + name); });
  };
  return any({"LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING"}) &&
         any({"setup.py", "pyproject.toml", "setup.cfg", "package.json"});
}

/// Requirements for a machine of another kind, or for work on the code.
bool other_requirements(const File& file) {
  if (file.kind != FileKind::requirements) return false;
  const std::string name = paths::basename(file.path);
  for (size_t at = 0; at < name.size();) {
    const size_t end = std::min(name.find_first_of("-_.", at), name.size());
    const std::string_view word = std::string_view(name).substr(at, end - at);
    for (const std::string_view other :
         {"cpu", "windows", "win", "mac", "macos", "osx", "mps", "rocm", "npu", "ascend", "tpu",
          "docs", "test", "tests", "ci"}) {
      if (word == other) return true;
    }
    at = end + 1;
  }
  return false;
}

/// A notebook of a published library that shows how to use it.
bool example_notebook(const File& file, const std::string& root, const Reader& reader) {
  if (file.kind != FileKind::notebook || !own_project(root, reader)) return false;
  const std::string inner = file.path.substr(root.size());
  return inner.find("/examples/") != std::string::npos ||
         inner.find("/tutorials/") != std::string::npos;
}

/// A shell script deep inside a Python package: what the package's authors keep there for
/// themselves.
bool inside_package(const File& file, const std::string& root, const Reader& reader) {
  if (file.kind != FileKind::shell) return false;
  int between = 0;
  for (std::string folder = paths::dirname(file.path); folder.size() > root.size();
       folder = paths::dirname(folder), ++between) {
    if (between >= 2 && reader.exists(folder + "/__init__.py")) return true;
  }
  return false;
}

/// A Space of the Hugging Face Hub: its README says what runs it.
bool hub_space(const std::string& folder, const Reader& reader) {
  const auto readme = reader.open(folder + "/README.md");
  return readme && readme->bytes.starts_with("---") &&
         readme->bytes.find("\nsdk: ") != std::string::npos;
}

/// What a container starts with, or a kernel that is pushed to Kaggle.
bool own_start(const std::string& path, const std::string& root, const Reader& reader) {
  const std::string folder = paths::dirname(path), name = paths::basename(path);
  if (reader.exists(folder + "/kernel-metadata.json")) return true;
  const bool named = name.starts_with("docker-") || name.find("entrypoint") != std::string::npos ||
                     name.find("entry_point") != std::string::npos;
  return named && name.ends_with(".sh") &&
         (reader.exists(folder + "/Dockerfile") || reader.exists(root + "/Dockerfile"));
}

}  // namespace

bool meant_for_platform(std::string_view text, const catalog::Profile& profile) {
  const auto says = [&](const std::string& name) {
    return !name.empty() && text.find(name) != std::string_view::npos;
  };
  return names_platform(text, profile) || says(profile.name) || says(profile.title);
}

bool kept_for_others(const File& file, const std::string& root, const catalog::Profile& profile,
                     const Reader& reader) {
  const std::string& path = file.path;
  if (!paths::under(path, root) || path.size() <= root.size()) return false;
  bool others = own_start(path, root, reader) || example_notebook(file, root, reader) ||
                other_requirements(file) || inside_package(file, root, reader) ||
                hub_space(paths::dirname(path), reader);
  for (size_t at = path.find('/', root.size() + 1); at != std::string::npos && !others;
       at = path.find('/', at + 1)) {
    const size_t begin = path.rfind('/', at - 1) + 1;
    others = upkeep_folder(std::string_view(path).substr(begin, at - begin)) ||
             own_project(path.substr(0, at), reader);
  }
  return others && !names_platform(file.bytes, profile);
}

}  // namespace preflint::project
