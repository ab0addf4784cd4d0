#include "base/elided.h"

#include <cctype>

namespace preflint {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr size_t kLongName = 40;  // bytes; whatever is longer is an expression

/// The end of the hole that begins at a brace: behind its `}`; 0 where it has none.
size_t end_of(std::string_view text, size_t open) {
  int depth = 0;
  for (size_t i = open; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i + 1;
  }
  return 0;
}

bool says_nothing(std::string_view name) {
  if (name == "?") return true;
  const bool begins =
      !name.empty() && (std::isalpha(static_cast<unsigned char>(name[0])) || name[0] == '_');
  return begins &&
         (name.size() > kLongName || name.find_first_of("()[]") != std::string_view::npos);
}

}  // namespace

std::string elided(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  size_t braces = 0;  // looked at: what has thousands of them is no path
  for (size_t i = 0; i < text.size();) {
    const bool opens = text[i] == '{' && (i == 0 || text[i - 1] != '$') && braces++ < 64;
    const size_t end = opens ? end_of(text, i) : 0;
    if (end != 0 && says_nothing(text.substr(i + 1, end - i - 2))) {
      if (!out.ends_with(kEllipsis)) out += kEllipsis;
      i = end;
    } else {
      out += text[i++];
    }
  }
  return out;
}

}  // namespace preflint
