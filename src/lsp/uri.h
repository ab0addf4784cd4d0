#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace preflint::lsp {

/// The absolute, normalised path that a `file:` URI names; nothing for other schemes.
std::optional<std::string> path_of(std::string_view uri);
/// The `file:` URI of an absolute path.
std::string uri_of(std::string_view path);

}  // namespace preflint::lsp
