#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/python/heap.h"
#include "model/python/run.h"
#include "model/work.h"

namespace preflint::py {

/// How control can leave a statement; a set.
using Flow = uint8_t;
inline constexpr Flow kNext = 1, kReturn = 2, kBreak = 4, kContinue = 8, kRaise = 16;

/// The evaluated arguments of a call, and the call.
struct Call {
  const Expr* expr = nullptr;
  Value receiver;
  std::string method;
  std::string origin;
  std::vector<Argument> arguments;
  bool more_positional = false, more_keywords = false;
  int event = -1;

  const Value* positional(size_t n) const;
  const Value* keyword(std::string_view name) const;
  /// The value at a position or under a keyword.
  const Value* get(size_t n, std::string_view name) const;
  size_t count() const;  // of positional ones
};

/// What makes a boolean of an option's word: `false`, `no`, `0`.
inline constexpr std::string_view kWordsOfTruth = "transformers.hf_argparser.string_to_bool";

/// The fields that we know of a library's dataclass of options; none for others.
std::vector<std::string> library_fields(std::string_view origin);

struct Option;

/// Runs one program. The abstract values and joins are in value.h and heap.h; each source file
/// beside this one holds one part of the language or library.
class Machine {
 public:
  Machine(const Launch& launch, const Host& host, const Limits& limits);
  Trace run();

 private:
  /// A function or module that is being run.
  struct Activation {
    Object* scope = nullptr;
    ProgramFile* file = nullptr;
    const Function* function = nullptr;
    Activation* caller = nullptr;
    std::set<std::string, std::less<>> globals, nonlocals;
    size_t mark = 0;
    int forks = 0;  // branches inside this activation whose state may be undone
    struct Exit {
      Delta delta;
      Value value;
    };
    std::vector<Exit> exits;
    std::optional<Value> result;  // of a return that was certain
  };
  struct Loop {
    size_t mark = 0;
    int forks = 0;
    std::vector<Delta> breaks, continues;
  };
  struct ModuleEntry {
    ProgramFile* file = nullptr;
    Object* scope = nullptr;
    Value value;
  };
  /// Keeps `frame_` for a block. Frames in which nothing has happened are not kept.
  struct FrameScope {
    explicit FrameScope(Machine& m)
        : machine(m), saved(m.frame_), frames(m.trace_.frames.size()), order(m.order_) {}
    ~FrameScope() {
      machine.frame_ = saved;
      if (machine.order_ != order) return;
      while (machine.trace_.frames.size() > frames) machine.trace_.frames.pop_back();
    }
    FrameScope(const FrameScope&) = delete;
    FrameScope& operator=(const FrameScope&) = delete;
    Machine& machine;
    const Frame* saved;
    size_t frames;
    int order;
  };
  /// What an object was like when it was copied for an event last.
  struct Snapshot {
    uint64_t changes = 0;  // of the heap, by then
    Value of;
    std::shared_ptr<const Payload> payload;
    bool open = false;
    int spent = 0;
  };

  // machine.cc
  bool step();  // false when the budget is spent
  Frame& push(FrameKind kind, Span span);
  void run_uncalled();
  void collect_globals();
  void call_entry();
  std::vector<std::string> mentions(const Expr& expr, bool all = true);
  std::vector<std::string> undecided(const Expr& expr);
  void settle(const Expr& operand, Tri truth);
  void loosen_fields(Object* object);
  Value fields_as_dict(Object* object);
  void learn_tested(const Value& value);
  int next_order() { return order_++; }
  bool quiet() const { return muted_ > 0; }

  // modules.cc
  void import_statement(const Stmt& s);
  void import_from(const Stmt& s);
  ModuleEntry* load(const std::string& name, Span span);
  std::string project_folder(const preflint::Value& path) const;
  std::optional<Value> search_path(std::string_view method, Call& c);
  std::optional<Value> switch_of_chosen(const Value& module, std::string_view name) const;
  ModuleEntry* load_chain(const std::string& name, Span span);
  void execute_module(ModuleEntry& entry, Span span);
  std::string absolute_name(const Stmt& s) const;
  size_t import_event(const Stmt& s, const std::string& module, std::vector<std::string> names,
                      Span span);
  void import_done(size_t event, const ModuleEntry* entry);
  bool imported_before(size_t event, std::string_view module,
                       const std::vector<std::string>& names) const;

