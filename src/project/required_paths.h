#pragma once

#include <string>

#include "model/python/trace.h"

namespace preflint::project {

/// Is a call only reached where a path is there, so that whatever loads it fetches nothing: behind
/// `if not os.path.exists(path): raise`, `assert os.path.isdir(path)` or `os.listdir(path)`, also
/// in a function that was called before, or below `if os.path.isdir(path):`? `path` is as the
/// program passes it to either.
bool path_required(const py::Trace& trace, const py::CallEvent& call, const std::string& path);

}  // namespace preflint::project
