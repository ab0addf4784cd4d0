#include "project/own_machine.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "catalog/config.h"
#include "catalog/profile.h"

namespace preflint::project {
namespace {

bool elsewhere(std::string_view path, const Context& context) {
  const bool candidate =
      path.starts_with("/home/") || path.starts_with("/mnt/") || path.starts_with("/Users/");
  if (!candidate) return false;
  const catalog::Tier* tier = context.profile().tier_of(path);
  if (tier && tier->path != "/") return false;
  const auto& own = context.config().durable.extra;
  return std::none_of(own.begin(), own.end(),
                      [&](const std::string& folder) { return paths::under(path, folder); });
}

}  // namespace

bool launched_elsewhere(const Context& context, const shell::CommandEvent& event) {
  return std::any_of(
      event.arguments.begin(), event.arguments.end(), [&](const shell::Argument& argument) {
        const std::vector<std::string> texts = argument.value.constants();
        return !texts.empty() &&
               std::all_of(texts.begin(), texts.end(), [&](const std::string& text) {
                 const size_t equals = text.starts_with("-") ? text.find('=') : std::string::npos;
                 return elsewhere(
                     std::string_view(text).substr(equals == std::string::npos ? 0 : equals + 1),
                     context);
               });
      });
}

}  // namespace preflint::project
