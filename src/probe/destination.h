#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/sentence.h"

namespace preflint::probe {

/// What is wrong with a destination for ssh, in a sentence; nothing when it is `host`, `user@host`,
/// an alias or `ssh://user@host:port`. What begins with a dash or holds anything that a shell, or
/// ssh's own
/// `%` expansion in a ProxyCommand, could read as more than a name is refused.
std::optional<Sentence> bad_destination(std::string_view destination);

}  // namespace preflint::probe
