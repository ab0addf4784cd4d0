#pragma once

#include <functional>
#include <optional>
#include <string>

#include "syntax/shell/ast.h"
#include "syntax/source.h"

namespace preflint::shell {

/// What an expansion gives, where that is known.
using Expand = std::function<std::optional<std::string>(const Part&)>;

/// The text that a shell would pass for a word, each byte mapped to where it stands. An expansion
/// that `expand` does not know stays as it is written.
std::optional<Source> decode(const Word& word, const Source& outer, const Expand& expand);

/// The same for the body of a heredoc.
std::optional<Source> decode(const Redirect& heredoc, const Source& outer, const Expand& expand);

}  // namespace preflint::shell
