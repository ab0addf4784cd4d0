#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/shell/ast.h"

namespace preflint::shell {

/// `#!/usr/bin/env -S bash -eu`: the interpreter's name without its folder, and what it is given.
struct Shebang {
  std::string interpreter;
  std::vector<std::string> arguments;
};

std::optional<Shebang> parse_shebang(std::string_view text);
std::optional<Dialect> dialect_of(std::string_view interpreter);

}  // namespace preflint::shell
