#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace preflint {

/// Is a word one of a few?
inline bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Does a text hold one of a few others, wherever in it?
inline bool holds_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  });
}

}  // namespace preflint
