#include "output/width.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace preflint::output {
namespace {

struct Range {
  char32_t first, last;
};
#include "output/width_table.inc"

template <size_t N>
bool in(const Range (&table)[N], char32_t point) {
  const auto* next =
      std::upper_bound(std::begin(table), std::end(table), point,
                       [](char32_t p, const Range& range) { return p < range.first; });
  return next != std::begin(table) && point <= std::prev(next)->last;
}

bool direction_override(char32_t point) {
  return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
         point == 0x200E || point == 0x200F || point == 0x061C;
}

bool plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

char32_t next_code_point(std::string_view text, size_t& at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return text[at++];
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return ++at, U'\uFFFD';
  char32_t point = lead & (0x7F >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return ++at, U'\uFFFD';
    point = point << 6 | (byte(at + i) & 0x3F);
  }
  if (point < kLeast[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
    return ++at, U'\uFFFD';
  }
  at += length;
  return point;
}

int width(char32_t point) {
  if (point < 0x300) return 1;
  if (in(kZeroWidth, point)) return 0;
  return in(kWide, point) ? 2 : 1;
}

size_t display_width(std::string_view text) {
  size_t columns = 0;
  int last = 0;
  bool joined = false;
  for (size_t at = 0; at < text.size();) {
    const char32_t point = next_code_point(text, at);
    if (point == 0xFE0F && last == 1) {  // the emoji form of a narrow sign is wide
      ++columns;
      last = 2;
      continue;
    }
    const int own = width(point);
    // What follows a zero-width joiner is drawn into the sign before it.
    if (!joined || own < 2) columns += static_cast<size_t>(own);
    if (own > 0) last = own;
    joined = point == 0x200D;
  }
  return columns;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) out += utf8(next_code_point(text, at));
  return out;
}

std::string visible(std::string_view text) {
  if (plain_ascii(text)) return std::string(text);
  std::string out;
  out.reserve(text.size() + 8);
  for (size_t at = 0; at < text.size();) {
    const char32_t point = next_code_point(text, at);
    if (point == '\t') {
      out += "    ";
    } else if (point < 0x20) {
      out += utf8(0x2400 + point);
    } else if (point == 0x7F) {
      out += utf8(0x2421);
    } else if ((point >= 0x80 && point < 0xA0) || direction_override(point) || point == 0x2028 ||
               point == 0x2029) {
      out += utf8(U'\uFFFD');
    } else {
      out += utf8(point);
    }
  }
  return out;
}

}  // namespace preflint::output
