#pragma once

#include <string>
#include <vector>

#include "project/context.h"

namespace preflint::project {

/// The command ends the billing of the box: one of the profile's stop commands, and not one that
/// cancels it.
bool stops(const shell::CommandEvent& event, const catalog::Profile& profile);
/// The command gives the box back for good: one of the profile's release commands.
bool releases(const shell::CommandEvent& event, const catalog::Profile& profile);
/// A person was asked before: `read`, `select`, a test of an explicit confirmation.
bool confirmed(const Run& run, const shell::CommandEvent& event);

}  // namespace preflint::project
