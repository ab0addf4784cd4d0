#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/profile.h"
#include "syntax/document.h"

namespace preflint::catalog {

/// A profile as read; its mistakes have places in its own file.
struct LoadedProfile {
  Profile profile;
  std::vector<Error> errors;
};

/// Finds the profile that `extends:` names: a built-in one, or a file beside this one.
using FindProfile = std::function<Result<Profile>(std::string_view name)>;

/// Reads a profile's YAML over the one that it extends. `name` is its name when it states none.
LoadedProfile load_profile(const Document& document, std::string_view name,
                           const FindProfile& base);

/// What a built-in profile must have: evidence with a source and a date for every fact.
std::vector<std::string> missing_evidence(const Profile& profile);

}  // namespace preflint::catalog
