#pragma once

#include <string>
#include <vector>

#include "project/context.h"

namespace preflint::py {
struct CallEvent;
}

namespace preflint::project {

/// The command ends the billing of the box: one of the profile's stop commands, and not one that
/// cancels it.
bool stops(const shell::CommandEvent& event, const catalog::Profile& profile);
/// The command gives the box back for good: one of the profile's release commands.
bool releases(const shell::CommandEvent& event, const catalog::Profile& profile);
/// The same for a Python program that calls the platform's interface.
bool releases(const py::CallEvent& call, const catalog::Profile& profile);
/// Does a program's text up to some point ask a person, or test that one has confirmed?
bool asks(std::string_view before);
/// A person was asked before: `read`, `select`, a test of an explicit confirmation.
bool confirmed(const Run& run, const shell::CommandEvent& event);

}  // namespace preflint::project
