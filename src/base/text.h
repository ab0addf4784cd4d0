#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace preflint {

/// ASCII alone: what locales and other alphabets do with letters is no concern of file formats and
/// shells.
inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

/// Where a text holds another one, from `at` on; npos where it does not. For whole files: `find`
/// stops at each letter that is the first of what is looked for.
inline size_t find_text(std::string_view text, std::string_view wanted, size_t at = 0) {
  if (at > text.size()) return std::string_view::npos;
  const void* found = ::memmem(text.data() + at, text.size() - at, wanted.data(), wanted.size());
  return found ? static_cast<size_t>(static_cast<const char*>(found) - text.data())
               : std::string_view::npos;
}

/// The value of a hexadecimal digit; -1 for anything else.
inline int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A text without the blanks around it.
inline std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n") {
  const size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The parts of a text between separators, of which any number may stand together.
inline std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> out;
  for (size_t at = text.find_first_not_of(separators); at != std::string_view::npos;) {
    const size_t end = text.find_first_of(separators, at);
    out.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(separators, end);
  }
  return out;
}

/// Takes the first line off a text, without its end.
inline std::string_view take_line(std::string_view& text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

/// UTF-8 of a code point; empty for what UTF-8 cannot hold: half of a surrogate pair, 0x110000 and
/// more.
inline std::string utf8(uint32_t point) {
  if (point >= 0x110000 || (point >= 0xD800 && point < 0xE000)) return "";
  std::string out;
  const auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
    return out;
  }
  if (point < 0x800) {
    put(0xC0 | (point >> 6));
  } else {
    if (point < 0x10000) {
      put(0xE0 | (point >> 12));
    } else {
      put(0xF0 | (point >> 18));
      put(0x80 | ((point >> 12) & 0x3F));
    }
    put(0x80 | ((point >> 6) & 0x3F));
  }
  put(0x80 | (point & 0x3F));
  return out;
}

}  // namespace preflint
