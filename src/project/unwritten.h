#pragma once

#include "model/python/trace.h"

namespace preflint::project {

/// Is a SummaryWriter handed to functions of the project that write with one, but none of the
/// program's calls comes to it: `evaluate(writer, draw=False)`, where `if draw:` stands before
/// every `writer.add_scalar(…)`? `writer` is the call that makes it. False unless that is certain;
/// a writer that nothing is done with says nothing.
bool nothing_written(const py::Trace& trace, const py::CallEvent& writer);

}  // namespace preflint::project
