#include "project/upkeep.h"

#include <algorithm>
#include <string_view>

#include "model/value.h"

namespace preflint::project {
namespace {

bool upkeep_folder(std::string_view name) {
  for (const std::string_view folder : {".github", ".gitlab", ".circleci", ".ci", ".buildkite", ".devcontainer", ".dev_scripts", "docs",
                                        "doc", "docker", "tests", "external_modules", "thirdparty", "3rdparty"}) {
    if (name == folder) return true;
  }
  return false;
}

bool names_platform(std::string_view text, const catalog::Profile& profile) {
  const auto holds = [&](const std::string& mark) { return mark.size() > 1 && text.find(mark) != std::string_view::npos; };
  if (holds(profile.network.hook_file) || holds(profile.panel.directory)) return true;
  return std::any_of(profile.storage.tiers.begin(), profile.storage.tiers.end(), [&](const catalog::Tier& tier) {
    return holds(tier.path) || std::any_of(tier.aliases.begin(), tier.aliases.end(), holds);
  });
}

/// A folder that is published by itself.
bool own_project(const std::string& folder, const Reader& reader) {
  const auto any = [&](std::initializer_list<const char*> names) {
    return std::any_of(names.begin(), names.end(), [&](const char* name) { return reader.exists(folder + "/" + name); });
  };
  return any({"LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING"}) &&
         any({"setup.py", "pyproject.toml", "setup.cfg", "package.json"});
}

}  // namespace

bool kept_for_others(const File& file, const std::string& root, const catalog::Profile& profile, const Reader& reader) {
  const std::string& path = file.path;
  if (!paths::under(path, root) || path.size() <= root.size()) return false;
  bool others = false;
  for (size_t at = path.find('/', root.size() + 1); at != std::string::npos && !others; at = path.find('/', at + 1)) {
    const size_t begin = path.rfind('/', at - 1) + 1;
    others = upkeep_folder(std::string_view(path).substr(begin, at - begin)) || own_project(path.substr(0, at), reader);
  }
  return others && !names_platform(file.bytes, profile);
}

}  // namespace preflint::project
