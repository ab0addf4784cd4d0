#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/shell/interpreter.h"
#include "model/work.h"
#include "syntax/shell/cron.h"

/// The interpreter's inside, shared by the files of this folder that implement it: flow.cc (a run
/// and its lists), compounds.cc (if, loops, case), children.cc (pipelines and subshells),
/// functions.cc (calls and locals), simple.cc (one command), expand.cc (words), builtins.cc,
/// conditions.cc (tests), unwrap.cc (prefixes and names), launch.cc (what a command starts),
/// printed.cc (what it prints).
namespace preflint::shell {

/// The two ways a command can end. Either may be unreachable.
struct Outcome {
  State ok;
  State fail;
  State either() const { return join(ok, fail); }
};

/// The join of many states, in their order. Neighbours are joined first: what one join costs is
/// what its two sides differ in, and a thousand branches that each set a variable of their own
/// would be joined with all that came before, over and over.
class Meeting {
 public:
  explicit Meeting(State unreachable) : none_(std::move(unreachable)) {}
  void add(State state);
  State joined() const;

 private:
  struct Part {
    State state;
    size_t joins;  // how often its states were joined
  };
  State none_;
  std::vector<Part> parts_;
};

/// The two ends of many branches.
struct Branches {
  Meeting ok, fail;
  explicit Branches(const State& unreachable) : ok(unreachable), fail(unreachable) {}
  void add(Outcome outcome) {
    ok.add(std::move(outcome.ok));
    fail.add(std::move(outcome.fail));
  }
  Outcome joined() const { return {ok.joined(), fail.joined()}; }
};

/// Where `exit`, `return`, `break` and `continue` lead; states that take the way are joined here.
struct Ways {
  State exit, trapped, broken, continued;  // trapped: an exit that an EXIT trap waits for
  State back, back_failed;                 // `return` with success, and with a failure
  Ways() {
    for (State* way : {&exit, &trapped, &broken, &continued, &back, &back_failed})
      way->reachable = false;
  }
  State returned() const { return join(back, back_failed); }
  void leave(const State& state) {
    State& way = state.traps.find("EXIT") ? trapped : exit;
    way = join(way, state);
  }
  State left() const { return join(exit, trapped); }
};

class Machine {
 public:
  Machine(const Unit& unit, Host& host, const RunLimits& limits);
  Trace run(State entry);

 private:
  // flow.cc
  Outcome list(const List& list, State state);
  Outcome and_or(const AndOr& and_or, State state);
  Outcome command(const Command& command, State state);
  Outcome compound(const Command& command, State state);
  Outcome inline_program(const Program& program, const Unit& unit, State state, const Frame& frame);
  void end_of_shell();
  /// Under `set -e` a failure here ends the shell.
  bool errexit_applies() const { return suppressed_ == 0; }
  void leave_on_error(State& failed);

  // compounds.cc
  Outcome if_command(const Command& command, State state);
  Outcome loop(const Command& command, State state);
  bool finds_one(const std::vector<Value>& candidates) const;
  bool exits_within(const Command& loop) const;
  Outcome case_command(const Command& command, State state);

  // children.cc
  Outcome pipeline(const Pipeline& pipeline, State state);
  Outcome subshell(const List& body, State state, FrameKind kind, const Command* command);
  /// After a subshell: what of its end state the shell that waits for it keeps.
  State after_child(const State& before, const State& child_end);

  // functions.cc
  Outcome call_function(const FunctionDefinition& function, const CommandEvent& event, State state);
  /// `return` was taken, and says how the function or the sourced text ends.
  static void come_back(const Ways& ways, Outcome& out);
  void come_back(const State& state);
  void run_uncalled(const State& at_end);
  /// A variable that a running function has made its own, and what its caller sees under the name.
  /// From here on the path's variable is the function's own. What it hides is remembered by the
  /// state, as another path may never come here.
  void make_local(const std::string& name, State& state);
  /// The function ends: what its own variables hid is there again.
  void end_locals(const std::set<std::string>& names, State& state) const;

