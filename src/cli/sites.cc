#include "cli/sites.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "engine/engine.h"
#include "output/report.h"
#include "project/program.h"
#include "project/sites.h"

namespace preflint::cli {
namespace {

int line_of(const Unit& unit, uint32_t offset) {
  const std::string_view text = unit.source.text().substr(0, offset);
  return 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

std::string described(const project::Run& run) {
  if (run.site == Site::instance)
    return run.parent && run.over_ssh ? "instance (sent over ssh)" : "instance";
  if (run.parent)
    return run.site == Site::local ? "local (started by a local script)" : "elsewhere";
  if (run.site == Site::foreign) return "elsewhere (a batch system or a hosted notebook)";
  if (!run.shell) return "local";
  for (const shell::CommandEvent& event : run.shell->commands) {
    if (project::drives_a_box(event))
      return fmt::format("local ({} in line {})", event.name,
                         line_of(*event.unit, event.span.begin));
  }
  return "local (the configuration says so)";
}

}  // namespace

std::vector<std::string> sites_of(const workspace::Project& project, const std::string& directory) {
  std::map<std::string, std::string> sites;
  workspace::GroupRequest how;
  how.analyse = [&](const engine::Request& request) {
    const auto program = engine::program_of(request);
    for (const project::Run& run : program->runs) {
      const std::string& path = run.unit->file().path;
      if (run.unit->embedding == Embedding::file && project.in_focus(path))
        sites.emplace(path, described(run));
    }
    return std::vector<Finding>();
  };
  for (const workspace::Group& group : project.groups()) {
    std::shared_ptr<project::DiskReader> reader;
    project.analyse(group, how, reader);
  }
  std::vector<std::string> out;
  for (const auto& [path, site] : sites)
    out.push_back(output::relative(path, directory) + ": " + site);
  return out;
}

}  // namespace preflint::cli
