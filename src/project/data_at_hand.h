#pragma once

#include "model/python/trace.h"
#include "project/context.h"

namespace preflint::project {

/// Is the call made only where a file is missing that the project itself holds, or without which
/// the wrapper has ended: `if os.path.exists("data/test.jsonl"): … else: load_dataset(…)`?
bool data_at_hand(const Context& context, const Run& run, const py::CallEvent& call);

}  // namespace preflint::project
