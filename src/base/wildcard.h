#pragma once

#include <cstddef>
#include <string_view>

namespace preflint {

/// Matches one character against the pattern's character or set (`?`, `[…]`) at `at`; moves `at`
/// behind it.
inline bool fits_character(std::string_view pattern, size_t& at, char c) {
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

/// Does a text fit a pattern in which `*` stands for anything? `one(pattern, p, c)` says whether
/// what stands at `p` is one character that takes `c`, and moves `p` behind it (fits_character, or
/// another). Going back to the last star only keeps it at most quadratic.
template <typename One>
bool fits_wildcard(std::string_view pattern, std::string_view text, const One& one) {
  size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    size_t next = p;
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && one(pattern, next, text[t])) {
      p = next;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace preflint
