#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/python/trace.h"
#include "model/shell/event.h"

namespace preflint::project {

struct Run;

/// A shell text or argument list that a Python program runs: os.system, subprocess, a notebook's
/// `!line`.
struct PythonCommand {
  shell::Embedded embedded;
  Span span;                            // of the call or line, in the program's text
  const py::CallEvent* call = nullptr;  // null for lines of a notebook
  const py::ProgramFile* file = nullptr;
};

/// The commands of a Python run in order, and what the program does to its environment between
/// them.
class PythonCommands {
 public:
  explicit PythonCommands(const py::Trace& trace);
  /// The next command; `environment` is brought up to the point where it runs. Null at the end.
  const PythonCommand* next(shell::Environment& environment);

 private:
  struct Step {
    int order;
    const py::CallEvent* call;
    const py::ShellEvent* shell;
    const py::EnvironmentWrite* write;
  };
  bool make(const py::CallEvent& call, const py::Value& value);
  /// The text of one word of an argument list; nothing where it is not known.
  std::optional<std::string> word_of(const py::Value& value) const;
  bool make(const py::ShellEvent& event, shell::Environment& environment);

  const py::Trace& trace_;
  std::vector<Step> steps_;
  size_t at_ = 0;
  size_t form_ = 0;  // of the current call: a list of arguments may have several, one for each path
                     // that makes it
  const py::CallEvent* last_ = nullptr;  // that ran a command
  PythonCommand command_;
};

/// The environment that a call which runs a command hands to it: the program's own, changed by what
/// `env=` says.
shell::Environment handed_on(const py::CallEvent& call, const shell::Environment& environment);

/// May an argument list that a program builds hold more words than are known here?
bool open_ended(const shell::CommandEvent& event);

/// Is the command's `python` the program's own interpreter, the `sys.executable` of an argument
/// list? That is a full path, which no PATH is searched for.
bool own_interpreter(const Run& run, const shell::CommandEvent& event);

/// Where a write of os.environ stands, from the name to the value.
Span written_at(const py::EnvironmentWrite& write);
/// The environment of a Python run just before an event of that order.
shell::Environment environment_before(const shell::Environment& entry, const py::Trace& trace,
                                      int order);

}  // namespace preflint::project
