#pragma once

#include <optional>

#include "project/context.h"

namespace preflint::project {

/// A success message that is also printed when the copy it speaks of has failed.
struct UncheckedCopy {
  const shell::CommandEvent* copy = nullptr;
  bool masked = false;  // the script throws the copy's status away: || true, a pipe, &, 2>/dev/null
  bool waited = false;  // …by a bare `wait` for the background job that copies
};

/// Where a message is written: the printing command, or the call of the helper that it prints for
/// (`log() { echo "$*"; }`).
struct Written {
  const Unit* unit;
  Span span;
  const shell::Frame* frame;
};
Written written_at(const shell::CommandEvent& message);

/// Judges one printing command.
std::optional<UncheckedCopy> unchecked_copy(const Context& context, const Run& run,
                                            const shell::CommandEvent& message);

}  // namespace preflint::project
