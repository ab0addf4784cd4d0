#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace preflint::project {

/// Finds many literal texts in one pass. A literal that begins or ends with a letter, digit or `_` is found
/// only as a whole word there: `pip` is not in `pipeline`; in `\npip` it is.
class LiteralSet {
 public:
  static constexpr size_t kMinimum = 3;  // bytes of the shortest literal that can be looked for

  /// Numbers the literal; the same text has the same number. It must have kMinimum bytes.
  uint32_t add(std::string_view literal);
  /// To be called once after the last add().
  void prepare();
  size_t size() const { return literals_.size(); }

  /// Calls `found` with the number of a literal for each of its occurrences.
  void scan(std::string_view text, const std::function<void(uint32_t)>& found) const;

 private:
  struct Entry {
    uint32_t hash;
    uint32_t literal;
    uint32_t offset;  // of the three hashed bytes in the literal
  };
  std::vector<std::string> literals_;
  std::vector<uint64_t> bits_;     // which hashes of three bytes begin a comparison
  std::vector<uint32_t> buckets_;  // into entries_, by hash
  std::vector<Entry> entries_;     // sorted by hash
};

}  // namespace preflint::project
