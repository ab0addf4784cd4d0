#include "catalog/selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "catalog/suggest.h"

namespace preflint::catalog {
namespace {

constexpr int kExact = 1000;

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && starts_with(a, b);
}

int closest(const std::vector<std::string>& selectors, const Rule& rule) {
  int best = 0;
  for (const std::string& selector : selectors) best = std::max(best, closeness(selector, rule));
  return best;
}

}  // namespace

int closeness(std::string_view selector, const Rule& rule) {
  if (selector.empty()) return 0;
  if (same(selector, rule.id) || same(selector, rule.name)) return kExact;
  if (same(selector, "ALL")) return 1;
  const bool gotcha = std::any_of(rule.gotchas.begin(), rule.gotchas.end(),
                                  [&](std::string_view g) { return same(selector, g); });
  if (gotcha) return kExact - 1;
  return starts_with(rule.id, selector) ? static_cast<int>(selector.size()) + 1 : 0;
}

bool enabled(const Rule& rule, const std::vector<std::string>& select,
             const std::vector<std::string>& extend_select,
             const std::vector<std::string>& ignore) {
  const int chosen =
      std::max(select.empty() ? 1 : closest(select, rule), closest(extend_select, rule));
  return chosen > closest(ignore, rule);
}

std::optional<Sentence> unknown_selector(std::string_view selector,
                                         const std::vector<const Rule*>& rules) {
  if (same(selector, "ALL")) return std::nullopt;
  std::vector<std::string_view> known{"ALL"};
  for (const Rule* rule : rules) {
    if (closeness(selector, *rule) > 0) return std::nullopt;
    known.insert(known.end(), {rule->id, rule->name});
    known.insert(known.end(), rule->gotchas.begin(), rule->gotchas.end());
  }
  const std::string_view near = nearest(selector, known);
  Sentence sentence{fmt::format("no rule is selected by '{}'", selector),
                    fmt::format("没有规则与 '{}' 对应", selector)};
  if (!near.empty()) {
    sentence.en += fmt::format("; did you mean '{}'?", near);
    sentence.zh += fmt::format("；是否想写 '{}'？", near);
  }
  return sentence;
}

}  // namespace preflint::catalog