  // statements.cc
  Flow exec(Body body);
  Flow statement(const Stmt& s);
  Flow if_statement(const Stmt& s);
  bool asks_for_module(const Stmt& s);
  void narrow(const Expr& test, bool taken);  // narrowing.cc
  const Block* handler_of_missing(const Stmt& s);
  Flow try_statement(const Stmt& s);
  Flow with_statement(const Stmt& s);
  Flow match_statement(const Stmt& s);
  Flow return_statement(const Stmt& s);
  Flow leave_loop(Flow how);

  // assignments.cc
  void assign(const Expr& target, const Value& value, Span value_span);
  std::optional<std::vector<Value>> columns_of(const Value& either);
  void unpack(const Expr& target, const Value& value, Span value_span);
  void bind(std::string_view name, Value value);
  void assign_event(const Expr& target, const Value& value, Span value_span);
  void assign_attribute(const Value& base, std::string_view name, const Value& value);
  void assign_item(const Value& base, const Value& key, const Value& value, Span span,
                   Span value_span);
  void delete_target(const Expr& target);
  void augmented(const Stmt& s);

  // definitions.cc
  void define_function(const Stmt& s);
  void define_class(const Stmt& s);
  Value decorate(const Stmt& s, Value value, Function* function, Class* of);

  // loops.cc
  Flow for_statement(const Stmt& s);
  Flow while_statement(const Stmt& s);
  Flow loop_body(const Stmt& s, const std::vector<Value>* elements, const Value& element,
                 bool may_skip, bool endless);
  bool unroll(const Stmt& s, const std::vector<Value>& elements);
  std::vector<Delta> iterate_once(const Stmt& s, const Value* element, Loop& loop, Flow& flow);
  std::optional<std::vector<Value>> elements_of(const Value& value);
  Value element_of(const Value& value, const Expr& iterable);
  Value comprehension(const Expr& e);
  void comprehend(const Expr& e, size_t clause, std::vector<Value>& out, bool& exact);

  // expressions.cc
  Value eval(const Expr& e);
  Value eval_inner(const Expr& e);
  Tri test(const Expr& e);
  Value lookup(std::string_view name);
  Object* module_scope();
  Value attribute(const Value& base, std::string_view name);
  Value plain_attribute(const Value& base, std::string_view name);
  Value instance_attribute(const Value& base, std::string_view name);
  const Value* find_in_class(const Class& of, std::string_view name);
  std::string outside_base(const Class& of);
  bool unknown_base(const Class& of);
  Value bind_method(const Value& found, const Value& self, const Class* of);
  Value string_literal(const Expr& e);
  Value fstring(const Expr& e);
  Value lambda(const Expr& e);
  const std::vector<Value>& live_items(const Value& v) const;
  bool live_open(const Value& v) const;
  Value make_collection(Type type, std::vector<Value> items, bool open = false);

  // comparisons.cc: and, or, if-else as well
  Value boolean(const Expr& e);
  Value conditional(const Expr& e);
  Value compare(const Expr& e);
  Tri compare_two(Op op, const Value& a, const Value& b);

  // subscripts.cc
  Value subscript(const Expr& e);
  Value item(const Value& base, const Value& key);
  Value slice(const Value& base, const Expr& e);

  // snapshots.cc: a value as it is now, for an event
  Value freeze(const Value& v, int depth = 0);
  void freeze_contents(const Value& v, int depth, Value& out);

  // operators.cc
  Value binary(Op op, const Value& a, const Value& b);
  Value arithmetic(Op op, const Value& a, const Value& b);
  Value unary(Op op, const Value& v);
  Value percent(const Value& format, const Value& values);
  Value add_strings(const Value& a, const Value& b);

  // formatting.cc
  preflint::Value format_value(const Value& v, std::string_view spec, std::string_view conversion);
  Value format_method(const Value& format, const Call& call);

  // calls.cc
  Value call(const Expr& e, bool statement);
  void arguments(const Expr& e, Call& out);
  Value dispatch(const Value& callee, Call& c, bool statement);
  int emit(const Call& c, std::string_view origin, bool project, bool statement);
  Value call_function(const Function& f, const Value* self, Call& c, Span span);
  Value instantiate(const Value& of, Call& c, bool statement);
  Value super_call(Call& c, bool statement);
  void bind_parameters(const Function& f, const Value* self, const Call& c, Object* scope);
  Value run_function(const Function& f, Object* scope);
  Value outside(std::string_view origin, Call& c);
  const Value* given_parser(std::string_view origin, Call& c);
  void open_parsers(const Call& c);
  void callbacks(std::string_view origin, Call& c);

