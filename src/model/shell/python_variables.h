#pragma once

#include <string_view>

namespace preflint::shell {

/// Variables that stand for the interpreter where nothing sets them: `"$PY" train.py`.
inline constexpr std::string_view kPythonVariables[] = {"PY",     "PYTHON",  "PYTHON_BIN",
                                                        "python", "PYTHON3", "PYTHON_EXEC"};

}  // namespace preflint::shell
