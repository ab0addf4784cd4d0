#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/sentence.h"

namespace preflint::catalog {

/// The candidate that a misspelt word was most likely meant to be; "" when none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

/// "; did you mean 'x'?", or the candidates when none is near and they are few.
Sentence suggestion(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace preflint::catalog
