#pragma once

#include <string>
#include <string_view>

#include "syntax/document.h"

namespace preflint::catalog {

/// A document as bytes that are quick to read back: how profiles lie in the binary. Places are
/// lost.
std::string encode(const Document& document);
/// The reverse, for bytes that encode() made.
Document decode(std::string_view bytes);

}  // namespace preflint::catalog
