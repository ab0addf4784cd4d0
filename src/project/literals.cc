#include "project/literals.h"

#include <algorithm>
#include <cassert>

namespace preflint::project {
namespace {

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

/// Bytes that end a word.
constexpr std::string_view kEnds = " \t\r\n\"'`()[]{}<>;|&\\,:=/.-+*?!#$%^~@";

}  // namespace

uint32_t LiteralSet::add(std::string_view literal, bool open_before, bool open_after) {
  assert(literal.size() >= kMinimum);
  std::string key(literal);
  key += open_before ? '*' : ' ';
  key += open_after ? '*' : ' ';
  const auto [at, fresh] =
      numbers_.emplace(std::move(key), static_cast<uint32_t>(literals_.size()));
  if (fresh) literals_.push_back({std::string(literal), open_before, open_after});
  return at->second;
}

void LiteralSet::prepare() {
  bits_.assign((size_t{1} << kBits) / 64, 0);
  entries_.clear();
  short_.clear();
  const auto enter = [&](const std::string& text, size_t offset, uint32_t literal) {
    const uint32_t hash = hash_of(text.data() + offset);
    bits_[hash / 64] |= uint64_t{1} << (hash % 64);
    entries_.push_back({hash, literal, static_cast<uint32_t>(offset)});
  };
  for (uint32_t i = 0; i < literals_.size(); ++i) {
    const std::string& literal = literals_[i].text;
    if (literal.size() < kGram) {
      short_.push_back(i);
      for (const char end : kEnds) enter(literal + end, 0, i);
      continue;
    }
    size_t best = 0;
    int best_score = -1;
    for (size_t at = 0; at + kGram <= literal.size(); ++at) {
      const int score = rarity(literal[at]) + rarity(literal[at + 1]) + rarity(literal[at + 2]);
      if (score > best_score) {
        best = at;
        best_score = score;
      }
    }
    enter(literal, best, i);
  }
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.hash < b.hash; });
  constexpr uint32_t kBuckets = uint32_t{1} << (kBits - kShift);
  buckets_.assign(kBuckets + 1, static_cast<uint32_t>(entries_.size()));
  size_t entry = 0;
  for (uint32_t bucket = 0; bucket < kBuckets; ++bucket) {
    while (entry < entries_.size() && entries_[entry].hash >> kShift < bucket) ++entry;
    buckets_[bucket] = static_cast<uint32_t>(entry);
  }
}

bool LiteralSet::fits(std::string_view text, size_t at, const Entry& entry) const {
  const Literal& literal = literals_[entry.literal];
  if (at < entry.offset) return false;
  const size_t begin = at - entry.offset, end = begin + literal.text.size();
  if (end > text.size() || text.substr(begin, literal.text.size()) != literal.text) return false;
  if (!literal.open_before && word(literal.text.front()) && !free_before(text, begin)) return false;
  return literal.open_after || !word(literal.text.back()) || end == text.size() || !word(text[end]);
}

bool LiteralSet::ends_with(std::string_view text, const Literal& literal) {
  if (!text.ends_with(literal.text)) return false;
  return literal.open_before || !word(literal.text.front()) ||
         free_before(text, text.size() - literal.text.size());
}

}  // namespace preflint::project
