#pragma once

#include <functional>
#include <optional>
#include <string>
#include "syntax/shell/ast.h"
#include "syntax/source.h"
namespace preflint::shell {
/// The text that a shell would pass for a word, with its map; see ast.h.
std::optional<Source> decode(const Word& word, const Source& outer, const std::function<std::optional<std::string>(const Part&)>& expand);
std::optional<Source> decode(const Redirect& heredoc, const Source& outer, const std::function<std::optional<std::string>(const Part&)>& expand);
}
