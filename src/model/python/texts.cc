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

}  // namespace preflint::py
