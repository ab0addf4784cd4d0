#pragma once

#include <string_view>

namespace preflint::project {

/// Is this the id of a Hub repository ("acme/widget", "bert-base-uncased") and not a path?
bool is_hub_id(std::string_view text);

/// Is this a data set of the Hub that is asked for without its owner ("gsm8k")?
bool is_ownerless_dataset(std::string_view name);

/// Is a file of a repository, by its name or a pattern for it ("config.json", "*.json"), one of the
/// small texts beside the weights?
bool is_small_text(std::string_view file);

}  // namespace preflint::project