  // collections.cc
  Value list_method(const Value& base, std::string_view name, Call& c);
  Value dict_method(const Value& base, std::string_view name, Call& c);

  // builtins.cc, library.cc, strings.cc, paths.cc, environment.cc: nothing when the function is not
  // modelled
  std::optional<Value> builtin(std::string_view name, Call& c);
  std::optional<Value> string_method(const Value& base, std::string_view name, Call& c);
  std::optional<Value> path_method(const Value& base, std::string_view name, Call& c);
  std::optional<Value> path_attribute(const Value& base, std::string_view name);
  std::optional<Value> os_path(std::string_view name, Call& c);
  std::optional<Value> pathlib(std::string_view name, Call& c);
  Value join_paths(const std::vector<const Value*>& parts, bool path);
  std::optional<Value> environment_function(std::string_view origin, Call& c);
  Value load_dotenv(Call& c);
  std::shared_ptr<const File> dotenv(const Value* path, std::string_view ending) const;
  std::optional<Value> environ_method(std::string_view name, Call& c);
  Value read_environment(const preflint::Value& key, const Value* fallback, bool missing_raises);
  void write_environment(EnvironmentWrite::How how, const Value& key, const Value& value, Span span,
                         Span value_span);
  std::optional<Value> library(std::string_view origin, Call& c);

  // options.cc (argparse), frameworks.cc (click, typer, fire, absl, hydra, dataclass parsers)
  std::optional<Value> parser_method(const Value& base, std::string_view name, Call& c);
  void add_argument(Object* parser, Call& c);
  preflint::Value option_word(std::string_view option) const;
  std::optional<Value> parse_dataclasses(Object* parser, std::string_view method, Call& c);
  Value parse_args(Object* parser, Call& c, bool known);
  // refused_launch.cc
  bool refuses(const Object* parser, const std::vector<Option>& options,
               const std::vector<preflint::Value>& words) const;
  bool certain() const;
  // subcommands.cc
  Value add_subparsers(Object* parser, Call& c);
  Value add_parser(Object* commands, Call& c);
  Object* with_subcommand(Object* parser, std::optional<std::vector<preflint::Value>>& words,
                          const std::vector<preflint::Value>& spelled);
  std::optional<Value> framework(std::string_view origin, Call& c);
  bool framework_call(const Function& f, Call& c, Value& result);
  Value click_main(const Function& f, size_t skip, Call& c);
  const Function* named_command(const std::vector<Function*>& commands) const;
  Value call_with(const Function& f, const std::map<std::string, Value>& values, Call& c);

  // notebook.cc
  std::optional<Value> notebook_item(Call& c);

  const Launch& launch_;
  const Host& host_;
  const Limits& limits_;
  Trace trace_;
  Heap heap_;
  uint64_t steps_ = 0;
  Work::Meter work_;
  uint64_t unroll_steps_ = 0;
  uint32_t asked_ = 0;  // how often the budget was looked at
  int depth_ = 0;       // of the native stack
  int freeze_budget_ = 0;
  static constexpr int kMaxFrozen = 500'000;  // lists and objects copied for events, in all
  int frozen_ = 0;
  std::map<std::pair<const Object*, int>, Snapshot> snapshots_;  // by object and depth
  int compare_depth_ = 0;
  int muted_ = 0;  // > 0: events are not recorded
  int order_ = 0;
  int risks_ = 0;                   // counts what may raise
  Tri expected_ = Tri::maybe;       // what the last condition is by its defaults
  Tri exit_expected_ = Tri::maybe;  // and the first one of the last `if`
  std::set<const Expr*> settled_;   // operands of `and` and `or` whose truth was known at last
  int executed_modules_ = 0;
  bool stopped_ = false;
  bool ended_ = false;  // argparse has refused the launch: nothing more happens
  Activation* activation_ = nullptr;
  Loop* loop_ = nullptr;
  const Frame* frame_ = nullptr;
  std::vector<const Function*> stack_;
  std::vector<Function*> functions_;  // of the entry file, in order of definition
  std::map<std::string, ModuleEntry, std::less<>> modules_;
  int import_depth_ = 0;
  Object* environment_ = nullptr;
  Object* world_ = nullptr;  // cwd, absl flags
  std::string main_folder_;
  std::vector<std::string> folders_;  // where imports are looked for: sys.path, of the project
};

}  // namespace preflint::py
