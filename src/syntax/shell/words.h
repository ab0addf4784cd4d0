#pragma once
#include <functional>
#include <optional>
#include <string>
#include "syntax/shell/ast.h"
#include "syntax/source.h"
namespace preflint::shell {
std::optional<Source> decode(const Word& word, const Source& outer, const std::function<std::optional<std::string>(const Part&)>& expand);
std::optional<Source> decode(const Redirect& heredoc, const Source& outer, const std::function<std::optional<std::string>(const Part&)>& expand);
}
