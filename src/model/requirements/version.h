#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preflint::req {

/// A version as PEP 440 defines it, with its order. Numbers past 2^64 are taken as the largest one.
struct Version {
  enum class Pre : uint8_t { alpha, beta, candidate };
  /// A part of the local version: numbers come after words.
  struct Local {
    bool number = false;
    uint64_t value = 0;
    std::string word;  // lower case
    friend std::strong_ordering operator<=>(const Local& a, const Local& b);
    friend bool operator==(const Local&, const Local&) = default;
  };

  uint64_t epoch = 0;
  std::vector<uint64_t> release;  // as written; trailing zeros do not count in comparisons
  std::optional<std::pair<Pre, uint64_t>> pre;
  std::optional<uint64_t> post, dev;
  std::vector<Local> local;

  /// Every spelling that PEP 440 normalises: `v1.0-alpha.1`, `1.0-1`, surrounding blanks.
  static std::optional<Version> parse(std::string_view text);

  bool prerelease() const { return pre.has_value() || dev.has_value(); }
  Version public_part() const;  // without the local version
  Version base() const;         // epoch and release alone
  std::string local_text() const;
  std::string str() const;  // normalised
  uint64_t part(size_t n) const { return n < release.size() ? release[n] : 0; }

  friend std::strong_ordering operator<=>(const Version& a, const Version& b);
  friend bool operator==(const Version& a, const Version& b) { return (a <=> b) == 0; }
};

/// Reads what the grammar of a version allows from the front of `text` (no blanks): the number of
/// bytes; 0 when there is no version. `local`: a local version may follow.
size_t version_length(std::string_view text, bool local);

/// PEP 503: lower case, runs of `-_.` become one dash.
std::string normalised_name(std::string_view name);

}  // namespace preflint::req
