#pragma once

#include <optional>

#include "model/value.h"

namespace preflint {

/// The rest of a word after its first `n` bytes, which are known; nothing where the word may be one
/// of several.
std::optional<Value> value_after(const Value& value, size_t n);

}  // namespace preflint
