#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/shell/state.h"
#include "model/unit.h"
#include "model/value.h"

namespace preflint::shell {

/// A place in the structure of a program that encloses a command: where it stands, what runs it.
enum class FrameKind : uint8_t {
  if_condition,
  if_body,
  loop_condition,
  loop_body,
  case_body,
  and_or_left,   // its status decides whether the next pipeline of an && / || list runs
  and_or_right,  // it runs only because an earlier one succeeded (&&) or failed (||)
  negation,      // ! …
  pipeline,      // one command of several: `index` of `count`
  background,
  subshell,
  group,
  command_substitution,
  process_substitution,
  function,  // called: `unit`/`span` are the call
  uncalled,  // a function that nothing calls, looked at once at the end
  sourced,   // `unit`/`span` are the source command
  eval,
  trap,
};

struct Frame {
  FrameKind kind;
  const Frame* parent = nullptr;
  const Command* command = nullptr;  // the if, loop, case, function… in the syntax tree
  const AndOr* and_or = nullptr;     // and_or_left/right: the list; `index` is the pipeline's
  const Pipeline* pipeline = nullptr;
  size_t index = 0, count = 0;
  bool or_operator = false;  // and_or_right: reached through ||; left: followed by ||
  const Unit* unit = nullptr;
  Span span{};                 // in `unit`
  const Unit* text = nullptr;  // that `command`, `and_or` and `pipeline` stand in
};

/// A word before the command that runs it: sudo, env, nohup, timeout 60, conda run -n x.
struct Prefix {
  std::string name;
  Span span;                        // of the word
  std::vector<Argument> arguments;  // its own options and operands
};

struct RedirectEvent {
  const Redirect* redirect = nullptr;
  Value target;  // the file; for a here-string the text
};

/// A simple command about to run, with everything that is known at that point. A command in a
/// function or a sourced file has one event for each way it is reached.
struct CommandEvent {
  int index = 0;               // in Trace::commands: order of execution
  const Unit* unit = nullptr;  // that holds its text
  const Command* command = nullptr;
  Span span;                     // from the first prefix to the last argument, without redirects
  Span command_span;             // from the command word itself
  const Frame* frame = nullptr;  // innermost
  std::vector<Prefix> prefixes;  // outermost first
  /// What runs, by the name its documentation uses: the base name of the command word, `pythonN.M`
  /// is "python", `pipN` and `python -m pip`, `uv pip` are "pip", `python -m torch.distributed.run`
  /// is "torchrun"; "" when the word is not known.
  std::string name;
  std::string via;                  // "python" (-m) or "uv" when the name was found behind it
  Argument word;                    // the command word as written
  std::vector<Argument> arguments;  // after the name (for `python -m pip install x`: install x)
  std::vector<RedirectEvent> redirects;
  std::vector<std::pair<std::string, Value>> assignments;  // A=b before the command, and `env A=b`
  State state;                                             // of the shell, before it runs
  Environment environment;     // that the command itself gets, prefixes applied
  bool function_call = false;  // of a function of the program (name is "")
  bool tracked = false;        // its failure is followed in State::may_have_failed
  bool stdin_piped = false, stdout_piped = false;       // part of a pipeline
  bool stdin_attached = true;                           // no redirect, pipe or heredoc feeds it
  bool stdout_attached = true, stderr_attached = true;  // reach the terminal or the caller
  bool background = false;                              // itself or a list around it ends with &
  bool in_subshell = false;  // what it changes is lost to the shell that runs the unit
  enum class Hook : uint8_t { none, effective, lost, executed, needs_bash } hook = Hook::none;
  bool errexit = false;  // its failure surely ends the shell here

  /// Arguments that are known texts, as they are; unknown ones as "".
  std::vector<std::string> words() const;
  /// The first argument that is not an option.
  const Argument* operand(size_t n = 0) const;
  /// True when `option` (or `option=value`, or for `-x` a cluster holding x) is among the
  /// arguments.
  bool has_option(std::string_view option) const;
  /// The value of `--option value`, `--option=value`, `-o value`, `-ovalue`; null when absent.
  std::optional<Value> option_value(std::string_view option) const;
  bool has_prefix(std::string_view name) const;
  bool within(FrameKind kind) const;
  const Frame* enclosing(FrameKind kind) const;
  /// True when the command's text was run through this frame's unit by sourcing or a call (for
  /// chains).
  bool uncalled() const { return within(FrameKind::uncalled); }
};

/// Does a place stand under an `if` that asks for a command's status, or behind it in a list of
/// `&&` and `||`?
bool hangs_on(const Frame* place, const CommandEvent& asked);

/// A variable that the program assigns.
struct AssignmentEvent {
  const Unit* unit = nullptr;
  Span span;  // name=value
  Span value_span;
  const Frame* frame = nullptr;
  std::string name;
  Value value;
  Tri exported = Tri::no;
  bool append = false;
  State state;           // before
  int next_command = 0;  // number of commands run before it: its place in the order
};

/// A read of $? or ${PIPESTATUS[…]}.
struct StatusRead {
  const Unit* unit = nullptr;
  Span span;
  const Frame* frame = nullptr;
  std::string name;  // "?" or "PIPESTATUS"
  Status status;     // what it holds
  State state;
  int next_command = 0;
};

/// A text inside the program that is another program: run apart, after this one, in `environment`.
struct Embedded {
  UnitKind kind = UnitKind::shell;
  Embedding embedding = Embedding::dash_c;
  Source source;
  Dialect dialect = Dialect::bash;
  int command = -1;    // the event that runs it
  bool fresh = false;  // ssh, su -: nothing is inherited
  bool errexit = false;
  bool pipefail = false;
  bool login = false;
  /// The terminal that the text is typed into ("tmux train"): a shell that was there before and
  /// goes on behind it. "" for a shell that ends with the text.
  std::string window;
  std::vector<Argument> positional;
};

/// A script of the project (or module) that a command starts.
struct Launch {
  enum Kind : uint8_t { shell_script, python_file, python_module } kind = shell_script;
  int command = -1;
  Argument target;                  // path or module
  std::vector<Argument> arguments;  // argv after it
  Dialect dialect =
      Dialect::bash;  // shell_script started by name of an interpreter; else its shebang's
  bool by_interpreter = false;  // false: by its own path, so that its first line decides
  bool errexit = false;         // bash -e
  bool fresh = false;           // through ssh: another machine
  bool over_ssh = false;
};

struct SourceEvent {
  int command = -1;
  Value path;
  const Unit* target = nullptr;  // null: not found
};

/// Is it conda or one of those that take its arguments: mamba, micromamba?
bool is_conda(std::string_view command);

/// Everything one run of a unit does, in order.
struct Trace {
  std::vector<CommandEvent> commands;
  /// Those that may set up a tool for the ones behind them (`git config`, `unset`), and those that
  /// say where a remote is (`git remote add`, `git clone`): a script of thousands of downloads asks
  /// for them at each.
  std::vector<int> configs, remotes;
  std::vector<AssignmentEvent> assignments;
  std::vector<StatusRead> status_reads;
  std::vector<Embedded> embedded;
  std::vector<Launch> launches;
  std::vector<SourceEvent> sources;
  std::deque<Frame> frames;
  std::vector<std::shared_ptr<const Program>> programs;  // of eval'ed texts
  std::deque<Unit> units;                                // of eval'ed texts
  State at_end;                                          // all normal and early ends joined
  bool incomplete = false;  // the budget ran out: what follows was not looked at
};

}  // namespace preflint::shell
