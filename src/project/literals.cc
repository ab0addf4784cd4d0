#include "project/literals.h"

#include <algorithm>
#include <cassert>

namespace preflint::project {
namespace {

constexpr unsigned kBits = 16;
constexpr size_t kGram = LiteralSet::kMinimum;

uint32_t hash_of(const char* at) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(at[i])); };
  return ((byte(0) | byte(1) << 8 | byte(2) << 16) * 2654435761U) >> (32 - kBits);
}

bool word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// How seldom a byte is in program text; only the order matters.
int rarity(char c) {
  if (c >= 'A' && c <= 'Z') return 3;
  if (c >= '0' && c <= '9') return 3;
  if (std::string_view("etaoinsrl_ ").find(c) != std::string_view::npos) return 0;
  return c >= 'a' && c <= 'z' ? 1 : 2;
}

/// Does a word of the text end before `begin`? `\n`, `\t` and `\r` in a quoted text are no letters.
bool free_before(std::string_view text, size_t begin) {
  if (begin == 0 || !word(text[begin - 1])) return true;
  const char last = text[begin - 1];
  return begin > 1 && text[begin - 2] == '\\' && (last == 'n' || last == 't' || last == 'r');
}

}  // namespace

uint32_t LiteralSet::add(std::string_view literal) {
  assert(literal.size() >= kMinimum);
  const auto known = std::find(literals_.begin(), literals_.end(), literal);
  if (known != literals_.end()) return static_cast<uint32_t>(known - literals_.begin());
  literals_.emplace_back(literal);
  return static_cast<uint32_t>(literals_.size() - 1);
}

void LiteralSet::prepare() {
  bits_.assign((size_t{1} << kBits) / 64, 0);
  entries_.clear();
  for (uint32_t i = 0; i < literals_.size(); ++i) {
    const std::string& literal = literals_[i];
    size_t best = 0;
    int best_score = -1;
    for (size_t at = 0; at + kGram <= literal.size(); ++at) {
      const int score = rarity(literal[at]) + rarity(literal[at + 1]) + rarity(literal[at + 2]);
      if (score > best_score) {
        best = at;
        best_score = score;
      }
    }
    const uint32_t hash = hash_of(literal.data() + best);
    bits_[hash / 64] |= uint64_t{1} << (hash % 64);
    entries_.push_back({hash, i, static_cast<uint32_t>(best)});
  }
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.hash < b.hash; });
  buckets_.assign((size_t{1} << kBits) + 1, static_cast<uint32_t>(entries_.size()));
  size_t entry = 0;
  for (uint32_t hash = 0; hash < (1U << kBits); ++hash) {
    while (entry < entries_.size() && entries_[entry].hash < hash) ++entry;
    buckets_[hash] = static_cast<uint32_t>(entry);
  }
}

void LiteralSet::scan(std::string_view text, const std::function<void(uint32_t)>& found) const {
  if (text.size() < kGram || entries_.empty()) return;
  const uint64_t* const bits = bits_.data();
  const size_t last = text.size() - kGram;
  for (size_t at = 0; at <= last; ++at) {
    const uint32_t hash = hash_of(text.data() + at);
    if ((bits[hash / 64] >> (hash % 64) & 1) == 0) continue;
    for (size_t i = buckets_[hash]; i < entries_.size() && entries_[i].hash == hash; ++i) {
      const std::string& literal = literals_[entries_[i].literal];
      if (at < entries_[i].offset) continue;
      const size_t begin = at - entries_[i].offset, end = begin + literal.size();
      if (end > text.size() || text.substr(begin, literal.size()) != literal) continue;
      if (word(literal.front()) && !free_before(text, begin)) continue;
      if (word(literal.back()) && end < text.size() && word(text[end])) continue;
      found(entries_[i].literal);
    }
  }
}

}  // namespace preflint::project
