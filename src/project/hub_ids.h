#pragma once

#include <string_view>

namespace preflint::project {

/// Is this the id of a Hub repository ("acme/widget", "bert-base-uncased") and not a path?
bool is_hub_id(std::string_view text);

}  // namespace preflint::project
