#pragma once

#include <string_view>

#include "model/shell/event.h"
#include "project/program.h"

namespace preflint::project {

/// Is this one of the modules that every Python 3 brings along ("json", "os.path")?
bool in_standard_library(std::string_view module);

/// Does a `python3` run nothing but the standard library, so that any Python 3 will do: `-m
/// json.tool`, `-c "import json, sys; …"`, a here-document? Script files are not looked at.
bool standard_library_only(const Run& run, const shell::CommandEvent& event);

}  // namespace preflint::project
