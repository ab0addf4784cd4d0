#pragma once

#include <cstdint>

namespace preflint {

/// What is known of a yes-or-no fact on all paths that reach a point.
enum class Tri : uint8_t { no, yes, maybe };

inline Tri join(Tri a, Tri b) { return a == b ? a : Tri::maybe; }
inline Tri operator!(Tri a) { return a == Tri::maybe ? a : a == Tri::yes ? Tri::no : Tri::yes; }
inline Tri operator&(Tri a, Tri b) {
  if (a == Tri::no || b == Tri::no) return Tri::no;
  return a == Tri::yes && b == Tri::yes ? Tri::yes : Tri::maybe;
}
inline Tri operator|(Tri a, Tri b) { return !((!a) & (!b)); }
inline Tri tri(bool b) { return b ? Tri::yes : Tri::no; }

}  // namespace preflint