  // simple.cc
  Outcome simple(const Command& command, State state);
  void assign(const Assignment& assignment, State& state, Tri exported);
  void set_variable(State& state, const std::string& name, Variable variable);
  void note_proxy(State& state, const std::string& name);
  CommandEvent make_event(const Command& command, std::vector<Argument> words, const State& state);
  void expand_redirects(const Command& command, State& state, std::vector<RedirectEvent>& out);
  void describe_redirects(CommandEvent& event) const;
  int record(CommandEvent event);
  void restore(const std::vector<Assignment>& assignments, const State& before, Outcome& out);
  Outcome external(const CommandEvent& event, State state);
  /// `bash -c 'source HOOK'`: what follows is explained by the finding there.
  void note_lost_hook(const Embedded& embedded, const CommandEvent& event, State& state);
  /// Both ends of a command whose status is that of `site` (-1: nobody's).
  Outcome decided_status(State state, int site, Tri success);

  // expand.cc
  std::vector<Argument> expand_words(const std::vector<Word>& words, State& state);
  void expand_fields(const Word& word, State& state, std::vector<Argument>& out);
  Value expand(const Word& word, State& state);
  Value expand(const Part& part, State& state, bool quoted);
  Value expand(const std::vector<Part>& parts, State& state, bool quoted);
  Value parameter(const Part& part, State& state, bool quoted);
  Value special(const Part& part, State& state);
  Value unit_path_value() const;
  Value substitution(const Part& part, State& state);
  bool array_elements(const Part& part, const State& state, std::vector<Argument>& out) const;

  // printed.cc
  Value stdout_of(const CommandEvent& event, const State& state) const;
  void print(const Value& shown, const CommandEvent& event, Outcome& out);

  // builtins.cc
  Outcome builtin(const CommandEvent& event, State state);
  Outcome source(const CommandEvent& event, State state);
  Outcome eval(const CommandEvent& event, State state);
  bool asked_for_help() const;
  Outcome leave(const CommandEvent& event, State state);
  void set_options(const CommandEvent& event, State& state);
  void unset(const CommandEvent& event, State& state);
  void declare(const CommandEvent& event, State& state);
  void change_directory(const CommandEvent& event, State& state);
  void read_variables(const CommandEvent& event, State& state);

  // conditions.cc
  Outcome test_command(const CommandEvent& event, State state);
  Outcome test_words(std::span<const Argument* const> words, State state);
  Outcome condition(const Condition& condition, State state);
  Outcome arithmetic(const Command& command, State state);
  void assign_in_arithmetic(std::string_view text, State& state);
  Outcome unary_test(std::string_view op, const Value& operand, const Word* word, State state);
  Outcome binary_test(std::string_view op, const Value& left, const Value& right,
                      const Word* left_word, State state, bool pattern);

  /// Is it a file that the box does not have, that nothing before has put there, and that whoever
  /// starts the program cannot choose?
  bool elsewhere(const Value& path, const Word* word, const State& state) const;
  /// `name` holds something from here on: a variable, or a positional parameter that is not known.
  void fill(State& state, const std::string& name);
  /// `name` holds `value` here: commands that cannot have failed where it was given that, and
  /// those on whose failure it is given something else, did not fail.
  void know_flag(State& state, const std::string& name, const Value& value) const;
  /// The same for a comparison with a number, where it leaves only one.
  void know_count(std::string_view op, const std::string& name, long number, Outcome& out) const;
  /// A test of `$#` that leaves at least so many positional parameters in one of its branches.
  static void count(std::string_view op, long number, Outcome& out);

  // unwrap.cc
  void unwrap(CommandEvent& event, std::vector<Argument> words);
  void canonical_name(CommandEvent& event, std::vector<Argument>& words);

