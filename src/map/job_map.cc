#include "map/job_map.h"

#include <algorithm>

#include "engine/engine.h"
#include "map/forms.h"
#include "model/value.h"
#include "workspace/project.h"

namespace preflint::map {
namespace {

constexpr std::pair<std::string_view, Format> kFormats[] = {{"text", Format::text},
                                                            {"json", Format::json},
                                                            {"mermaid", Format::mermaid},
                                                            {"dot", Format::dot},
                                                            {"html", Format::html}};

/// Does the entry reach something below the paths that were asked for?
bool concerns(const Entry& entry, const workspace::Project& project, const std::string& root) {
  return std::any_of(entry.nodes.begin(), entry.nodes.end(), [&](const Node& node) {
    return project.in_focus(paths::normalise(root + "/" + node.name));
  });
}

}  // namespace

JobMap map_of(const workspace::LintRequest& request, const std::vector<std::string>& profiles) {
  JobMap out;
  std::vector<std::string> names = profiles;
  if (names.empty()) names.push_back(request.profile);
  for (const std::string& name : names) {
    workspace::LintRequest one = request;
    one.profile = name;
    const workspace::Project project(one);
    for (const std::string& path : project.read().missing)
      out.problems.push_back(workspace::no_such(path));
    for (const catalog::SetupProblem& problem : project.read().problems)
      out.problems.push_back({problem.path + ": " + problem.error.message,
                              problem.path + "：" + problem.error.in(Language::zh)});
    if (!out.problems.empty()) return out;
    std::optional<Sheet> sheet;
    for (const workspace::Group& group : project.groups()) {
      workspace::GroupRequest how;
      how.cancelled = request.cancelled;
      how.analyse = [&](const engine::Request& asked) {
        Sheet part = sheet_of(asked);
        std::erase_if(part.entries,
                      [&](const Entry& entry) { return !concerns(entry, project, asked.root); });
        if (!sheet)
          sheet = std::move(part);
        else
          std::move(part.entries.begin(), part.entries.end(), std::back_inserter(sheet->entries));
        return std::vector<Finding>();
      };
      std::shared_ptr<project::DiskReader> reader;
      project.analyse(group, how, reader);
    }
    out.root = project.read().root;
    if (sheet) out.sheets.push_back(std::move(*sheet));
  }
  return out;
}

std::optional<Format> format_of(std::string_view name) {
  for (const auto& [known, format] : kFormats) {
    if (known == name) return format;
  }
  return std::nullopt;
}

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto& [name, format] : kFormats) list.emplace_back(name);
    return list;
  }();
  return names;
}

std::string render(const JobMap& map, Format format, Language language) {
  switch (format) {
    case Format::json:
      return json(map);
    case Format::mermaid:
      return mermaid(map, language);
    case Format::dot:
      return dot(map, language);
    case Format::html:
      return html(map, language);
    case Format::text:
      break;
  }
  return text(map, language);
}

}  // namespace preflint::map
