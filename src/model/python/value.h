#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/tri.h"
#include "model/value.h"
#include "syntax/python/ast.h"

namespace preflint::py {

struct Object;
struct Function;
struct ProgramFile;
struct Value;

enum class Type : uint8_t {
  unknown,  // `name()` says what it stands for, for messages
  none,
  boolean,
  integer,
  real,
  string,  // text(); pathlib paths too (is_path)
  bytes,
  list,
  tuple,
  set,        // items(); `open`: there may be more or others
  dict,       // items(): key, value, key, value…
  reference,  // something outside the project: origin(), e.g. "torch.save", "open()",
              // "x.Writer().close"
  module,     // a module of the project: origin() is its name
  function,   // of the project (also a lambda): origin() is its qualified name
  method,     // of the project, bound to an instance or class
  class_,     // of the project
  instance,   // of a project class: origin() is the class; also namespaces of options
  either,     // one of items()
};

/// A stretch of a string as it stands in a file: literal bytes to be mapped one to one, or
/// something whose value was put there.
struct Fragment {
  const ProgramFile* file = nullptr;
  const Expr* literal = nullptr;  // null: a hole or a computed part
  Span span;
  Text text;
};

struct Payload {
  preflint::Value text;
  std::vector<Value> items;
  std::string origin;
  std::vector<Fragment> written;  // strings whose parts are known to stand in a file
};

/// What an expression of a Python program can be. Values in events are snapshots: they do not
/// change when the program later changes the list or object.
struct Value {
  Type type = Type::unknown;
  bool assumed = false;        // rests on a default that something unseen may override
  bool is_path = false;        // a pathlib path
  bool open = false;           // collections: not all elements are known
  bool maybe_missing = false;  // environment and dict entries: set on some paths only
  uint32_t weight = 1;         // number of values in it, for limits
  int64_t number = 0;          // integer; boolean as 0 or 1
  double real = 0;
  int call = -1;             // the call event whose result this is or comes from (Trace::calls)
  Object* object = nullptr;  // live collections and instances, while the program runs
  const Function* function = nullptr;  // function, method
  std::shared_ptr<const Payload> payload;

  static Value unknown(std::string_view name = "?");
  /// Not known, but this where nobody says anything else: an option of a launch whose words are not
  /// all known.
  static Value unless_given(std::string_view name, Value fallback);
  static Value none() { return of(Type::none); }
  static Value boolean(bool value);
  static Value integer(int64_t value);
  static Value floating(double value);
  static Value string(preflint::Value text);
  static Value string(std::string_view text) { return string(preflint::Value::literal(text)); }
  static Value path(preflint::Value text);
  static Value reference(std::string_view origin, int call = -1);
  static Value collection(Type type, std::vector<Value> items, bool open = false);
  static Value of(Type type);

  bool is_unknown() const { return type == Type::unknown; }
  bool is_none() const { return type == Type::none; }
  bool is_string() const { return type == Type::string; }
  bool is_number() const {
    return type == Type::integer || type == Type::real || type == Type::boolean;
  }
  /// The texts of a string (or of all alternatives of an `either`, others as holes); one hole for
  /// everything that is no string.
  preflint::Value text() const;
  /// What str() gives: texts, numbers, True, None; a hole for what is not known.
  preflint::Value str() const;
  std::optional<std::string> constant() const;  // a string that is known
  bool is(std::string_view text) const { return constant() == text; }
  /// Truth value.
  Tri truth() const;
  /// Truth value where nobody says anything else; maybe where that is not known either.
  Tri expected() const;
  /// Elements of a collection or alternatives of an `either`.
  const std::vector<Value>& items() const;
  /// The alternatives: this value itself unless it is an `either`.
  std::vector<Value> alternatives() const;
  /// A dict's value or an instance's attribute under a string key; null when not known to be there.
  const Value* entry(std::string_view key) const;
  std::string_view origin() const;
  std::string name() const;  // of an unknown
  bool is_reference(std::string_view origin) const {
    return type == Type::reference && this->origin() == origin;
  }
  const std::vector<Fragment>& written() const;

  /// This or the other. Past six alternatives it is not known; tuples of one length are then one,
  /// each of whose elements may be any of theirs.
  Value joined(const Value& other) const;
  friend bool operator==(const Value& a, const Value& b);
};

/// The text of a string value as a source of its own, mapped to where it is written (the literal,
/// even when it was assigned to a variable first). Interpolations whose value is not known stand in
/// it as
/// `${__py_name}`, which no shell sets. Nothing when the string is not written in one file.
std::optional<Source> source_of(const Value& value);

}  // namespace preflint::py
