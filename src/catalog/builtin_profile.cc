// Linked with the generated tables and not with the rest of the catalogue, which the generator
// itself needs before they exist.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <mutex>

#include "catalog/builtin.h"
#include "catalog/profile_loader.h"
#include "catalog/suggest.h"

namespace preflint::catalog {
namespace {

constexpr std::string_view kSuffix = ".yaml";

/// Profiles that were asked for once; they live as long as the program.
struct Cache {
  std::mutex mutex;
  std::map<std::string, std::unique_ptr<const Profile>, std::less<>> profiles;
};

Cache& cache() {
  static Cache instance;
  return instance;
}

Result<Profile> load(std::string_view name, int depth) {
  Result<Document> document = builtin_document(std::string(name) + std::string(kSuffix));
  if (!document || depth > 4) {
    const std::vector<std::string> names = builtin_profiles();
    const Sentence near = suggestion(name, {names.begin(), names.end()});
    return Error{fmt::format("no profile is called '{}'{}", name, near.en), std::nullopt,
                 fmt::format("没有名为 '{}' 的 profile{}", name, near.zh)};
  }
  LoadedProfile loaded = load_profile(
      *document, name, [depth](std::string_view base) { return load(base, depth + 1); });
  if (!loaded.errors.empty()) return loaded.errors.front();
  return std::move(loaded.profile);
}

}  // namespace

std::vector<std::string> builtin_profiles() {
  std::vector<std::string> names;
  for (const std::string_view file : builtin_documents()) {
    if (file.find('/') == std::string_view::npos) {
      names.emplace_back(file.substr(0, file.size() - kSuffix.size()));
    }
  }
  return names;
}

Result<const Profile*> builtin_profile(std::string_view name) {
  Cache& kept = cache();
  const std::lock_guard lock(kept.mutex);
  const auto it = kept.profiles.find(name);
  if (it != kept.profiles.end()) return it->second.get();
  Result<Profile> profile = load(name, 0);
  if (!profile) return profile.error();
  auto owned = std::make_unique<const Profile>(*std::move(profile));
  const Profile* result = owned.get();
  kept.profiles.emplace(name, std::move(owned));
  return result;
}

}  // namespace preflint::catalog
