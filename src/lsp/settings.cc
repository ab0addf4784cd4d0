#include "lsp/settings.h"

#include "model/value.h"

namespace preflint::lsp {
namespace {

std::vector<std::string> strings(const Json& list) {
  std::vector<std::string> out;
  if (!list.is_array()) return out;
  for (const Json& item : list) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

std::string absolute(const std::string& path, const std::string& folder) {
  if (path.empty() || path.starts_with('/')) return path;
  return paths::normalise(folder + "/" + path);
}

}  // namespace

Settings read_settings(const Json& json, const std::string& folder) {
  Settings out;
  out.choice.config = absolute(string_at(json, "config"), folder);
  const std::string profile = string_at(json, "profile");
  out.choice.profile = profile.find('/') == std::string::npos ? profile : absolute(profile, folder);
  out.choice.select = strings(member(json, "select"));
  out.choice.extend_select = strings(member(json, "extendSelect"));
  out.choice.ignore = strings(member(json, "ignore"));
  const std::string severity = string_at(json, "severity");
  if (severity == "info") out.floor = Severity::info;
  if (severity == "error") out.floor = Severity::error;
  const std::string language = string_at(json, "language");
  if (language == "en") out.language = Language::en;
  if (language == "zh") out.language = Language::zh;
  const Json& enable = member(json, "enable");
  out.enable = !enable.is_boolean() || enable.get<bool>();
  const Json& workspace = member(json, "workspace");
  out.workspace = !workspace.is_boolean() || workspace.get<bool>();
  return out;
}

}  // namespace preflint::lsp
