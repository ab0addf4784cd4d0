#pragma once

#include <optional>

#include "project/context.h"

namespace preflint::project {

/// A success message that is also printed when the copy it speaks of has failed.
struct UncheckedCopy {
  const shell::CommandEvent* copy = nullptr;
  bool masked = false;  // the script throws the copy's status away: || true, a pipe, &, 2>/dev/null
};

/// Judges one printing command.
std::optional<UncheckedCopy> unchecked_copy(const Context& context, const Run& run, const shell::CommandEvent& message);

}  // namespace preflint::project
