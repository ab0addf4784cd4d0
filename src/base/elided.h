#pragma once

#include <string>
#include <string_view>

namespace preflint {

/// A text for a message, in which `{name}` stands for something that is not known. Names that say
/// something stay
/// (`{epoch}`, `{args.name}`); expressions and what has no name are shown as `…`.
std::string elided(std::string_view text);

}  // namespace preflint
