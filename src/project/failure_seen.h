#pragma once

#include "project/artefacts.h"

namespace preflint::project {

/// When a copy of a shell run fails, is that seen or made good before a later command: somebody is
/// told of it, another copy does the same work, or what was copied is read?
bool failure_seen(const Context& context, const Run& run, const Artefact& copy,
                  const shell::CommandEvent& later);

}  // namespace preflint::project
