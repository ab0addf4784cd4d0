#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/span.h"

namespace preflint {

/// A YAML, TOML or JSON text as one tree of values that knows where each of them stands. Nesting is
/// at most kMaxDepth, so that recursion over a document is safe. Maps keep the order of the file.
class Document {
 public:
  static constexpr int kMaxDepth = 128;
  /// Past this many values (aliases expanded) a text is refused.
  static constexpr size_t kMaxValues = 500'000;

  enum class Kind : uint8_t { null, boolean, integer, real, string, list, map };
  struct Member;

  Document();
  ~Document();
  Document(const Document&);
  Document(Document&&) noexcept;
  Document& operator=(const Document&);
  Document& operator=(Document&&) noexcept;

  Kind kind = Kind::null;
  Span span;  // the value as written, quotes included
  /// The bytes that are the string's text one to one, without quotes; nothing when there are
  /// escapes, folded lines or when the value is no string.
  std::optional<Span> exact;
  /// A scalar's text: decoded for strings, as written for numbers (`3.10` stays "3.10").
  std::string text;
  bool plain = false;  // YAML: a scalar without quotes
  bool boolean = false;
  int64_t integer = 0;
  double real = 0;
  std::vector<Document> items;  // of a list
  std::vector<Member> members;  // of a map

  bool is(Kind k) const { return kind == k; }
  bool is_null() const { return kind == Kind::null; }
  bool is_string() const { return kind == Kind::string; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  bool is_scalar() const { return kind != Kind::list && kind != Kind::map; }

  /// The member of a map, or null.
  const Document* find(std::string_view key) const;
  const Member* member(std::string_view key) const;
  /// The value below several keys: `at({"tool", "poetry", "dependencies"})`.
  const Document* at(std::initializer_list<std::string_view> keys) const;
};

/// A key of a map and its value.
struct Document::Member {
  std::string key;
  Span key_span;
  Document value;
};

Sentence given_twice(std::string_view key);
Sentence name_of(Document::Kind kind);  // "a list", for messages

/// YAML 1.2's core schema (`yes` and `012` are strings) with YAML 1.1's `<<`. One document;
/// duplicate keys, bad UTF-8 and control characters are errors; aliases are expanded within bounds.
Result<Document> parse_yaml(std::string_view text);
/// TOML 1.0. Dates are strings, as written.
Result<Document> parse_toml(std::string_view text);
/// RFC 8259; duplicate keys are an error.
Result<Document> parse_json(std::string_view text);

/// What PyYAML, which reads YAML 1.1, takes `yes`, `no`, `on` and `off` for; nothing for others.
std::optional<bool> boolean_of_yaml11(const Document& scalar);

/// The offset of the first byte that is not UTF-8, if there is one.
std::optional<uint32_t> invalid_utf8(std::string_view text);

}  // namespace preflint
