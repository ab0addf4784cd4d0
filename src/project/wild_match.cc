#include "project/wild_match.h"

#include <cctype>
#include <cstddef>

namespace preflint::project {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool named_class(std::string_view name, unsigned char c) {
  struct Class {
    std::string_view name;
    int (*test)(int);
  };
  constexpr Class kClasses[] = {{"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank},
                                {"cntrl", iscntrl}, {"digit", isdigit}, {"graph", isgraph},
                                {"lower", islower}, {"print", isprint}, {"punct", ispunct},
                                {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit}};
  for (const Class& known : kClasses) {
    if (known.name == name) return known.test(c) != 0;
  }
  return false;
}

/// Tests `c` against the bracket expression at pattern[at] and moves `at` past it; past the end of
/// the pattern when the bracket is never closed.
bool in_brackets(std::string_view pattern, size_t& at, unsigned char c) {
  ++at;
  bool negated = false;
  if (at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^')) {
    negated = true;
    ++at;
  }
  bool found = false;
  const auto one = [&]() -> unsigned char {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    return static_cast<unsigned char>(pattern[at++]);
  };
  for (bool first = true; at < pattern.size() && (first || pattern[at] != ']'); first = false) {
    if (pattern.substr(at).starts_with("[:")) {
      const size_t end = pattern.find(":]", at + 2);
      if (end != kNone) {
        found |= named_class(pattern.substr(at + 2, end - at - 2), c);
        at = end + 2;
        continue;
      }
    }
    const unsigned char low = one();
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      ++at;
      const unsigned char high = one();
      found |= low <= c && c <= high;
    } else {
      found |= low == c;
    }
  }
  if (at >= pattern.size()) {
    at = kNone;
    return false;
  }
  ++at;
  return found != negated && c != '/';
}

/// One character of the pattern (not `*`) against one of the path; moves `at` on success.
bool one_matches(std::string_view pattern, size_t& at, char c, bool& broken) {
  switch (pattern[at]) {
    case '?':
      ++at;
      return c != '/';
    case '[': {
      const bool matches = in_brackets(pattern, at, static_cast<unsigned char>(c));
      broken = at == kNone;
      return matches;
    }
    case '\\':
      if (at + 1 >= pattern.size()) return false;
      at += 2;
      return pattern[at - 1] == c;
    default:
      return pattern[at++] == c;
  }
}

}  // namespace

bool wild_match(std::string_view pattern, std::string_view path) {
  size_t p = 0, t = 0;
  size_t star = kNone, star_at = 0;    // pattern after the last `*`, and where in the path it ends
  size_t stars = kNone, stars_at = 0;  // the same for the last `**/`
  while (t < path.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      const bool component =
          pattern.substr(p).starts_with("**") && (p == 0 || pattern[p - 1] == '/');
      if (component && p + 2 == pattern.size()) return true;
      if (component && pattern[p + 2] == '/') {
        p += 3;
        stars = p;
        stars_at = t;
        star = kNone;
        continue;
      }
      while (p < pattern.size() && pattern[p] == '*') ++p;
      star = p;
      star_at = t;
      continue;
    }
    if (p < pattern.size()) {
      size_t next = p;
      bool broken = false;
      if (one_matches(pattern, next, path[t], broken)) {
        p = next;
        ++t;
        continue;
      }
      if (broken) return false;
    }
    if (star != kNone && path[star_at] != '/') {
      t = ++star_at;
      p = star;
      continue;
    }
    if (stars == kNone) return false;
    const size_t slash = path.find('/', stars_at);
    if (slash == kNone) return false;
    t = stars_at = slash + 1;
    p = stars;
    star = kNone;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace preflint::project
