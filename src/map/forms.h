#pragma once

#include <string>

#include "map/job_map.h"

namespace preflint::map {

std::string text(const JobMap& map, Language language);
std::string json(const JobMap& map);
std::string mermaid(const JobMap& map, Language language);
std::string dot(const JobMap& map, Language language);
std::string html(const JobMap& map, Language language);
/// The drawing of one entry for the page: scripts from top to bottom, lanes to the tiers below
/// them.
std::string svg(const Sheet& sheet, const Entry& entry, Language language);

/// `<`, `&` and quotes made harmless for HTML and XML.
std::string escaped(std::string_view text);

}  // namespace preflint::map
