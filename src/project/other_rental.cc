#include "project/other_rental.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "catalog/profile.h"
#include "project/guides.h"
#include "project/units.h"

namespace preflint::project {
namespace {

bool of_host(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-'; }

/// Does a text hold a host that fits the pattern: "i-1.gpushare.com" of "i-*.gpushare.com"?
bool holds_host(std::string_view text, const std::string& pattern) {
  const std::string fixed = pattern.substr(pattern.rfind('*') + 1);
  for (size_t at = find_text(text, fixed); at != std::string_view::npos;
       at = find_text(text, fixed, at + 1)) {
    size_t begin = at, end = at + fixed.size();
    while (begin > 0 && of_host(text[begin - 1])) --begin;
    while (end < text.size() && of_host(text[end])) ++end;
    if (catalog::Profile::host_in(text.substr(begin, end - begin), {pattern})) return true;
  }
  return false;
}

bool may_log_in(const File& file) {
  if (file.kind == FileKind::ssh_config) return true;
  if (file.kind != FileKind::shell && file.kind != FileKind::python &&
      file.kind != FileKind::notebook)
    return false;
  for (const std::string_view tool : {"ssh", "scp", "rsync", "sftp", "paramiko"}) {
    if (find_text(file.bytes, tool) != std::string_view::npos) return true;
  }
  return false;
}

/// Does a text call the platform by its name, its address or its hook, not only by its folders
/// ("autodl-tmp")?
bool calls_platform(std::string_view text, const catalog::Profile& profile) {
  if (names_host(text, profile) || (!profile.network.hook_file.empty() &&
                                    find_text(text, profile.network.hook_file) != text.npos))
    return true;
  const std::string name = lower(profile.name), low = lower(text);
  std::vector<std::string> folders;
  for (const catalog::Tier& tier : profile.storage.tiers) {
    folders.push_back(paths::basename(tier.path));
    for (const std::string& alias : tier.aliases) folders.push_back(paths::basename(alias));
  }
  for (size_t at = low.find(name); at != std::string::npos; at = low.find(name, at + 1)) {
    const std::string_view here = std::string_view(low).substr(at);
    if (std::none_of(folders.begin(), folders.end(), [&](const std::string& folder) {
          return folder.size() > name.size() && here.starts_with(folder);
        }))
      return true;
  }
  return false;
}

std::vector<std::string> hosts_of_others(const catalog::Profile& own) {
  std::vector<std::string> out;
  for (const std::string& name : catalog::builtin_profiles()) {
    const auto other = catalog::builtin_profile(name);
    if (name == own.name || !other) continue;
    for (const std::string& host : (*other)->launch.ssh_hosts) {
      if (host.substr(host.rfind('*') + 1).size() > 3) out.push_back(host);
    }
  }
  return out;
}

}  // namespace

OtherRental::OtherRental(const Context& context) {
  const auto& files = context.program().files;
  const catalog::Profile& profile = context.profile();
  if (profile.launch.ssh_hosts.empty()) return;
  std::vector<const File*> logins;
  for (const auto& file : files) {
    if (may_log_in(*file)) logins.push_back(file.get());
  }
  if (logins.empty()) return;
  const std::vector<std::string> hosts = hosts_of_others(profile);
  const bool some = std::any_of(logins.begin(), logins.end(), [&](const File* file) {
    return std::any_of(hosts.begin(), hosts.end(),
                       [&](const std::string& host) { return holds_host(file->bytes, host); });
  });
  if (!some) return;
  const auto calls = [&](const auto& file) {
    return calls_platform(file->path.substr(context.program().root.size()), profile) ||
           calls_platform(file->bytes, profile);
  };
  const auto& guides = context.shared<Guides>().files;
  only = std::none_of(files.begin(), files.end(), calls) &&
         std::none_of(guides.begin(), guides.end(), calls);
}

}  // namespace preflint::project
