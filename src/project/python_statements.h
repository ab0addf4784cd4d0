#pragma once

#include "model/python/trace.h"

namespace preflint::project {

/// The statement of a kind that begins at an offset of a file; null when there is none.
const py::Stmt* statement_at(const py::Module& module, uint32_t begin, py::StmtKind kind);

/// The innermost simple statement around a span; null when there is none.
const py::Stmt* statement_around(const py::Module& module, Span span);

/// Can a `break` end the loop before its time?
bool breaks(const py::Stmt& loop);

}  // namespace preflint::project
