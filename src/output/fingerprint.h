#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preflint::output {

/// For each line the hash that GitHub's code scanning calls primaryLocationLineHash: a rolling hash
/// over the 100 characters that follow the line's start, blanks left out, with a count that tells
/// equal ones apart. It survives changes above the line.
std::vector<std::string> line_hashes(std::string_view text);

/// A 64-bit hash (FNV-1a) in hexadecimal, stable for ever.
std::string stable_hash(std::string_view text);

}  // namespace preflint::output
