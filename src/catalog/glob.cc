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

/// Matches one character against the pattern's character or set (`?`, `[…]`) at `at`; moves `at` behind it.
bool one(std::string_view pattern, size_t& at, char c) {
  const size_t close = pattern[at] == '[' ? pattern.find(']', at + 2) : std::string_view::npos;
  if (close == std::string_view::npos) {
    const char wanted = pattern[at++];
    return wanted == '?' || wanted == c;
  }
  size_t i = at + 1;
  const bool negated = pattern[i] == '!' || pattern[i] == '^';
  if (negated) ++i;
  bool found = false;
  for (; i < close; ++i) {
    if (i + 2 < close && pattern[i + 1] == '-') {
      found |= pattern[i] <= c && c <= pattern[i + 2];
      i += 2;
    } else {
      found |= pattern[i] == c;
    }
  }
  at = close + 1;
  return found != negated;
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view relative_path) {
  const auto wanted = components(pattern);
  const auto path = components(relative_path);
  if (wanted.empty() || path.empty()) return false;
  const size_t slash = pattern.find('/');
  if (slash == std::string_view::npos || slash == pattern.size() - 1) {
    return std::any_of(path.begin(), path.end(),
                       [&](std::string_view part) { return fits_wildcard(wanted[0], part, one); });
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
    } else if (w < wanted.size() && fits_wildcard(wanted[w], path[p], one)) {
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
