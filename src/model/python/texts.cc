#include "model/python/texts.h"

namespace preflint::py {

preflint::Value map_partial(const preflint::Value& value,
                            const std::function<Text(const Text&)>& function) {
  std::optional<preflint::Value> out;
  for (const Text& text : value.alternatives()) {
    const preflint::Value one = function(text);
    out = out ? out->joined(one) : one;
  }
  return *out;
}

preflint::Value map_text(
    const preflint::Value& value,
    const std::function<std::optional<std::string>(const std::string&)>& function) {
  return map_partial(value, [&](const Text& text) {
    const auto constant = text.constant();
    if (constant) {
      if (const auto result = function(*constant)) return Text::literal(*result);
    }
    return Text::hole(text.pieces().size() == 1 && !text.pieces()[0].known ? text.pieces()[0].text
                                                                           : "?");
  });
}

preflint::Value map_pairs(const preflint::Value& a, const preflint::Value& b,
                          const std::function<Text(const Text&, const Text&)>& function) {
  std::optional<preflint::Value> out;
  for (const Text& x : a.alternatives()) {
    for (const Text& y : b.alternatives()) {
      const preflint::Value one = function(x, y);
      out = out ? out->joined(one) : one;
    }
  }
  return *out;
}

std::optional<Text> climbed(const Text& path) {
  const auto& pieces = path.pieces();
  if (pieces.empty() || path.known_prefix().starts_with('/')) return std::nullopt;
  const auto add = [](Text& to, const Piece& piece) {
    if (piece.known)
      to.append(piece.text);
    else
      to.append(Text::hole(piece.text, piece.empty));
  };
  Text way = Text::literal(pieces[0].known ? "./" : ".");
  for (size_t i = pieces[0].known ? 0 : 1; i < pieces.size(); ++i) add(way, pieces[i]);
  way = paths::normalise(way);
  std::string_view rest = way.known_prefix();
  const bool leaves = rest.starts_with("../");
  while (rest.starts_with("../")) rest.remove_prefix(3);
  if (!leaves || rest == "..") return std::nullopt;
  Text out = Text::literal(rest);
  for (size_t i = 1; i < way.pieces().size(); ++i) add(out, way.pieces()[i]);
  return out;
}

}  // namespace preflint::py
