#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "syntax/source.h"

/// The syntax tree of a Python program. Nodes live in the Module's arena and are never changed;
/// spans are bytes of the module's source text.
namespace preflint::py {

enum class ExprKind : uint8_t {
  name,       // text
  attribute,  // children[0] . text
  call,       // children[0] ( children[1…] ); arguments may be keyword, star, double_star
  subscript,  // children[0] [ children[1] ]
  slice,      // children: lower, upper, step; null where left out
  string,     // text: decoded; adjacent literals are one fstring
  bytes,      // text: decoded
  fstring,    // children: string and format
  format,     // {children[0]!text:children[1]}; children[1] may be null; text "=" for {x=}
  integer,    // text as written
  real,       // text as written
  imaginary,  // text as written
  true_,
  false_,
  none,
  ellipsis,
  list,
  tuple,
  set,          // children, may hold star
  dict,         // children: key, value, key, value…; a null key is **value
  unary,        // op children[0]
  binary,       // children folded from the left with ops[i] before children[i + 1]
  boolean,      // as binary, with and_/or_
  compare,      // children[0] ops[0] children[1] ops[1] …
  conditional,  // children: value if true, test, value if false
  lambda,       // parameters, children[0]
  walrus,       // text := children[0]
  list_comp,
  set_comp,
  generator,  // children[0], clauses
  dict_comp,  // children[0]: children[1], clauses
  await,
  yield,
  yield_from,  // children[0], may be missing
  star,
  double_star,  // children[0]
  keyword,      // text = children[0], in a call
  pattern,      // of a match case, not modelled: children are the names that it binds
  unknown,      // what could not be read
};

enum class Op : uint8_t {
  none,
  add,
  sub,
  mul,
  div,
  floor_div,
  mod,
  pow,
  matmul,
  bit_and,
  bit_or,
  bit_xor,
  shift_left,
  shift_right,
  and_,
  or_,
  not_,
  plus,
  minus,
  invert,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  in,
  not_in,
  is,
  is_not,
};

struct Expr;
struct Parameters;

/// `for target in iterable if … if …` of a comprehension.
struct Clause {
  const Expr* target = nullptr;
  const Expr* iterable = nullptr;
  std::span<const Expr* const> conditions;
};

/// An expression. Which members mean something follows from `kind`.
struct Expr {
  ExprKind kind = ExprKind::unknown;
  Op op = Op::none;
  bool inexact =
      false;          // string: holds an escape that is not decoded; do not use its text as a value
  bool bare = false;  // string: a stretch of an f-string, its span has no quotes
  bool raw = false;   // bare: in a raw f-string
  Span span;
  std::string_view text;
  std::span<const Expr* const> children;
  std::span<const Op> ops;
  std::span<const Clause> clauses;
  const Parameters* parameters = nullptr;
};

/// One parameter of a function. `kind` is how an argument reaches it.
struct Parameter {
  enum Kind : uint8_t { positional_only, normal, variadic, keyword_only, variadic_keyword };
  Kind kind = normal;
  std::string_view name;
  Span span;
  const Expr* annotation = nullptr;
  const Expr* fallback = nullptr;  // the default
};

struct Parameters {
  std::span<const Parameter> list;
};

enum class StmtKind : uint8_t {
  expression,  // exprs[0]
  assign,      // exprs: targets…, value
  annotated,   // exprs: target, annotation, value or null
  augmented,   // exprs: target, value; op
  return_,     // exprs[0] may be missing
  delete_,
  raise,
  assert_,  // exprs
  pass,
  break_,
  continue_,
  import,       // names
  import_from,  // from <level dots> text import names; a name "*" is everything
  global,
  nonlocal,  // names
  if_,       // blocks (test, body)…, orelse
  while_,    // exprs[0], body, orelse
  for_,      // exprs: target, iterable; body, orelse
  try_,      // body, blocks (handlers), orelse, final
  with,      // items (test as target), body
  function,  // text, parameters, decorators, returns, body
  class_,    // text, exprs: bases and keywords; decorators, body
  match,     // exprs[0], blocks (test: pattern, guard, body)
  type_alias,
  unknown,  // what could not be read
};

struct Stmt;
using Body = std::span<const Stmt* const>;

/// A part of a compound statement with a head of its own: `elif`, `except`, `case`, a `with` item.
struct Block {
  Span span;
  const Expr* test = nullptr;    // condition, exception type, pattern, context manager; may be null
  const Expr* target = nullptr;  // `as target`; case: the guard
  Body body;
};

struct Alias {
  Span span;
  std::string_view name;   // dotted
  std::string_view alias;  // "" for none
};

/// A statement. Which members mean something follows from `kind`.
struct Stmt {
  StmtKind kind = StmtKind::unknown;
  Op op = Op::none;
  bool async = false;
  uint32_t level = 0;
  Span span;
  Span name_span;  // function, class_
  std::string_view text;
  std::span<const Expr* const> exprs;
  std::span<const Expr* const> decorators;
  std::span<const Block> blocks;
  std::span<const Alias> names;
  const Parameters* parameters = nullptr;
  const Expr* returns = nullptr;
  Body body, orelse, final;
};

struct SyntaxError {
  Span span;
  std::string message;   // English, short
  std::string key;       // template in rules/meta/PFL002
  std::string argument;  // for the template's placeholder
};

struct Arena;

/// A parsed program with its text. Copies share the tree, which nobody changes.
struct Module {
  Source source;
  Body body;
  std::vector<SyntaxError> errors;  // what CPython 3 surely rejects
  std::vector<Span> partial;   // regions that could not be read although CPython may accept them
  std::vector<Span> comments;  // from # to the end of the line
  bool too_deep = false;       // nesting past the limit: the tree stops there
  bool incomplete = false;     // stopped by the size or work budget

  std::string_view slice(Span span) const { return source.slice(span); }

  Module();
  std::shared_ptr<Arena> arena;
};

}  // namespace preflint::py
