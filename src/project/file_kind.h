#pragma once

#include <optional>
#include <string_view>

#include "syntax/source.h"

namespace preflint::project {

/// What a file is by its path alone; nothing when the name says nothing. A makefile is `other`: its
/// first line may name a shell, and it is none of ours all the same.
std::optional<FileKind> kind_by_name(std::string_view path);
/// What a file is by its first line: a shell's or Python's shebang.
std::optional<FileKind> kind_by_shebang(std::string_view start);
/// Could a file of this name be a script that only its shebang gives away? Its mode decides the
/// rest.
bool has_extension(std::string_view name);

}  // namespace preflint::project
