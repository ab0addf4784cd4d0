#include <algorithm>
#include <string_view>

#include "catalog/profile.h"
#include "project/context.h"
#include "project/dependencies.h"
#include "project/left_out.h"
#include "project/list_purpose.h"

namespace preflint::checks {
namespace {

// Lines of a file that are each told; more than these have one cause.
constexpr size_t kFew = 3;

/// `file:///root/autodl-fs/wheels/…`: it was put where every box of its tenant finds it.
bool on_durable_tier(const catalog::Profile& profile, std::string_view file) {
  return std::any_of(
      profile.storage.tiers.begin(), profile.storage.tiers.end(),
      [&](const auto& tier) { return tier.durable && paths::under(file, tier.path); });
}

}  // namespace

void file_url_requirement(project::Context& context) {
  const auto& dependencies = context.shared<project::Dependencies>();
  for (const project::DependencyFile& file : dependencies.files()) {
    if (dependencies.recorded(file.file->path)) continue;
    std::vector<const project::Dependency*> found;
    for (const project::Dependency& entry : file.entries) {
      const std::string_view path = entry.requirement.file();
      if (!path.empty() && !(entry.line && entry.line->kind == req::LineKind::editable) &&
          !on_durable_tier(context.profile(), path) &&
          !context.shared<project::LeftOut>().holds(file, entry))
        found.push_back(&entry);
    }
    // A list that was frozen as a whole is one mistake, however long it is.
    const bool frozen = found.size() > kFew;
    const bool aside = !found.empty() && (project::left_aside(context, file) ||
                                          project::record_of_environment(context, file));
    for (const project::Dependency* entry : found) {
      const std::string& url = entry->requirement.url;
      Finding& finding = context.report(entry->source, entry->span);
      if (aside) finding.severity = Severity::info;
      finding.arguments = {{"package", entry->requirement.name},
                           {"url", url.substr(0, url.find('#'))}};
      if (!frozen) continue;
      finding.message = "frozen";
      finding.arguments["more"] = std::to_string(found.size() - 1);
      break;
    }
  }
}

}  // namespace preflint::checks
