#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/span.h"

namespace preflint::probe {

/// More output than this is not read: a probe prints a few kilobytes.
constexpr size_t kMostBytes = 8u << 20;

/// What the probe script printed about a box: `key=value` lines between its first and its last one.
/// Everything before (a banner, the message of the day) and lines of any other form are passed
/// over.
class Facts {
 public:
  static Facts parse(std::string_view output);

  /// The value of a key, "" when it is not there or nothing is known.
  std::string_view operator[](std::string_view key) const;
  bool has(std::string_view key) const { return values_.contains(key); }
  std::optional<long long> number(std::string_view key) const;
  /// Where a key's line stands in the output; the beginning of the facts when there is none.
  Span span(std::string_view key) const;

  bool began() const { return began_; }
  bool complete() const { return complete_; }
  const std::string& last() const { return last_; }  // the key that was read last

 private:
  struct Value {
    std::string text;
    Span span;
  };
  std::map<std::string, Value, std::less<>> values_;
  Span start_;
  std::string last_;
  bool began_ = false, complete_ = false;
};

}  // namespace preflint::probe
