#pragma once

#include <memory>
#include <string>

#include "catalog/setup.h"

namespace preflint::cli {

/// The profile that was named, or else that of a folder's configuration.
struct ProfileChoice {
  std::shared_ptr<const catalog::Setup> setup;
  catalog::ProfileFile file;
  const catalog::Profile* profile = nullptr;  // null: the mistakes have been told on stderr
};

ProfileChoice choose_profile(const std::string& name, const std::string& folder,
                             const std::string& config = "");

}  // namespace preflint::cli
