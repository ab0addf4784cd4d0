#pragma once

#include <cstddef>
#include <string_view>

namespace preflint {

/// Does a text fit a pattern in which `*` stands for anything? `one(pattern, p, c)` says whether what stands at `p`
/// is one character that takes `c`, and moves `p` behind it. Going back to the last star only keeps it at most
/// quadratic.
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
