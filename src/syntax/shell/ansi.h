#pragma once

#include <functional>
#include <string_view>

namespace preflint::shell {

/// Decodes the inside of $'…': calls `piece` for each stretch of the result with the bytes of
/// `inside` that it stands for.
void read_ansi(std::string_view inside,
               const std::function<void(std::string_view piece, size_t begin, size_t end)>& piece);

}  // namespace preflint::shell
