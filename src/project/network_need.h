#pragma once

#include <optional>

#include "project/context.h"
#include "project/network_calls.h"

namespace preflint::project {

/// What the command does on the network (network_call), with what the project has set up for good
/// (network_settings.h) and what lies in it.
std::optional<NetworkCall> settled_call(const Context& context, const Run& run,
                                        const shell::CommandEvent& event);

/// The same, and for a launch of a Python program what that program needs.
std::optional<NetworkCall> network_need(const Context& context, const Run& run,
                                        const shell::CommandEvent& event);

}  // namespace preflint::project
