#pragma once

#include <string_view>

namespace preflint::project {

/// Does a path match a glob as git reads it? `*`, `?` and `[…]` do not match '/'; a `**` that fills
/// a whole component matches any number of them; `\` quotes. Time is bounded by the product of
/// lengths.
bool wild_match(std::string_view pattern, std::string_view path);

}  // namespace preflint::project
