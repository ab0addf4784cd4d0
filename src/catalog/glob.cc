#include <algorithm>

#include "base/wildcard.h"
#include "catalog/config.h"

namespace preflint::catalog {
namespace {

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty() && part != ".") out.push_back(part);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return out;
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view relative_path) {
  const auto wanted = components(pattern);
  const auto path = components(relative_path);
  if (wanted.empty() || path.empty()) return false;
  const size_t slash = pattern.find('/');
  if (slash == std::string_view::npos || slash == pattern.size() - 1) {
    return std::any_of(path.begin(), path.end(), [&](std::string_view part) {
      return fits_wildcard(wanted[0], part, fits_character);
    });
  }
  // The same walk over components, where `**` is the star. What is left of the path when the
  // pattern ends lies below a folder that matches.
  size_t w = 0, p = 0, star = std::string_view::npos, resume = 0;
  while (p < path.size()) {
    if (w == wanted.size() && wanted.back() != "**") return true;
    if (w < wanted.size() && wanted[w] == "**") {
      star = w++;
      resume = p;
      if (w == wanted.size()) return true;
    } else if (w < wanted.size() && fits_wildcard(wanted[w], path[p], fits_character)) {
      ++w;
      ++p;
    } else if (star != std::string_view::npos) {
      w = star + 1;
      p = ++resume;
    } else {
      return false;
    }
  }
  return w == wanted.size();
}

}  // namespace preflint::catalog
