#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace preflint::catalog {

/// A condition on one resolved value. It holds when any of `values` fits; `${profile.x.y}` in them
/// is filled in from the profile (see expand() in profile.h). On a value that is not known it never
/// holds, negated or not.
struct ValueTest {
  enum class Kind : uint8_t {
    equals,
    starts_with,
    ends_with,
    contains,
    matches,  // RE2, anywhere in the value
    under,    // a path below (or equal to) one of these directories
    tier,     // a path on one of these tiers of the profile: system, data, shared…, or "durable"
  };
  Kind kind = Kind::equals;
  bool negated = false;
  std::span<const std::string_view> values;
};

/// One argument that a command must have (or, `absent`, must not have), in whatever order.
struct ArgumentTest {
  enum class Kind : uint8_t {
    word,      // one of `names` stands among the operands
    option,    // one of the options `names` is given, with a value that fits `value`
    position,  // the operand number `position` (0 is the first) fits `value`
  };
  Kind kind = Kind::word;
  bool absent = false;
  int position = 0;
  std::span<const std::string_view> names;
  std::span<const ValueTest> value;  // all must hold
};

/// One argument of a Python call, found by position or keyword.
struct CallArgumentTest {
  int position = -1;  // -1: by keyword only
  bool absent = false;
  bool has_fallback = false;
  std::span<const std::string_view> keywords;
  std::string_view fallback;  // the documented default, tested where the argument is not given
  std::span<const ValueTest> value;  // all must hold; none: being there is enough
};

/// What a requirement's version specifier must be like; versions may be `${profile.…}` or
/// `${image.…}`.
struct VersionTest {
  enum class Kind : uint8_t { admits, excludes, pinned, unpinned };
  Kind kind = Kind::pinned;
  std::span<const std::string_view> versions;  // any of them
};

/// What a data rule looks for, over the model and not over raw syntax.
struct Matcher {
  enum class Kind : uint8_t { command, call, requirement, query };
  enum class Site : uint8_t { instance, local, any };
  enum class At : uint8_t { whole, name, argument };  // which part the finding marks

  Kind kind = Kind::command;
  Site site = Site::instance;
  At at = At::whole;
  /// Command names; dotted origins of calls; normalised project names. Any of them.
  std::span<const std::string_view> names;
  std::span<const ArgumentTest> arguments;           // command: all must hold
  std::span<const CallArgumentTest> call_arguments;  // call: all must hold
  std::span<const VersionTest> versions;             // requirement: all must hold
  std::string_view query;           // tree-sitter query; `@match` is what is marked
  std::string_view query_language;  // shell or python
};

}  // namespace preflint::catalog
