#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/python/trace.h"
#include "project/program.h"

namespace preflint::project {

/// A success message of a Python program that is also printed when the copy it speaks of has
/// failed.
struct PythonCopy {
  const py::CallEvent* copy = nullptr;
  const py::CallEvent* message = nullptr;
  std::string name;  // of the copy: "shutil.copy", "cp"
};

/// All of them in a run, in order of their messages. `words` are the profile's success words.
std::vector<PythonCopy> unchecked_python_copies(const Run& run,
                                                const std::vector<std::string>& words);

}  // namespace preflint::project
