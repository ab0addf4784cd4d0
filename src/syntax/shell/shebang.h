#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "syntax/shell/ast.h"
namespace preflint::shell {
struct Shebang { std::string interpreter; std::vector<std::string> arguments; };
std::optional<Shebang> parse_shebang(std::string_view text);
std::optional<Dialect> dialect_of(std::string_view name);
}
