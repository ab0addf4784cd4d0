#include "cli/profile_choice.h"

#include <cstdio>

#include "cli/check.h"
#include "output/position.h"
#include "output/width.h"
#include "workspace/disk_access.h"

namespace preflint::cli {
namespace {

void complain(const std::vector<catalog::SetupProblem>& problems) {
  for (const catalog::SetupProblem& problem : problems) {
    output::Position at;
    if (problem.text && problem.error.where) {
      at = output::LineIndex(*problem.text).position(problem.error.where->begin);
    }
    std::fprintf(stderr, "%s:%u:%u: error: %s\n", output::visible(problem.path).c_str(), at.line, at.column,
                 output::visible(problem.error.message).c_str());
  }
}

}  // namespace

ProfileChoice choose_profile(const std::string& name, const std::string& folder,
                             const std::string& config) {
  ProfileChoice out;
  const auto access = workspace::disk_access("");
  if (!name.empty()) {
    const bool path = name.find('/') != std::string::npos || name.ends_with(".yaml");
    out.file = catalog::read_profile(path ? absolute(name) : name, access);
    complain(out.file.problems);
    if (out.file.problems.empty()) out.profile = out.file.profile.get();
    return out;
  }
  out.setup = config.empty() ? catalog::Setups(access).for_folder(folder)
                             : catalog::read_setup(absolute(config), access);
  complain(out.setup->problems);
  if (out.setup->problems.empty()) out.profile = out.setup->profile;
  return out;
}

}  // namespace preflint::cli
