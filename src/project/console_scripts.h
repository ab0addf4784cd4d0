#pragma once

#include <map>
#include <string>

#include "project/build.h"

namespace preflint::project {

/// A program that installing the project puts on PATH: a function of one of its modules.
struct ConsoleScript {
  std::string path;  // of the module
  std::string function;
};

/// All of them by name, from `[project.scripts]` and poetry's `[tool.poetry.scripts]` in
/// pyproject.toml, and from `console_scripts` in setup.cfg and setup.py where they are written out.
/// Only modules that the project holds.
std::map<std::string, ConsoleScript> console_scripts(const BuildRequest& request);

}  // namespace preflint::project
