#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "map/job_map.h"

namespace preflint::map {

/// Words of the map in the reader's language.
std::string_view word(std::string_view key, Language language);
std::string_view name_of(Item::Kind kind, Language language);
std::string_view name_of(Step::Kind kind, Language language);
std::string_view name_of_tier(std::string_view tier, Language language);
/// "yes", "no", "?" in the reader's language.
std::string_view answer(std::optional<bool> survives, Language language);
/// What becomes of an item, in one sentence.
std::string fate(const Item& item, Language language);
/// Is the item lost with the instance, with no copy elsewhere?
bool at_risk(const Item& item);

}  // namespace preflint::map
