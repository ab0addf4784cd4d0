#include "model/shell/fields.h"

#include <algorithm>
#include <string>
#include <utility>

namespace preflint::shell {
namespace {

constexpr std::string_view kBlanks = " \t\n";

/// What is not known at all but that it is one word goes by the name of the pattern `?`.
constexpr std::string_view kOneWord = "?";

/// A number is one word.
bool is_number(const Piece& hole) { return hole.text.starts_with("$(("); }

}  // namespace

bool is_glob_name(std::string_view name) {
  return name != kOneWord && name.find_first_of("*?[+@!") == 0;
}

bool may_be_several(const Text& text) {
  const auto known = text.constant();
  if (known) return known->empty() || known->find_first_of(kBlanks) != std::string::npos;
  return std::any_of(text.pieces().begin(), text.pieces().end(), [](const Piece& piece) {
    return !piece.known && piece.text != kOneWord && !is_glob_name(piece.text) && !is_number(piece);
  });
}

std::vector<Text> split_at_blanks(const Text& text) {
  std::vector<Text> out;
  Text field;
  const auto flush = [&] {
    if (!field.pieces().empty()) out.push_back(std::exchange(field, Text()));
  };
  for (const Piece& piece : text.pieces()) {
    if (!piece.known) {
      field.append(Text::hole(piece.text, piece.empty));
      continue;
    }
    const std::string_view known = piece.text;
    for (size_t at = 0; at < known.size();) {
      const size_t end = std::min(known.find_first_of(kBlanks, at), known.size());
      if (end > at) field.append(known.substr(at, end - at));
      if (end < known.size()) flush();
      at = end + 1;
    }
  }
  flush();
  return out;
}

}  // namespace preflint::shell
