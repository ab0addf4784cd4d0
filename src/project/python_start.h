#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/value.h"

namespace preflint::project {

/// All of a launch that can change what a program does.
struct PythonStart {
  std::string entry;     // the function that is called; "": the program itself
  bool foreign = false;  // on another platform
  /// See py::Launch.
  std::optional<std::vector<Value>> arguments;
  std::vector<Value> spelled;
  std::map<std::string, Value> environment;
  Value cwd;
  friend bool operator==(const PythonStart&, const PythonStart&) = default;
};

/// What two launches have in common: a word, a variable or a folder that differs is unknown.
/// Nothing when they name other options or set other variables: such programs may do other things.
/// It is `a` itself when `a` leaves all open in which `b` differs.
std::optional<PythonStart> common_start(const PythonStart& a, const PythonStart& b);

/// In how many words, variables and folders two launches differ that have something in common.
size_t differences(const PythonStart& a, const PythonStart& b);

}  // namespace preflint::project
