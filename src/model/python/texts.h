#pragma once

#include <functional>
#include <optional>
#include <string>

#include "model/value.h"

namespace preflint::py {

/// Applies a function of strings to each alternative; what is not known stays a hole. A function
/// that gives nothing makes a hole too.
preflint::Value map_text(
    const preflint::Value& value,
    const std::function<std::optional<std::string>(const std::string&)>& function);

/// The same for functions that can work on texts with holes.
preflint::Value map_partial(const preflint::Value& value,
                            const std::function<Text(const Text&)>& function);

/// The name of the hole for a folder above one that is not known.
inline constexpr std::string_view kAboveHole = "dirname";

/// What a path goes into after it has climbed out of the folder at which it begins, and which is
/// not known: `out` of `{project}/src/../../out` and `../out`. Nothing when it does not leave it,
/// and when it ends with the way up.
std::optional<Text> climbed(const Text& path);

/// All pairs of alternatives.
preflint::Value map_pairs(const preflint::Value& a, const preflint::Value& b,
                          const std::function<Text(const Text&, const Text&)>& function);

}  // namespace preflint::py
