#pragma once

#include <string_view>

namespace preflint::project {

/// Does an option of pip, uv pip and the like (`--index-url`, `-r`) take the next word?
bool pip_option_takes_value(std::string_view option);

}  // namespace preflint::project
