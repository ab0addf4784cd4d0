#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace preflint::project {

/// Finds many literal texts in one pass. A literal that begins or ends with a letter, digit or `_`
/// is found only as a whole word there, unless that end is open: `pip` is not in `pipeline`; in
/// `\npip` it is.
class LiteralSet {
 public:
  static constexpr size_t kMinimum = 2;  // bytes of the shortest literal that can be looked for

  /// Numbers the literal; the same text with the same ends has the same number. It must have
  /// kMinimum bytes.
  uint32_t add(std::string_view literal, bool open_before = false, bool open_after = false);
  /// To be called once after the last add().
  void prepare();
  size_t size() const { return literals_.size(); }

  /// Calls `found` with the number of a literal for each of its occurrences.
  template <typename Found>
  void scan(std::string_view text, const Found& found) const {
    if (text.size() >= kGram) {
      const uint64_t* const bits = bits_.data();
      const size_t last = text.size() - kGram;
      for (size_t at = 0; at <= last; ++at) {
        const uint32_t hash = hash_of(text.data() + at);
        if ((bits[hash / 64] >> (hash % 64) & 1) == 0) continue;
        const size_t end = buckets_[(hash >> kShift) + 1];
        for (size_t i = buckets_[hash >> kShift]; i < end; ++i) {
          if (entries_[i].hash == hash && fits(text, at, entries_[i])) found(entries_[i].literal);
        }
      }
    }
    // A word of two letters is looked for with what follows it.
    if (text.size() >= kMinimum) {
      for (const uint32_t number : short_) {
        if (ends_with(text, literals_[number])) found(number);
      }
    }
  }

 private:
  static constexpr size_t kGram = 3;
  static constexpr unsigned kBits = 16;
  static constexpr unsigned kShift = 5;  // from a hash to its bucket

  struct Literal {
    std::string text;
    bool open_before, open_after;
  };
  struct Entry {
    uint32_t hash;
    uint32_t literal;
    uint32_t offset;  // of the three hashed bytes in the literal
  };
  static uint32_t hash_of(const char* at) {
    const auto byte = [&](size_t i) {
      return static_cast<uint32_t>(static_cast<unsigned char>(at[i]));
    };
    return ((byte(0) | byte(1) << 8 | byte(2) << 16) * 2654435761U) >> (32 - kBits);
  }
  bool fits(std::string_view text, size_t at, const Entry& entry) const;
  static bool ends_with(std::string_view text, const Literal& literal);

  std::vector<Literal> literals_;
  std::unordered_map<std::string, uint32_t> numbers_;  // by text and ends
  std::vector<uint32_t> short_;                        // literals of fewer bytes than are hashed
  std::vector<uint64_t> bits_;     // which hashes of three bytes begin a comparison
  std::vector<uint32_t> buckets_;  // into entries_, by the upper bits of the hash
  std::vector<Entry> entries_;     // sorted by hash
};

}  // namespace preflint::project
