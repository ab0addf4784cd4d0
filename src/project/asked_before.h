#pragma once

#include <functional>

#include "project/program.h"

namespace preflint::project {

/// Is some command as wanted whose status decides whether `event` runs: one on the left of the `||`
/// that it stands behind, or in the condition of the `if` that it stands in, as far as the function
/// around it?
bool asked_before(const Run& run, const shell::CommandEvent& event,
                  const std::function<bool(const shell::CommandEvent&)>& wanted);

/// Is `event` come to only where some command as wanted has failed before, as its function is left
/// behind it: `if it; then return; fi`?
bool left_before(const Run& run, const shell::CommandEvent& event,
                 const std::function<bool(const shell::CommandEvent&)>& wanted);

/// Does what stands in the frame `inner` stand in `outer`, too? Everything stands in none.
bool encloses(const shell::Frame* outer, const shell::Frame* inner);

/// Does the status of `asked` decide whether what stands in a frame runs: `asked || { it; }`, `if !
/// asked; then it; fi`?
bool decided_by(const shell::CommandEvent& asked, const shell::Frame* frame);

/// Does `other` run only where `event` failed: `event || … || other`?
bool alternative_to(const shell::CommandEvent& event, const shell::CommandEvent& other);

/// `python3 --version || python --version || echo none`: whatever is missing, the question is
/// answered.
bool asks_version(const Run& run, const shell::CommandEvent& event);

}  // namespace preflint::project
