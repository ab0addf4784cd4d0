#include <set>

#include "catalog/profile.h"
#include "project/artefacts.h"
#include "project/keeping.h"

namespace preflint::checks {

using project::Artefact;
using project::Run;
using shell::CommandEvent;

namespace {

bool looks_at_inodes(const CommandEvent& event) {
  if (event.name == "stat") return event.has_option("-f") || event.has_option("--file-system");
  if (event.name != "df") return false;
  if (event.has_option("-i") || event.has_option("--inodes")) return true;
  for (const shell::Argument& argument : event.arguments) {
    const std::string shown = argument.value.display();
    if (shown.starts_with("--output") &&
        (shown.find('=') == std::string::npos || shown.find("=i") != std::string::npos ||
         shown.find(",i") != std::string::npos))
      return true;
  }
  return false;
}

bool writes(const Artefact& artefact) {
  switch (artefact.kind) {
    case Artefact::removal:
      return false;
    case Artefact::copy:
      return !artefact.off_box && !artefact.pulled;
    default:
      return true;
  }
}

}  // namespace

void space_check_without_inodes(project::Context& context) {
  for (const Run* root : project::entries(context.program())) {
    std::vector<std::pair<const Run*, const CommandEvent*>> checks;
    bool inodes = false;
    const catalog::Tier* capped = nullptr;
    project::each_run_below(*root, [&](const Run& run) {
      for (const Artefact& artefact : context.artefacts(run)) {
        if (writes(artefact) && artefact.tier() && artefact.tier()->inodes)
          capped = artefact.tier();
      }
      if (!run.shell) return;
      for (const CommandEvent& event : run.shell->commands) {
        if (looks_at_inodes(event))
          inodes = true;
        else if (event.name == "df" && project::applies(project::Where::instance, run) &&
                 !event.uncalled())
          checks.emplace_back(&run, &event);
      }
    });
    if (inodes || !capped) continue;
    std::set<const Unit*> said;
    for (const auto& [run, event] : checks) {
      if (!said.insert(event->unit).second) continue;
      Finding& finding = context.report(*run, *event);
      finding.arguments = {{"tier", capped->path}, {"inodes", std::to_string(*capped->inodes)}};
      if (event->unit->embedding != Embedding::file) continue;
      // A line of its own before the one that holds the check, unless that one continues another.
      const std::string_view text = event->unit->source.text();
      size_t line = text.rfind('\n', event->span.begin);
      line = line == std::string_view::npos ? 0 : line + 1;
      const size_t before =
          line >= 2 ? text.find_last_not_of(" \t\r", line - 2) : std::string_view::npos;
      if (before != std::string_view::npos && (text[before] == '\\' || text[before] == '|' ||
                                               text[before] == '&' || text[before] == '('))
        continue;
      const size_t code = text.find_first_not_of(" \t", line);
      context.edit(finding, *event->unit,
                   {static_cast<uint32_t>(line), static_cast<uint32_t>(line)},
                   std::string(text.substr(line, code - line)) + "df -i " + capped->path + "\n");
    }
  }
}

}  // namespace preflint::checks
