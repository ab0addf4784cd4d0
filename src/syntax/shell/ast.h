#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

/// The syntax tree of a shell program, as bash reads it. Spans are bytes of the parsed text.
namespace preflint::shell {

struct List;
struct Word;

enum class PartKind : uint8_t {
  literal,        // unquoted bytes; `text` has backslashes removed
  single_quoted,  // '…'
  ansi_quoted,    // $'…', escapes decoded in `text`
  double_quoted,  // "…" or $"…": `parts`
  parameter,      // $x ${x} ${x:-w} ${#x} ${!x} ${x[i]} $1 $@ $? …
  command,        // $(…) or `…`: `list`
  process,        // <(…) >(…): `list`, `text` is "<" or ">"
  arithmetic,     // $((…)) or $[…]: `text` is the expression as written
  glob,           // *, ?, […] and extglob groups, as written in `text`
  tilde,  // ~ or ~user at the start of a word (or after = or : in an assignment): `text` = user
  brace,  // {a,b} or {1..3}: `words` are the alternatives ({1..3} expanded up to 64 of them)
};

/// A piece of a word.
struct Part {
  PartKind kind = PartKind::literal;
  Span span;         // as written, quotes and all
  std::string text;  // see PartKind
  // parameter: name ("x", "1", "@", "#", "?"); operator as written (":-", "-", ":=", "=", ":?",
  // "?",
  // ":+", "+", "#", "##", "%", "%%", "/", "//", "/#", "/%", ":", "^", "^^", ",", ",,", "@" (the
  // letter is in `text`), "length" for ${#x}, "indirect" for ${!x}, "names" for ${!x*}); "" for
  // plain.
  std::string name;
  std::string op;
  std::optional<std::string> index;  // of an array element, as written: ${a[0]}, ${a[@]}
  std::vector<Part> parts;           // double_quoted
  std::vector<Word> words;     // parameter: operands of the operator (pattern, replacement); brace
  std::shared_ptr<List> list;  // command, process
  bool backquoted = false;     // command: `…`
};

/// A shell word; no parts means the empty word, which only "" and '' can write (as quoted parts).
struct Word {
  Span span;
  std::vector<Part> parts;

  /// The word's text when it has no expansions (quotes removed); nothing otherwise.
  std::optional<std::string> literal() const;
  /// True when any part is quoted.
  bool quoted() const;
};

enum class RedirectKind : uint8_t {
  input,        // <
  output,       // > and >|
  append,       // >>
  read_write,   // <>
  both,         // &> and >& FILE
  both_append,  // &>>
  duplicate,    // >&N, <&N, >&-: `target` is N or "-"
  heredoc,      // << and <<-
  here_string,  // <<<
};

struct Redirect {
  RedirectKind kind = RedirectKind::output;
  Span span;                // operator and target (not a heredoc's body)
  int fd = -1;              // as written; -1: the operator's default (0 for input, 1 for output)
  std::string fd_variable;  // {name}>file
  Word target;              // file, number, here-string; for a heredoc the delimiter word
  // heredocs
  Span body;                  // the body's lines, without the delimiter line
  bool quoted = false;        // delimiter quoted: nothing is expanded
  bool strip_tabs = false;    // <<-
  std::vector<Part> content;  // the body: literal (with tabs stripped) and expansion parts

  /// `> file` and `>> file` of what a command prints.
  bool takes_output() const {
    return (kind == RedirectKind::output || kind == RedirectKind::append) && fd != 2;
  }
};

struct Assignment {
  Span span;
  std::string name;
  std::optional<std::string> index;  // a[i]=…
  bool append = false;               // +=
  bool array = false;                // a=(…)
  Word value;                        // scalar
  std::vector<Word> elements;        // array
};

/// `[[ … ]]` as a tree.
struct Condition {
  enum Kind : uint8_t { unary, binary, word, negation, conjunction, disjunction } kind = word;
  Span span;
  std::string op;  // "-f", "==", "=~", "-eq"…
  std::vector<Word> words;
  std::vector<Condition> operands;
};

struct Command;
using CommandPtr = std::shared_ptr<const Command>;

/// `a | b |& c`, with an optional `!` and `time`.
struct Pipeline {
  Span span;
  bool negated = false;
  bool timed = false;
  std::vector<CommandPtr> commands;
  std::vector<bool> merges_stderr;  // for each `|`: it is `|&`
};

/// `p && q || r`: `operators[i]` stands before pipelines[i + 1].
struct AndOr {
  enum Operator : uint8_t { and_if, or_if };
  Span span;
  std::vector<Pipeline> pipelines;
  std::vector<Operator> operators;
  bool background = false;  // ended by &
};

struct List {
  Span span;
  std::vector<AndOr> items;
};

struct IfClause {
  List condition;
  List body;
};

struct CaseItem {
  Span span;
  std::vector<Word> patterns;
  List body;
  enum End : uint8_t { stop, fall_through, test_next } end = stop;  // ;; ;& ;;&
};

enum class CommandKind : uint8_t {
  simple,      // assignments, words
  subshell,    // ( body )
  group,       // { body }
  if_,         // clauses, optional else_body
  while_,      // condition, body
  until_,      // condition, body
  for_,        // name in words; body
  select,      // as for_
  arith_for,   // for ((…)); body; text
  case_,       // subject, items
  function,    // name, definition (a compound command)
  test,        // [[ … ]]: test
  arithmetic,  // (( … )): text
  coproc,      // definition
};

/// Any command. Which members mean something follows from `kind`.
struct Command {
  CommandKind kind = CommandKind::simple;
  Span span;  // with its redirects
  std::vector<Redirect> redirects;

  std::vector<Assignment> assignments;  // simple: before the command word; declare-like: see words
  std::vector<Word> words;  // simple: the command and its arguments; for_, select: the list
  // simple, of declare/export/local/readonly/typeset: the arguments that are assignments, with the
  // index into `words` at which each stands (that word is also kept in `words`).
  std::vector<std::pair<size_t, Assignment>> declared;

  List condition;                 // while_, until_
  List body;                      // subshell, group, loops
  std::vector<IfClause> clauses;  // if_
  std::optional<List> else_body;  // if_
  bool has_in = false;            // for_, select: `in` was written (without it: "$@")
  std::string name;               // for_, select: the variable; function, coproc: the name
  Span name_span;
  Word subject;                 // case_
  std::vector<CaseItem> items;  // case_
  CommandPtr definition;        // function, coproc
  Condition test;               // test
  std::string text;             // arithmetic, arith_for: the expression as written
};

struct Comment {
  Span span;  // from # to the end of the line, without the newline
};

struct SyntaxError {
  Span span;
  std::string message;  // English, short, as a person would say it: "`fi` without `if`"
  /// A translation key and argument for output: see rules/meta/PFL002.
  std::string key;
  std::string argument;
};

enum class Dialect : uint8_t { bash, posix, zsh, ksh };

/// A parsed program. On an error the tree holds everything before the statement that failed, and
/// what could be read after it (recovery restarts at the next line).
struct Program {
  List list;
  std::vector<Comment> comments;
  std::vector<SyntaxError> errors;  // what `bash -n` would reject; first one is what bash reports
  bool too_deep = false;            // nesting over the limit: the tree stops there
  bool incomplete = false;          // stopped by the time or size budget
};

struct ParseLimits {
  size_t depth = 200;
  size_t nodes = 4'000'000;
};

/// Parses shell text. Never fails, never throws; linear in the size of the text.
Program parse(std::string_view text, Dialect dialect, const ParseLimits& limits = {});

}  // namespace preflint::shell
