#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/requirements/version.h"

namespace preflint::req {

/// One clause of a version specifier: `>=2.0`, `==1.*`, `~=2.2`.
struct Specifier {
  enum class Op : uint8_t {
    compatible,
    equal,
    not_equal,
    at_most,
    at_least,
    below,
    above,
    arbitrary
  };
  Op op = Op::equal;
  bool wildcard = false;  // ends in .*
  std::string text;       // the version as written
  Version version;        // without the wildcard; of `===` what can be read of it
  bool readable = true;   // false: `===` with something that is no version

  bool exact() const { return (op == Op::equal && !wildcard) || op == Op::arbitrary; }
  /// Does naming it let pre-releases in?
  bool prereleases() const;
  bool contains(const Version& version, bool prereleases) const;
  std::string str() const;
  friend bool operator==(const Specifier&, const Specifier&) = default;
};

/// Reads one specifier from the front of a text: its length, 0 when there is none.
size_t read_specifier(std::string_view text, Specifier& out);

/// Clauses that all must hold. Several entries for one project are joined by `and_also`.
struct Specifiers {
  std::vector<Specifier> all;

  /// Comma-separated clauses, as in `>=2.0,<3`; an error says why not and where.
  static Result<Specifiers> parse(std::string_view text);
  bool empty() const { return all.empty(); }
  /// PEP 440's rule: pre-releases only when a clause names one, unless `prereleases` says
  /// otherwise.
  bool contains(const Version& version, std::optional<bool> prereleases = std::nullopt) const;
  Specifiers and_also(const Specifiers& other) const;
  /// The clause that allows one version only, if there is one.
  const Specifier* exact() const;
  std::string str() const;
};

/// Which versions a specifier lets in, seen from one version.
struct Admission {
  bool same = false;   // the version itself
  bool older = false;  // some version before it
  bool newer = false;  // some version after it
  bool none() const { return !same && !older && !newer; }
};
/// Versions are taken to lie densely: between any two there may be another.
Admission admission(const Specifiers& specifiers, const Version& installed);

/// Is some version at or after `from` (at its release or later) let in that lies before `until`?
bool admits_between(const Specifiers& specifiers, const Version& from, const Version& until);
/// Is there a version above which nothing is let in?
bool bounded_above(const Specifiers& specifiers);

}  // namespace preflint::req