  // cron.cc
  void find_cron(const CommandEvent& event, std::vector<Embedded>& embedded);
  void cron_lines(const CommandEvent& event, bool user_column, CronSettings& settings,
                  std::vector<Embedded>& embedded);
  void each_producer(const CommandEvent& event,
                     const std::function<void(const CommandEvent&)>& visit) const;

  // launch.cc, launcher.h
  class Launcher;
  void note_written(const CommandEvent& event);
  /// The path of a value from the folder at that point; "" when it is not one text.
  static std::string place_of(const Value& value, const State& state);
  void find_embedded(CommandEvent& event, std::vector<Embedded>& embedded,
                     std::vector<Launch>& launches);
  /// The text of a word as a source of its own, or nothing when it holds unknown parts at its
  /// start.
  std::optional<Source> source_of(const Argument& argument, const State& state);

  const Frame* push(Frame frame);
  bool spent();
  Outcome both(const State& state) { return {state, state}; }
  Outcome succeeded(State state) {
    State failed = state;
    failed.reachable = false;
    return {std::move(state), std::move(failed)};
  }
  Outcome decided(const State& state, Tri success);

  const Unit& root_;
  Host& host_;
  RunLimits limits_;
  Trace trace_;
  const Unit* unit_;               // whose text is being run
  const Frame* frame_ = nullptr;   // innermost
  Ways* function_ways_ = nullptr;  // of the function or sourced file being run
  Ways* loop_ways_ = nullptr;
  Ways exits_;
  int suppressed_ = 0;  // depth of contexts in which errexit does not act
  int silent_ = 0;      // first pass over a loop body: nothing is recorded
  int depth_ = 0;
  std::vector<AssignmentEvent> counted_;  // `(( failed++ ))`: what know_flag sees besides
  std::string look_;                      // the last command that looked at files, in this $(…)
  int eval_depth_ = 0;
  std::vector<const Unit*> sourcing_;
  int loops_ = 0;
  int in_child_ = 0;  // subshells entered
  size_t steps_ = 0;
  Work::Meter work_;
  std::vector<std::set<std::string>> locals_;  // of each function, by name
  std::vector<const Command*> calling_;
  std::vector<const Command*> called_functions_;
  std::vector<std::pair<FunctionDefinition, State>> defined_functions_;
  /// What a command substitution prints.
  struct Output {
    std::vector<Value> whole;  // each of them is all of it, on one way through the program
    bool longer = false;       // on some way several commands print
    bool silent = false;       // a command's output went elsewhere
    bool asked = false;        // a command printed where a program is, which may be nowhere
  };
  Output* output_ = nullptr;            // of the command substitution being run
  std::optional<Status> substitution_;  // of the last command substitution
  /// Files that a heredoc of the program wrote: what is run when they are run later.
  struct WrittenFile {
    const Redirect* heredoc;
    const Unit* unit;
  };
  std::map<std::string, WrittenFile> written_;
};

State unreachable(State state);
/// What a command whose status is that of `sites`, or of `pipeline`, leaves in `$?`.
std::shared_ptr<const Status> status_of(const std::vector<int>& sites, const Pipeline* pipeline,
                                        Tri success);
/// The hook ran, and on no path did a command make use of it.
bool unused_hook(Proxy proxy);
/// Commands whose failure matters later: copies, moves, archives, uploads, runs.
bool is_tracked(const CommandEvent& event);
/// Does a command show how files are, by their sizes, sums or names?
bool looks_at_files(std::string_view name);
/// Is a value the status of a command that has run: `$?`, or what `rc=$?` kept of it?
bool is_status(const Value& value);
/// The commands whose status it is; empty for any other value.
std::vector<int> sites_of(const Value& value);
/// The variable that a word is nothing but the expansion of: "$x", "${x:-}"; null for any other
/// word.
const Part* sole_parameter(const Word* word);
/// The directory of a path, also where parts of it are unknown.
Value dirname_value(const Value& path);
bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace preflint::shell
