#pragma once

#include "project/artefacts.h"

namespace preflint::project {

/// Does a program that the run starts after one of its commands go on from checkpoints in a folder:
/// does it read them there before it saves its own there again and again? `folder` as a Lander
/// gives it.
bool resumed_from(const Context& context, const Run& run, int command, const Value& folder);

}  // namespace preflint::project
