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

/// All pairs of alternatives.
preflint::Value map_pairs(const preflint::Value& a, const preflint::Value& b,
                          const std::function<Text(const Text&, const Text&)>& function);

}  // namespace preflint::py
