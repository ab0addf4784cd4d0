#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "syntax/document.h"

namespace preflint::catalog {

/// Reads a mapping strictly: every key that is asked for is known, and what nobody asked for is an
/// error when the reading ends. Mistakes are collected, so that one run shows all of them.
class Fields {
 public:
  /// `what` names the mapping in messages: "a rule", "'network'".
  Fields(const Document& map, Sentence what, std::vector<Error>& errors);

  /// The value under a key, or null; an explicit null counts as absent.
  const Document* get(std::string_view key);
  const Document* need(std::string_view key);

  std::optional<std::string> text(std::string_view key);
  std::string need_text(std::string_view key);
  /// One of a closed list of words; "" after an error.
  std::string choice(std::string_view key, const std::vector<std::string_view>& words);
  std::optional<bool> flag(std::string_view key);
  std::optional<int64_t> integer(std::string_view key, int64_t least, int64_t most);
  std::optional<double> number(std::string_view key);
  /// A list of scalars; one scalar stands for a list of one.
  std::vector<std::string> texts(std::string_view key);
  /// The same as documents, for their places.
  std::vector<const Document*> scalars(std::string_view key);
  /// The items of a list; anything else is an error.
  std::vector<const Document*> items(std::string_view key);

  void fail(Span where, Sentence words);
  /// What went wrong elsewhere, told at a place here.
  void fail(Span where, const Error& error);
  /// Reports the keys that nobody asked for.
  void finish();
  Span span() const { return map_.span; }

 private:
  void missing(std::string_view key);
  void wrong_kind(std::string_view key, const Document& value, const Sentence& wanted);

  const Document& map_;
  Sentence what_;
  std::vector<Error>& errors_;
  std::vector<std::string> asked_;
};

/// Any scalar but null as text.
/// More mistakes of one file than this are not told one by one.
constexpr size_t kMostMistakes = 100;

bool is_text(const Document& value);

}  // namespace preflint::catalog
