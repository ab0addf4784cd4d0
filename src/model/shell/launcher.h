#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/shell/machine.h"

namespace preflint::shell {

/// What one command starts: texts that it hands to another interpreter, and files that it has run.
/// Texts are decoded in launch.cc; launcher.cc has the commands that run a program where they
/// stand, sessions.cc those that open a shell elsewhere: on another machine, for another user, in
/// a terminal of its own.
class Machine::Launcher {
 public:
  Launcher(Machine& machine, CommandEvent& event, std::vector<Embedded>& embedded,
           std::vector<Launch>& launches)
      : machine_(machine), event_(event), embedded_(embedded), launches_(launches) {}
  void find();

 private:
  // launcher.cc
  void shell();
  void find_exec();
  void watch();
  void python();
  void python_launcher();
  void script_by_path();

  // sessions.cc
  void ssh();
  void expect();
  void su();
  void tmux();
  void screen();

  // launch.cc
  std::string word_at(size_t i) const;
  /// Null when there is no text, or nothing is recorded.
  Embedded* add(UnitKind kind, Embedding how, std::optional<Source> source, Dialect dialect);
  /// What the command reads from a heredoc or here-string.
  std::optional<Source> input(UnitKind kind);
  Embedded* heredoc(UnitKind kind, Embedding how, Dialect dialect);
  /// Several words that ssh joins with blanks into one text; tmux runs them as they are
  /// (`keep_words`).
  std::optional<Source> joined(size_t from, bool keep_words);
  /// The file was written by the program itself: its text is run.
  bool written(const Value& path, UnitKind kind, std::optional<Dialect> named);
  void launch(Launch::Kind kind, size_t target, Dialect dialect);

  Machine& machine_;
  CommandEvent& event_;
  std::vector<Embedded>& embedded_;
  std::vector<Launch>& launches_;
  const std::string& name_ = event_.name;
  const std::vector<Argument>& words_ = event_.arguments;
  const State& state_ = event_.state;
};

bool is_shell(std::string_view name);
/// As one of its name reads a text; POSIX for ash and others.
Dialect shell_dialect(std::string_view name);
/// The heredoc (or here-string) that feeds a command's standard input; null when none does.
const RedirectEvent* text_input(const CommandEvent& event);
/// The file that feeds it; null when none does.
const RedirectEvent* file_input(const CommandEvent& event);

/// How a shell was called.
struct ShellOptions {
  size_t next = 0;       // the first operand
  bool command = false;  // -c
  bool standard_input = false;
  bool login = false;
  bool errexit = false;
  bool pipefail = false;
};
ShellOptions shell_options(const std::vector<Argument>& words, size_t at);

}  // namespace preflint::shell
