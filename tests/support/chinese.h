#pragma once

#include <algorithm>
#include <string_view>

namespace preflint {

/// Whether a text holds Chinese characters: U+4E00…U+9FFF begin with the bytes E4…E9.
inline bool holds_chinese(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xE4 && byte <= 0xE9;
  });
}

}  // namespace preflint
