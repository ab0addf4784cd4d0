#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/shell/event.h"

namespace preflint::shell {

using preflint::kOutsideHole;

/// What the interpreter asks of the world around one program.
class Host {
 public:
  virtual ~Host() = default;
  enum class Sourced : uint8_t { unit, hook, inert, activation, unknown };
  /// What `source PATH` means: a file of the project (then `unit` is set), the platform's hook, a
  /// file known to change nothing that matters, the activation of an environment, or something
  /// unseen.
  virtual Sourced resolve_source(const Value& path, const State& state, const Unit& from,
                                 const Unit** unit) = 0;
  /// True for the platform's hook file.
  virtual bool is_hook(const Text& path) const = 0;
  virtual bool mentions_hook(std::string_view text) const = 0;
  /// Does a file exist on the box at this point, as far as the platform tells?
  virtual Tri exists(const Text& path) const = 0;
  /// Has no box of the platform such a place? `unit` is what asks.
  virtual bool elsewhere(const Text& path, const Unit& unit) {
    (void)path;
    (void)unit;
    return false;
  }
  /// Does the shell of a script find a program of this name?
  virtual Tri has_program(std::string_view) const { return Tri::maybe; }
  /// What the hook exports, and the list it gives no_proxy ("" when not known).
  virtual std::vector<std::string> hook_variables() const = 0;
  virtual Value hook_no_proxy() const = 0;
  /// A file of the project as a path on the box: `{@root}/scripts/train.sh`.
  virtual Value path_value(const std::string& path) const = 0;
  /// Is the interpreter's folder (of the image) in this PATH value?
  virtual bool path_has_interpreter(const Value& path) const = 0;
  /// Is a function of a sourced file, which nothing has called, still to be looked at?
  virtual bool look(const Command&) { return true; }
  /// Is a call of the function still to be followed, or have calls of it taken too many steps
  /// already?
  virtual bool follow(const Command&) { return true; }
  virtual void followed(const Command&, uint64_t) {}
  /// Turns `unit.source` into a program; cached by the caller.
  virtual std::shared_ptr<const Program> parse(std::string_view text, Dialect dialect) = 0;
};

struct RunLimits {
  size_t commands = 20'000;  // events in one trace
  size_t steps = 400'000;
  int depth = 12;       // calls and sources nested
  bool sourced = true;  // look at functions of sourced files that nothing calls
};

/// Runs a unit abstractly from a state and returns what it does.
Trace run(const Unit& unit, State entry, Host& host, const RunLimits& limits = {});

/// Is it a command that the shell itself runs?
bool is_builtin(std::string_view name);

/// The state in which a script starts on a box: HOME, USER, nothing else set.
State fresh_state(const Unit& unit, Value script_path);
/// The state of a child process of a command.
State child_state(const Environment& environment, const Unit& unit, Value script_path,
                  std::vector<Argument> positional);

}  // namespace preflint::shell
