#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/tri.h"

namespace preflint {

/// A stretch of a text: literal bytes, or a hole for something that is not known. Holes carry a
/// name for messages and comparison ("$1", "args.name") and whether they can be empty.
struct Piece {
  bool known = true;
  std::string text;
  Tri empty = Tri::maybe;  // holes only: can it expand to nothing?
  friend bool operator==(const Piece&, const Piece&) = default;
};

/// The names of the holes for where the project lies on the box, and for the folder in which a
/// program was started.
inline constexpr std::string_view kRootHole = "@root";
inline constexpr std::string_view kCwdHole = "@cwd";
/// Stands in an embedded text, as a variable's name, for something that the outer program put there
/// and that is not known.
inline constexpr std::string_view kOutsideHole = "PREFLINT_UNKNOWN";
/// The hole for a folder that is made for one run and thrown away, where the system wants those.
inline constexpr std::string_view kTemporaryHole = "tempfile";

/// A string of which some parts may be unknown: `/root/autodl-tmp/{$1}/best.pth`.
class Text {
 public:
  Text() = default;  // the empty string
  static Text literal(std::string_view text);
  static Text hole(std::string_view name, Tri empty = Tri::maybe);

  const std::vector<Piece>& pieces() const { return pieces_; }
  bool known() const;                           // no holes
  std::optional<std::string> constant() const;  // the string, when known
  /// The literal bytes before the first hole.
  std::string_view known_prefix() const;
  /// The literal bytes after the last hole (the whole text when known).
  std::string_view known_suffix() const;
  /// Every known byte in order, holes as `{name}`; for messages.
  std::string display() const;
  Tri empty() const;

  void append(std::string_view literal);
  void append(const Text& other);
  friend bool operator==(const Text&, const Text&) = default;

 private:
  std::vector<Piece> pieces_;
};

/// What a variable or expression can be: a few alternative texts, one for each path that reaches
/// the point. Past kMaxAlternatives it is one hole. `display` order is the order in which paths
/// were seen. Copies share the texts: every event of a run keeps the values that it saw.
class Value {
 public:
  static constexpr size_t kMaxAlternatives = 6;

  Value() = default;                                                  // the empty string
  Value(Text text) : Value(std::vector<Text>(1, std::move(text))) {}  // NOLINT
  static Value literal(std::string_view text) { return Text::literal(text); }
  static Value unknown(std::string_view name = "?", Tri empty = Tri::maybe) {
    return Text::hole(name, empty);
  }

  const std::vector<Text>& alternatives() const {
    return alternatives_ ? *alternatives_ : no_text();
  }
  /// The string, when there is one alternative and it is known.
  std::optional<std::string> constant() const;
  /// All the strings, when every alternative is known; empty otherwise.
  std::vector<std::string> constants() const;
  bool is(std::string_view literal) const;
  /// True when some alternative is exactly this.
  bool may_be(std::string_view literal) const;
  /// True when nothing at all is known: every alternative is one hole.
  bool unknown_whole() const;
  Tri empty() const;
  std::string display() const;  // of the first alternative
  /// The literal bytes with which every alternative begins, when there is one alternative.
  std::string_view known_start() const {
    return alternatives().size() == 1 ? alternatives()[0].known_prefix() : std::string_view();
  }

  Value joined(const Value& other) const;
  Value concatenated(const Value& other) const;
  friend bool operator==(const Value& a, const Value& b) {
    return a.alternatives_ == b.alternatives_ || a.alternatives() == b.alternatives();
  }

 private:
  explicit Value(std::vector<Text> alternatives)
      : alternatives_(std::make_shared<const std::vector<Text>>(std::move(alternatives))) {}
  static const std::vector<Text>& no_text();

  std::shared_ptr<const std::vector<Text>> alternatives_;  // null: the empty string
};

/// Lexical path operations on texts with holes; a hole in the first component makes a path unknown,
/// later ones stay components of their own. All paths use '/'.
namespace paths {
bool absolute(const Text& path);
/// `base`/`path` unless path is absolute. `.`, `..`, `//` resolved; a `..` over a hole stays
/// unknown.
Text join(const Text& base, const Text& path);
Text normalise(const Text& path);
std::string normalise(std::string_view path);
std::string join(std::string_view base, std::string_view path);
std::string dirname(std::string_view path);
std::string basename(std::string_view path);
/// yes: surely below (or equal to) the directory; no: surely elsewhere; maybe: a hole decides.
Tri under(const Text& path, std::string_view directory);
bool under(std::string_view path, std::string_view directory);
}  // namespace paths

}  // namespace preflint
