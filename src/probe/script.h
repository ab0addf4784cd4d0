#pragma once

#include <string>
#include <string_view>

#include "catalog/profile.h"

namespace preflint::probe {

/// probe.sh as it is in the sources.
std::string_view script_body();

/// The whole script for a platform: its places as assignments, then the body. `root` is a mounted
/// folder to look at instead of the running system, "" for the latter.
std::string script(const catalog::Profile& profile, std::string_view root);

}  // namespace preflint::probe
