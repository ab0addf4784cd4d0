#include "cli/profile_choice.h"

#include "cli/check.h"
#include "cli/emit.h"
#include "workspace/disk_access.h"

namespace preflint::cli {

ProfileChoice choose_profile(const std::string& name, const std::string& folder,
                             const std::string& config) {
  ProfileChoice out;
  const auto access = workspace::disk_access("");
  if (!name.empty()) {
    const bool path = name.find('/') != std::string::npos || name.ends_with(".yaml");
    out.file = catalog::read_profile(path ? absolute(name) : name, access);
    complain_of(out.file.problems);
    if (out.file.problems.empty()) out.profile = out.file.profile.get();
    return out;
  }
  out.setup = config.empty() ? catalog::Setups(access).for_folder(folder)
                             : catalog::read_setup(absolute(config), workspace::trusted(access));
  complain_of(out.setup->problems);
  if (out.setup->problems.empty()) out.profile = out.setup->profile;
  return out;
}

}  // namespace preflint::cli
