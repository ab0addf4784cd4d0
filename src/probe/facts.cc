#include "probe/facts.h"

#include <algorithm>
#include <charconv>

#include "probe/printable.h"

namespace preflint::probe {
namespace {

constexpr size_t kLongestValue = 1000;
constexpr size_t kMostFacts = 2000;

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= 80 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

Facts Facts::parse(std::string_view output) {
  Facts facts;
  for (size_t at = 0; at < output.size() && !facts.complete_;) {
    const size_t end = std::min(output.find('\n', at), output.size());
    std::string_view line = output.substr(at, end - at);
    const Span span{static_cast<uint32_t>(at), static_cast<uint32_t>(end)};
    at = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos || !is_key(line.substr(0, equals))) continue;
    const std::string_view key = line.substr(0, equals), value = line.substr(equals + 1);
    if (key == "preflint.begin") {
      // A login script may have shown a captured output before.
      facts = Facts();
      facts.began_ = true;
      facts.start_ = span;
      continue;
    }
    if (!facts.began_) continue;
    if (key == "preflint.end") {
      facts.complete_ = value == "ok";
      continue;
    }
    if (facts.values_.size() >= kMostFacts) continue;
    facts.last_ = key;
    facts.values_.insert_or_assign(std::string(key),
                                   Value{printable(value.substr(0, kLongestValue)), span});
  }
  return facts;
}

std::string_view Facts::operator[](std::string_view key) const {
  const auto it = values_.find(key);
  return it == values_.end() ? std::string_view() : std::string_view(it->second.text);
}

std::optional<long long> Facts::number(std::string_view key) const {
  const std::string_view text = (*this)[key];
  long long value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || text.empty()) {
    return std::nullopt;
  }
  // Nothing that a box counts is larger; sums and percentages of what is smaller do not overflow.
  constexpr long long kLargest = 10'000'000'000'000'000;
  if (value > kLargest || value < -kLargest) return std::nullopt;
  return value;
}

Span Facts::span(std::string_view key) const {
  const auto it = values_.find(key);
  return it == values_.end() ? start_ : it->second.span;
}

}  // namespace preflint::probe
