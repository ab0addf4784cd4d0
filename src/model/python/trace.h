#pragma once

#include <deque>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/python/value.h"
#include "syntax/notebook.h"
#include "syntax/python/ast.h"

namespace preflint::py {

/// A file of the program with its tree: the entry, or a module of the project that was imported.
struct ProgramFile {
  std::string path;
  std::string name;  // dotted module name; "__main__" for the entry
  Module syntax;
  bool package = false;  // an __init__.py
};

/// What encloses an event, innermost first through `parent`.
enum class FrameKind : uint8_t {
  condition,   // if, elif, else, while, match, a ? b, and/or: `taken`, `mentions`
  after_exit,  // the rest of a block after `if …: return`: the condition is false (`taken`) here
  loop,        // for, while: `span` is its head
  comprehension,
  with,      // `mentions`: what is entered
  try_body,  // `mentions`: the exceptions that are caught; `swallows`
  handler,   // except; `mentions`
  final,     // finally
  function,  // a project function was called: `span` is the call, `name` the function
  uncalled,  // a function that nothing calls, run once with unknown arguments
  import,    // a project module is being imported: `span` is the import
  class_body,
};

struct Frame {
  FrameKind kind;
  const Frame* parent = nullptr;
  const ProgramFile* file = nullptr;
  Span span;  // in `file`: the condition, head, call, import
  std::string name;
  std::string class_name;             // function: the class that it is a method of
  std::vector<std::string> mentions;  // names ("args.rank") and origins ("os.path.exists")
  bool taken = true;
  /// condition, after_exit: what those operands mention whose truth is not known; empty where none
  /// of the operands is known.
  std::vector<std::string> undecided;
  bool unexpected = false;  // condition, after_exit: only where an option or a variable says so
  bool by_default = false;  // …: unless an option or a variable says otherwise
  bool swallows = false;    // some handler neither raises nor exits

  /// Does a condition decide whether what it encloses happens: `taken` says which way?
  bool conditional() const { return kind == FrameKind::condition || kind == FrameKind::after_exit; }
};

/// The innermost frame of a kind, from `frame` outwards; null when there is none.
const Frame* enclosing(const Frame* frame, FrameKind kind);
/// Is `outer` the frame or one around it?
bool within(const Frame* frame, const Frame* outer);

/// One argument of a call as the callee gets it.
struct Argument {
  std::string keyword;  // "" for positional ones
  Value value;
  const Expr* expr = nullptr;  // null when it came out of * or **
  Span span;                   // of the value
};

/// A call about to be made. A call in a function has one event for each way in which it is reached.
struct CallEvent {
  int index = 0;  // in Trace::calls
  int order = 0;  // among all events
  const ProgramFile* file = nullptr;
  const Expr* expr = nullptr;
  Span span;         // the whole call
  Span callee_span;  // what stands before the parenthesis
  const Frame* frame = nullptr;
  /// What is called, by where it was imported from: "torch.save",
  /// "torch.utils.tensorboard.SummaryWriter", "builtins.print"; a method of what a call gave:
  /// "torch.nn.Module().state_dict"; a project function or class by its qualified name
  /// ("utils.io.save"); "" when not known.
  std::string origin;
  std::string method;          // the last attribute: `save` of x.save(…)
  bool project = false;        // the callee is code of the project; its own events follow
  bool through_super = false;  // super().__init__(…) of a project class with an outside base
  Value receiver;              // of a method call
  int receiver_call = -1;      // the call that made the receiver
  std::vector<Argument> arguments;
  bool more_positional = false;  // *x or **x with unknown contents was passed as well
  bool more_keywords = false;
  bool statement = false;  // an expression statement: the result is thrown away
  bool awaited = false;
  // Learnt later in the program:
  bool tested = false;            // the result (or its returncode) decides a condition or assertion
  bool bound = false;             // the result is kept in a variable or passed on
  std::vector<std::string> read;  // attributes of the result that are read: "stdout", "returncode"

  /// The argument at a position or under one of the keywords; null when not given.
  const Argument* argument(int position,
                           std::initializer_list<std::string_view> keywords = {}) const;
  const Argument* keyword(std::string_view name) const;
  /// False when surely not given; maybe when *x or **x may hold it.
  Tri given(int position, std::initializer_list<std::string_view> keywords = {}) const;
  bool is_call_to(std::string_view name) const { return origin == name; }
  bool is_call_to(std::initializer_list<std::string_view> names) const;

  const Frame* enclosing(FrameKind kind) const { return py::enclosing(frame, kind); }
  /// The frame of this call in one branch of a condition in whose other branch `other` stands; null
  /// without such a condition.
  const Frame* branch_apart(const CallEvent& other) const;
  int loop_depth() const;                 // loops and comprehensions, through calls
  const std::string& function() const;    // innermost enclosing function; "" at module level
  const std::string& class_name() const;  // of the innermost enclosing method
  bool uncalled() const { return enclosing(FrameKind::uncalled) != nullptr; }
  /// Stands in a try whose handlers let a failure pass.
  bool failure_swallowed() const;
  /// Some enclosing condition mentions a name that contains this ("rank", "os.path.exists").
  bool guarded_by(std::string_view word) const;
  bool conditional() const;  // under any condition that is not constant
  /// Is it made only where an option is given, or a variable set, of which the launch does not say
  /// that it is?
  bool unexpected() const;
};

/// A module that the program imports.
struct ImportEvent {
  int order = 0;
  const ProgramFile* file = nullptr;
  Span span;
  const Frame* frame = nullptr;
  std::string module;                    // absolute dotted name
  std::vector<std::string> names;        // from … import names ("*")
  const ProgramFile* project = nullptr;  // when it is a file of the project
};

/// os.environ["X"] = …, putenv, setdefault, update, del, `%env`.
struct EnvironmentWrite {
  enum How : uint8_t { assign, set_default, update, putenv, remove, magic } how = assign;
  int order = 0;
  const ProgramFile* file = nullptr;
  Span span;  // the statement or call
  Span value_span;
  const Frame* frame = nullptr;
  preflint::Value key;
  Value value;
};

/// A name or attribute that is given a value.
struct AssignEvent {
  int order = 0;
  const ProgramFile* file = nullptr;
  Span span;  // target
  Span value_span;
  const Frame* frame = nullptr;
  std::string target;  // "NAME", "self.x", "cfg.LOG_DIR"
  Value value;
};

/// A magic or shell escape of a notebook, reached in order.
struct ShellEvent {
  int order = 0;
  const ProgramFile* file = nullptr;
  Span span;
  const Frame* frame = nullptr;
  const notebook::Item* item = nullptr;
};

/// Everything that one run of a Python program does, in order.
struct Trace {
  std::vector<CallEvent> calls;
  std::vector<ImportEvent> imports;
  std::vector<EnvironmentWrite> environment_writes;
  std::vector<AssignEvent> assignments;
  std::vector<ShellEvent> shell;
  std::deque<ProgramFile> files;  // [0] is the entry
  std::deque<Frame> frames;
  bool incomplete = false;  // the budget ran out: what follows was not looked at
  bool refused = false;     // argparse ends it at the words that it was started with

  const ProgramFile& main() const { return files.front(); }
  /// The final value of a module-level name of the entry; unknown when there is none.
  Value global(std::string_view name) const;

  Trace();
  Trace(Trace&&) noexcept;
  Trace& operator=(Trace&&) noexcept;
  ~Trace();
  std::vector<std::pair<std::string, Value>> globals;  // of the entry at its end
  std::vector<std::shared_ptr<const void>> kept;       // files and objects that events refer to
};

}  // namespace preflint::py
