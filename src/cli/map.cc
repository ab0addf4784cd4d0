#include "cli/map.h"

#include <cstdio>
#include <thread>

#include "cli/check.h"
#include "cli/emit.h"
#include "map/job_map.h"
#include "model/value.h"

namespace preflint::cli {

int map(const MapOptions& options) {
  workspace::LintRequest request;
  for (const std::string& path : options.paths) request.paths.push_back(absolute(path));
  if (request.paths.empty()) request.paths.push_back(absolute("."));
  if (!options.config.empty()) request.config = absolute(options.config);
  request.respect_gitignore = options.respect_gitignore;
  request.threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::string> profiles = options.profiles;
  for (std::string& profile : profiles) {
    // A file is named by its path; anything else is a built-in name.
    if (profile.find('/') != std::string::npos || profile.ends_with(".yaml"))
      profile = absolute(profile);
  }
  const map::JobMap made = map::map_of(request, profiles);
  for (const Sentence& problem : made.problems) complain(problem);
  if (!made.problems.empty()) return 2;
  const std::string text = map::render(made, *map::format_of(options.format), options.language);
  const bool good =
      options.file.empty() ? write_all(stdout, text, "stdout") : write_file(options.file, text);
  return good ? 0 : 2;
}

}  // namespace preflint::cli
