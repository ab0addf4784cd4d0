#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/sentence.h"
#include "base/span.h"

namespace preflint {

/// Why something could not be done, in words for the person who can mend it. `where` is the place
/// in the input that is at fault, where there is one.
struct Error {
  std::string message;
  std::optional<Span> where;
  /// The message in Chinese; empty where it is but a key or a name.
  std::string zh = {};

  static Error of(Sentence words, std::optional<Span> where) {
    return {std::move(words.en), where, std::move(words.zh)};
  }
  Sentence sentence() const { return {message, in(Language::zh)}; }
  const std::string& in(Language language) const {
    return language == Language::zh && !zh.empty() ? zh : message;
  }
};

/// A value, or the reason why there is none (std::expected is not in GCC 12's library).
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() {
    assert(*this);
    return std::get<0>(state_);
  }
  const T& operator*() const {
    assert(*this);
    return std::get<0>(state_);
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }
  const Error& error() const {
    assert(!*this);
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

}  // namespace preflint
