#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace preflint::fuzz {

/// A number that depends on the bytes alone, on every machine.
uint64_t hash(std::string_view text);

/// The text, changed in a few places as a careless or hostile hand would: parts taken out, doubled,
/// moved, put over others, cut off, and words put in that mean something to some reader. What
/// becomes of it depends on its bytes and the number alone.
std::string mutated(std::string_view text, uint64_t number);

}  // namespace preflint::fuzz
