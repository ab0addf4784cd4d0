#include "catalog/profile.h"

#include <algorithm>

#include "base/path.h"
#include "base/text.h"
#include "base/wildcard.h"

namespace preflint::catalog {
namespace {

/// Places where something else is usually mounted: what lies there is not known to be the system
/// disk.
constexpr std::string_view kMountPoints[] = {"/dev", "/proc", "/sys", "/run", "/mnt", "/media"};

}  // namespace

const Tier* Profile::tier_of(std::string_view path) const {
  const Tier* best = nullptr;
  size_t longest = 0;
  for (const Tier& tier : storage.tiers) {
    const auto consider = [&](std::string_view root) {
      if (!root.empty() && below(path, root) && root.size() > longest) {
        best = &tier;
        longest = root.size();
      }
    };
    consider(tier.path);
    for (const std::string& alias : tier.aliases) consider(alias);
  }
  if (longest == 1 && std::any_of(std::begin(kMountPoints), std::end(kMountPoints),
                                  [&](std::string_view mount) { return below(path, mount); })) {
    return nullptr;
  }
  return best;
}

const Tier* Profile::tier(std::string_view wanted) const {
  if (wanted == "durable") return durable_tier();
  const auto it = std::find_if(storage.tiers.begin(), storage.tiers.end(),
                               [&](const Tier& tier) { return tier.name == wanted; });
  return it == storage.tiers.end() ? nullptr : &*it;
}

const Tier* Profile::durable_tier() const {
  const auto it = std::find_if(storage.tiers.begin(), storage.tiers.end(),
                               [](const Tier& tier) { return tier.durable; });
  return it == storage.tiers.end() ? nullptr : &*it;
}

const Tier* Profile::data_tier() const { return tier("data"); }
const Tier* Profile::system_tier() const { return tier("system"); }

bool Profile::host_in(std::string_view host, const std::vector<std::string>& patterns) {
  const auto fits = [](std::string_view text, std::string_view pattern) {
    const auto same = [](std::string_view wanted, size_t& at, char c) {
      return lower(wanted[at++]) == lower(c);
    };
    return fits_wildcard(pattern, text, same);
  };
  return std::any_of(patterns.begin(), patterns.end(), [&](std::string_view pattern) {
    if (fits(host, pattern)) return true;
    if (pattern.starts_with("*.")) return fits(host, pattern.substr(2));
    // A host's subdomains belong to it.
    return host.size() > pattern.size() + 1 && host[host.size() - pattern.size() - 1] == '.' &&
           fits(host.substr(host.size() - pattern.size()), pattern);
  });
}

}  // namespace preflint::catalog
