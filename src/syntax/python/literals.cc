#include "syntax/python/literals.h"

#include <algorithm>

#include "base/text.h"

namespace preflint::py {
namespace {

/// What one escape stands for. `length` counts from the backslash.
struct Escape {
  std::string text;
  size_t length = 2;
  bool known = true;
};

Escape numeric(std::string_view rest, size_t first, size_t digits, bool bytes) {
  uint32_t value = 0;
  size_t i = first;
  for (; i < first + digits && i < rest.size() && hex_digit(rest[i]) >= 0; ++i) {
    value = value * 16 + static_cast<uint32_t>(hex_digit(rest[i]));
  }
  if (i != first + digits) return {"?", i, false};
  if (bytes) return {std::string(1, static_cast<char>(value)), i, true};
  std::string text = utf8(value);
  const bool known = !text.empty();
  return {known ? std::move(text) : "?", i, known};
}

Escape escape(std::string_view rest, const LiteralStyle& style) {
  if (rest.size() < 2) return {"\\", 1, true};
  switch (const char c = rest[1]) {
    case '\n':
      return {"", 2, true};
    case '\r':
      return {"", rest.size() > 2 && rest[2] == '\n' ? 3u : 2u, true};
    case '\\':
    case '\'':
    case '"':
      return {std::string(1, c), 2, true};
    case 'a':
      return {"\a", 2, true};
    case 'b':
      return {"\b", 2, true};
    case 'f':
      return {"\f", 2, true};
    case 'n':
      return {"\n", 2, true};
    case 'r':
      return {"\r", 2, true};
    case 't':
      return {"\t", 2, true};
    case 'v':
      return {"\v", 2, true};
    case 'x':
      return numeric(rest, 2, 2, style.bytes);
    case 'u':
      return style.bytes ? Escape{"\\u", 2, true} : numeric(rest, 2, 4, false);
    case 'U':
      return style.bytes ? Escape{"\\U", 2, true} : numeric(rest, 2, 8, false);
    case 'N': {
      const size_t close = rest.find('}');
      if (style.bytes || rest.size() < 3 || rest[2] != '{') return {"\\N", 2, style.bytes};
      return {"?", close == std::string_view::npos ? 2 : close + 1, false};
    }
    default:
      break;
  }
  if (rest[1] >= '0' && rest[1] <= '7') {
    uint32_t value = 0;
    size_t i = 1;
    for (; i < 4 && i < rest.size() && rest[i] >= '0' && rest[i] <= '7'; ++i) {
      value = value * 8 + static_cast<uint32_t>(rest[i] - '0');
    }
    return {style.bytes ? std::string(1, static_cast<char>(value)) : utf8(value), i, true};
  }
  return {std::string(rest.substr(0, 1)), 1, true};  // an unknown escape keeps its backslash
}

}  // namespace

LiteralStyle literal_style(std::string_view literal) {
  LiteralStyle style;
  size_t i = 0;
  for (; i < literal.size() && literal[i] != '"' && literal[i] != '\''; ++i) {
    const char c = static_cast<char>(literal[i] | 0x20);
    style.raw |= c == 'r';
    style.bytes |= c == 'b';
    style.formatted |= c == 'f' || c == 't';
    style.template_ |= c == 't';
  }
  style.prefix = static_cast<uint32_t>(i);
  if (i < literal.size()) style.mark = literal[i];
  if (literal.size() >= i + 3 && literal[i + 1] == style.mark && literal[i + 2] == style.mark) {
    style.quote = 3;
  }
  return style;
}

bool decode_literal(std::string_view inside, const LiteralStyle& style, uint32_t offset,
                    SourceBuilder& out) {
  bool known = true;
  size_t i = 0;
  while (i < inside.size()) {
    size_t run = i;
    for (; run < inside.size(); ++run) {
      const char c = inside[run];
      if (c == '\r' || (c == '\\' && !style.raw)) break;
      if (style.formatted && (c == '{' || c == '}')) break;
    }
    out.exact(inside.substr(i, run - i), offset + static_cast<uint32_t>(i));
    i = run;
    if (i == inside.size()) break;
    const auto at = offset + static_cast<uint32_t>(i);
    if (inside[i] == '\r') {  // every line end is \n to Python
      const uint32_t length = i + 1 < inside.size() && inside[i + 1] == '\n' ? 2 : 1;
      out.replaced("\n", {at, at + length});
      i += length;
    } else if (inside[i] == '\\') {
      const Escape found = escape(inside.substr(i), style);
      known &= found.known;
      const auto length = static_cast<uint32_t>(std::min(found.length, inside.size() - i));
      out.replaced(found.text, {at, at + length});
      i += length;
    } else {
      const uint32_t length = i + 1 < inside.size() && inside[i + 1] == inside[i] ? 2 : 1;
      out.replaced(inside.substr(i, 1), {at, at + length});
      i += length;
    }
  }
  return known;
}

}  // namespace preflint::py
