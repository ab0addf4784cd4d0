#include "catalog/suggest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace preflint::catalog {
namespace {

constexpr size_t kMaxWord = 64;  // a longer word is no misspelling of anything
constexpr size_t kMaxListed = 40;

/// Edits between two words, where swapping neighbours counts as one and case as none.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (size_t k = 1; k <= b.size(); ++k) {
      const size_t change = lower(a[i - 1]) == lower(b[k - 1]) ? 0 : 1;
      now[k] = std::min({last[k] + 1, now[k - 1] + 1, last[k - 1] + change});
      if (i > 1 && k > 1 && lower(a[i - 1]) == lower(b[k - 2]) &&
          lower(a[i - 2]) == lower(b[k - 1])) {
        now[k] = std::min(now[k], before[k - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  if (word.empty() || word.size() > kMaxWord) return {};
  std::string_view best;
  size_t least = std::max<size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kMaxWord) continue;
    const size_t edits = distance(word, candidate);
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
}

Sentence suggestion(std::string_view word, const std::vector<std::string_view>& candidates) {
  if (const std::string_view near = nearest(word, candidates); !near.empty()) {
    return {fmt::format("; did you mean '{}'?", near), fmt::format("；是否想写 '{}'？", near)};
  }
  if (candidates.empty() || candidates.size() > kMaxListed) return {};
  const std::string all = fmt::format("{}", fmt::join(candidates, ", "));
  return {"; known are: " + all, "；可用的有：" + all};
}

}  // namespace preflint::catalog
