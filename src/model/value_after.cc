#include "model/value_after.h"

#include <algorithm>
#include <string_view>

namespace preflint {

std::optional<Value> value_after(const Value& value, size_t n) {
  if (value.alternatives().size() != 1) return std::nullopt;
  Text rest;
  bool first = true;
  for (const Piece& piece : value.alternatives()[0].pieces()) {
    if (!piece.known)
      rest.append(Text::hole(piece.text, piece.empty));
    else
      rest.append(first ? std::string_view(piece.text).substr(std::min(n, piece.text.size()))
                        : std::string_view(piece.text));
    first = false;
  }
  return Value(rest);
}

}  // namespace preflint
