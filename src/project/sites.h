#pragma once

#include <string>
#include <vector>

#include "catalog/profile.h"
#include "model/shell/event.h"

/// Where a script runs: on the box, on the machine of whoever rents it, or on one of another kind.
/// Its own commands tell, the configuration, and what lies around it.
namespace preflint::project {

/// Does the script itself use the box it runs on: the hook, or the platform's paths outside remote
/// texts?
bool works_on_a_box(const shell::Trace& trace, const catalog::Profile& profile);

/// What ssh runs first goes to a folder that a box has not: `cd /media/workspace`.
bool goes_elsewhere(const shell::Trace& trace);

/// A server that is reached by its address, on ssh's own port: the platform maps another one.
bool on_another_server(const shell::CommandEvent& event, const catalog::Profile& profile);

/// Does a command reach the platform's own box by its address: `rsync … root@HOST:…`?
bool reaches_the_box(const shell::CommandEvent& event, const catalog::Profile& profile);

/// Does the command speak to another machine (ssh, or scp and rsync with a `host:`)?
bool drives_a_box(const shell::CommandEvent& event);

/// Is the path, seen from the folder of the configuration, matched by one of the patterns under
/// its `sites`?
bool matches_any(const std::vector<std::string>& patterns, const std::string& folder,
                 const std::string& path);

}  // namespace preflint::project
