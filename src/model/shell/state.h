#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/persistent_map.h"
#include "base/tri.h"
#include "model/unit.h"
#include "model/value.h"

namespace preflint::shell {

/// One argument of a command as the command gets it.
struct Argument {
  Value value;
  Span span;  // of the word, in the event's unit
  const Word* word = nullptr;
  bool quoted = false;
  bool may_split = false;  // unquoted with unknown parts: may be none or several arguments
  /// Where the text was written, when it came through "$1" or "$@" of a function.
  const Unit* origin_unit = nullptr;
  const Word* origin = nullptr;

  bool is(std::string_view text) const { return value.is(text); }
  std::optional<std::string> constant() const { return value.constant(); }
  friend bool operator==(const Argument& a, const Argument& b) { return a.value == b.value; }
};

/// A shell variable at one point of a program.
struct Variable {
  Value value;
  Tri set = Tri::yes;
  Tri exported = Tri::no;
  bool array = false;
  /// Of an array: its elements in order; `more_elements()` stands for none, one or several that are
  /// not known. None at all: nothing is known, or (where the value is "") it is empty.
  std::vector<Value> elements;
  const Unit* unit = nullptr;  // where it was last assigned; null: inherited
  Span span;
  friend bool operator==(const Variable&, const Variable&) = default;
};

/// What can be true of the network hook (the proxy variables) at a point: a set, one member for
/// each way in which some path reaches it.
class Proxy {
 public:
  enum Member : uint8_t {
    kInactive = 1,   // never set
    kExplained = 2,  // inactive, and a finding says why (hook run where it has no effect)
    kDropped = 4,    // was active, then unset or not inherited
    kFresh = 8,      // active, nothing has used it yet
    kActive = 16,
    kUnknown = 32,  // code that we cannot see ran
  };
  Proxy(Member member) : members_(member) {}  // NOLINT
  bool may_be(int members) const { return (members_ & members) != 0; }
  bool surely(int members) const { return (members_ & ~members) == 0; }
  /// Replaces each member of `from` by `to`.
  Proxy with(int from, Member to) const {
    Proxy out = *this;
    if (may_be(from)) out.members_ = static_cast<uint8_t>((members_ & ~from) | to);
    return out;
  }
  Proxy joined(Proxy other) const {
    other.members_ |= members_;
    return other;
  }
  friend bool operator==(Proxy, Proxy) = default;

 private:
  uint8_t members_;
};

/// The commands whose exit status decides a status: status 0 means all of them succeeded.
struct Status {
  std::vector<int> sites;              // indexes into Trace::commands
  const Pipeline* pipeline = nullptr;  // the pipeline it is the status of
  Tri success = Tri::maybe;
  friend bool operator==(const Status&, const Status&) = default;
};

struct FunctionDefinition {
  const Command* command = nullptr;
  const Unit* unit = nullptr;
  friend bool operator==(const FunctionDefinition&, const FunctionDefinition&) = default;
};

struct Trap {
  Value handler;
  const Unit* unit = nullptr;
  const Word* word = nullptr;
  friend bool operator==(const Trap&, const Trap&) = default;
};

/// What is known before a command. Copies are cheap: the large members share structure.
struct State {
  bool reachable = true;
  Tri errexit = Tri::no;
  Tri pipefail = Tri::no;
  Tri nounset = Tri::no;
  Tri allexport = Tri::no;
  Proxy proxy = Proxy::kInactive;
  /// Code that we cannot see may have set variables or changed options.
  bool opaque = false;
  /// conda's or a venv's activation ran, or PATH was given the interpreter's folder.
  Tri activated = Tri::no;
  std::string conda_env;  // "" base or none; the name that `conda activate` was given last
  std::shared_ptr<const Text> cwd;
  /// A `cd` led into a folder that is not known: `cwd` is not where the program was started.
  bool astray = false;
  /// Every path to here has found a file that the box does not have: it is run on another machine.
  bool elsewhere = false;
  PersistentMap<Variable> variables;
  PersistentMap<FunctionDefinition> functions;
  PersistentMap<Trap> traps;                                // by signal
  std::shared_ptr<const std::vector<Argument>> positional;  // $1…; null: unknown
  uint32_t given =
      0;         // where they are unknown: bit n, $n is surely there (the program has tested it)
  Value script;  // $0
  /// Commands that are tracked (copies, runs…) and may have failed on a path to here.
  std::shared_ptr<const std::vector<int>> may_have_failed;
  std::shared_ptr<const Status> status;  // $?
  std::shared_ptr<const std::vector<Status>> pipe_status;
  int hook_event = -1;    // the command that last ran the hook
  Tri printed = Tri::no;  // in a command substitution: is there output of it on the way to here?

  const Variable* variable(std::string_view name) const { return variables.find(name); }
  /// The working directory; a hole where it is not known.
  Text here() const { return cwd ? *cwd : Text::hole(kCwdHole, Tri::no); }
  bool failed(int site) const;
  void add_failed(int site);
  void remove_failed(const std::vector<int>& sites);
  void clear_failed();
};

const Value& more_elements();
bool are_more_elements(const Value& element);

/// A variable where two paths meet; null: the path never touched it. One of them is not null.
Variable join_variables(const Variable* a, const Variable* b);
/// The state of two paths that meet.
State join(const State& a, const State& b);
/// `later`, in which every variable that differs from `earlier` has an unknown value.
State widened(const State& earlier, const State& later);
bool is_proxy_variable(std::string_view name);

/// The environment that a child process gets: exported variables and what else it inherits.
struct Environment {
  PersistentMap<Variable> variables;  // `find` sees the exported ones only
  Proxy proxy = Proxy::kInactive;
  bool opaque = false;
  Tri activated = Tri::no;
  std::string conda_env;
  std::shared_ptr<const Text> cwd;
  bool astray = false;

  /// The working directory; a hole where it is not known.
  Text here() const { return cwd ? *cwd : Text::hole(kCwdHole, Tri::no); }
  const Variable* find(std::string_view name) const;
  /// yes/no/maybe: is the variable in the environment and not empty? `opaque` makes an absent one
  /// maybe.
  Tri set(std::string_view name) const;
  /// The value when it is one known text.
  std::optional<std::string> constant(std::string_view name) const;
};
Environment environment_of(const State& state);

}  // namespace preflint::shell
