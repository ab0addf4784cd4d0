#include <algorithm>
#include <iterator>
#include <utility>

#include "base/one_of.h"
#include "model/shell/machine.h"

namespace preflint::shell {
namespace {

constexpr std::string_view kBuiltins[] = {
    ".",       ":",       "[",        "alias",     "bg",       "bind",    "break",   "builtin",
    "cd",      "command", "continue", "declare",   "dirs",     "disown",  "echo",    "enable",
    "eval",    "exec",    "exit",     "export",    "false",    "fg",      "getopts", "hash",
    "history", "jobs",    "let",      "local",     "logout",   "mapfile", "popd",    "printf",
    "pushd",   "pwd",     "read",     "readarray", "readonly", "return",  "set",     "shift",
    "shopt",   "source",  "test",     "times",     "trap",     "true",    "type",    "typeset",
    "ulimit",  "umask",   "unalias",  "unset",     "wait"};

std::string name_of(std::string_view assignment) {
  return std::string(assignment.substr(0, assignment.find_first_of("=+[")));
}

/// The text with a variable that nobody sets for what is not known: a word or a part of one.
std::string with_outside(const Text& text) {
  std::string out;
  for (const Piece& piece : text.pieces()) {
    if (piece.known)
      out += piece.text;
    else
      out += "${" + std::string(kOutsideHole) + (piece.empty == Tri::no ? ":?}" : "}");
  }
  return out;
}

/// Is a word that `export` is given, and with it what is set by it, not known? `$(cat .env)`, which
/// may print nothing, and `$line`, but not `PATH=$(…)`.
bool names_unknown(const Value& word) {
  const auto& texts = word.alternatives();
  return std::any_of(texts.begin(), texts.end(), [](const Text& text) {
    return !text.pieces().empty() && !text.pieces()[0].known;
  });
}

}  // namespace

bool is_builtin(std::string_view name) {
  return std::binary_search(std::begin(kBuiltins), std::end(kBuiltins), name);
}

Outcome Machine::builtin(const CommandEvent& event, State state) {
  const std::string& name = event.name;
  if (name == "true" || name == ":") return decided_status(std::move(state), -1, Tri::yes);
  if (name == "false") return decided_status(std::move(state), -1, Tri::no);
  if (name == "source" || name == ".") return source(event, std::move(state));
  if (name == "eval") return eval(event, std::move(state));
  if (name == "exit" || name == "return" || name == "break" || name == "continue" ||
      name == "logout") {
    return leave(event, std::move(state));
  }
  if (name == "[" || name == "test") return test_command(event, std::move(state));
  if (name == "cd" || name == "pushd" || name == "popd") {
    // A failed cd is taken to have worked: its author meant to be there.
    change_directory(event, state);
    const Argument* folder = name == "popd" ? nullptr : event.operand();
    Outcome out = decided_status(std::move(state), event.index, Tri::maybe);
    if (folder && elsewhere(folder->value, folder->word, out.fail)) out.ok.elsewhere = true;
    return out;
  }
  if (name == "export" || name == "declare" || name == "typeset" || name == "local" ||
      name == "readonly") {
    declare(event, state);
  } else if (name == "set") {
    set_options(event, state);
  } else if (name == "unset") {
    unset(event, state);
  } else if (name == "read" || name == "mapfile" || name == "readarray" || name == "getopts" ||
             (name == "printf" && event.has_option("-v"))) {
    read_variables(event, state);
    return decided_status(std::move(state), event.index, Tri::maybe);
  } else if (name == "shift") {
    const auto words = event.words();
    const size_t n = words.empty() || words[0].size() > 4 ||
                             words[0].find_first_not_of("0123456789") != std::string::npos
                         ? 1
                         : static_cast<size_t>(std::stoi("0" + words[0]));
    state.given = n < 32 ? state.given >> n & ~1U : 0;
    if (state.positional) {
      auto rest = *state.positional;
      if (n <= rest.size()) rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(n));
      state.positional = std::make_shared<const std::vector<Argument>>(std::move(rest));
    }
  } else if (name == "trap") {
    // trap HANDLER SIGNAL…
    std::vector<const Argument*> operands;
    for (const Argument& argument : event.arguments) {
      if (!argument.is("--") && !argument.is("-l") && !argument.is("-p"))
        operands.push_back(&argument);
    }
    if (operands.size() >= 2) {
      for (size_t i = 1; i < operands.size(); ++i) {
        std::string signal = operands[i]->constant().value_or("");
        if (signal == "0") signal = "EXIT";
        if (signal.starts_with("SIG")) signal.erase(0, 3);
        if (operands[0]->is("-") || operands[0]->is("")) {
          state.traps.erase(signal);
          continue;
        }
        Trap trap;
        trap.handler = operands[0]->value;
        trap.unit = unit_;
        trap.word = operands[0]->word;
        state.traps.set(signal, trap);
        // A handler of ERR that leaves makes every failure end the shell.
        const std::string text = operands[0]->value.display();
        if (signal == "ERR" && text.find("exit") != std::string::npos) state.errexit = Tri::yes;
      }
    }
  } else if (name == "wait") {
    // `wait PID` returns a job's status. Bare `wait` collects every job and gives 0 whatever they
    // did: what failed is still not known to have.
    if (!event.arguments.empty()) state.clear_failed();
    return decided_status(std::move(state), -1, Tri::maybe);
  } else if (name == "exec") {
    return decided_status(std::move(state), -1, Tri::yes);  // only redirects
  } else if (name == "echo" || name == "printf" || name == "pwd") {
    const Value shown = output_ ? stdout_of(event, state) : Value();
    // Printing fails only on a broken terminal; no script accounts for it.
    Outcome out = decided_status(std::move(state), event.index, Tri::yes);
    print(shown, event, out);
    return out;
  } else if (name == "command" || name == "type" || name == "hash") {
    const Value shown = output_ ? stdout_of(event, state) : Value();
    // `command -v conda`; what ssh runs has not the login shell's PATH.
    const Argument* program = unit_->embedding == Embedding::ssh ? nullptr : event.operand();
    const auto asked = program ? program->constant() : std::nullopt;
    Outcome out = decided_status(
        std::move(state), event.index,
        asked && event.operand(1) == nullptr ? host_.has_program(*asked) : Tri::maybe);
    print(shown, event, out);
    return out;
  } else if (name == "let") {
    for (const std::string& word : event.words()) assign_in_arithmetic(word, state);
    return decided_status(std::move(state), event.index, Tri::maybe);
  }
  return decided_status(std::move(state), event.index, Tri::yes);
}

bool Machine::asked_for_help() const {
  for (const Frame* at = frame_; at && at->kind != FrameKind::function; at = at->parent) {
    if (at->kind != FrameKind::case_body) continue;
    const auto& patterns = at->command->items[at->index].patterns;
    return std::any_of(patterns.begin(), patterns.end(), [&](const Word& pattern) {
      const std::string_view text = at->text->source.slice(pattern.span);
      return text == "-h" || text == "--help";
    });
  }
  return false;
}

void Machine::come_back(const State& state) {
  const Tri success = state.status ? state.status->success : Tri::maybe;
  if (success != Tri::yes) function_ways_->back_failed = join(function_ways_->back_failed, state);
  if (success == Tri::no) return;
  State good = state;
  if (state.status) good.remove_failed(state.status->sites);
  function_ways_->back = join(function_ways_->back, good);
}

Outcome Machine::leave(const CommandEvent& event, State state) {
  const std::string& name = event.name;
  State gone = state;
  gone.reachable = false;
  if (!event.arguments.empty()) {
    const auto code = event.arguments[0].constant();
    Tri success = Tri::maybe;
    if (code) success = tri(*code == "0");
    auto status = std::make_shared<Status>();
    status->success = success;
    if (const Value& given = event.arguments[0].value; !code && is_status(given)) {
      status->sites = sites_of(given);
      if (state.status && state.status->sites == status->sites) *status = *state.status;
    }
    state.status = status;
  }
  Ways* loop_way = loop_ways_;
  if ((name == "break" || name == "continue") && loop_way) {
    State& way = name == "break" ? loop_way->broken : loop_way->continued;
    way = join(way, state);
  } else if (name == "return" && function_ways_) {
    // Who asks for help does not go on with the script.
    if (!asked_for_help()) come_back(state);
  } else if (name == "exit" || name == "return" || name == "logout") {
    exits_.leave(state);
  }
  return {gone, gone};
}

void Machine::set_options(const CommandEvent& event, State& state) {
  const std::vector<std::string> words = event.words();
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") {
      auto rest = std::make_shared<std::vector<Argument>>();
      for (size_t j = i + 1; j < event.arguments.size(); ++j) {
        if (event.arguments[j].may_split) {
          state.positional = nullptr;
          state.given = 0;
          return;
        }
        rest->push_back(event.arguments[j]);
      }
      state.positional = rest;
      return;
    }
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+')) continue;
    const Tri on = tri(word[0] == '-');
    for (size_t j = 1; j < word.size(); ++j) {
      if (word[j] == 'e') state.errexit = on;
      if (word[j] == 'u') state.nounset = on;
      if (word[j] == 'a') state.allexport = on;
      if (word[j] == 'o' && i + 1 < words.size()) {
        const std::string& option = words[++i];
        if (option == "errexit") state.errexit = on;
        if (option == "pipefail") state.pipefail = on;
        if (option == "nounset") state.nounset = on;
        if (option == "allexport") state.allexport = on;
        break;
      }
    }
  }
}

void Machine::unset(const CommandEvent& event, State& state) {
  for (const std::string& word : event.words()) {
    if (word.empty() || word[0] == '-') continue;
    Variable variable;
    variable.set = Tri::no;
    variable.unit = unit_;
    variable.span = event.span;
    state.variables.set(word, variable);
    state.functions.erase(word);
    note_proxy(state, word);
  }
}

void Machine::declare(const CommandEvent& event, State& state) {
  bool exports = event.name == "export";
  bool unexports = false;
  for (const std::string& word : event.words()) {
    if (word.empty() || word[0] != '-') continue;
    if (exports && word == "-n") {
      exports = false;
      unexports = true;
    } else if (event.name != "export" && event.name != "readonly" &&
               word.find('x') != std::string::npos) {
      exports = true;
    }
  }
  const bool makes_local =
      !locals_.empty() && !exports &&
      (event.name == "local" || event.name == "declare" || event.name == "typeset");
  std::vector<size_t> seen;
  for (const auto& [at, assignment] : event.command->declared) {
    seen.push_back(at);
    if (makes_local || event.name == "local") {
      make_local(assignment.name, state);
    }
    assign(assignment, state, exports ? Tri::yes : Tri::no);
  }
  for (const Argument& argument : event.arguments) {
    const auto word = argument.constant();
    if (exports && !word && names_unknown(argument.value)) {  // export $(grep … .env | xargs)
      state.opaque = true;
      state.proxy = Proxy::kUnknown;
    }
    if (!word || word->empty() || (*word)[0] == '-') continue;
    const bool was_assignment = std::any_of(seen.begin(), seen.end(), [&](size_t at) {
      return at < event.command->words.size() && &event.command->words[at] == argument.word;
    });
    if (was_assignment) continue;
    const size_t equals = word->find('=');
    const std::string name = name_of(*word);
    if (makes_local) make_local(name, state);
    const Variable* old = state.variable(name);
    Variable variable = old ? *old : Variable();
    if (!old) {
      variable.value = Value::unknown("$" + name);
      variable.set = Tri::maybe;
    }
    if (equals != std::string::npos) {  // export "NAME=value" came through quotes or expansions
      variable.value = Value::literal(word->substr(equals + 1));
      variable.set = Tri::yes;
      variable.unit = unit_;
      variable.span = argument.span;
    }
    if (exports) variable.exported = Tri::yes;
    if (unexports) variable.exported = Tri::no;
    if (!old && equals == std::string::npos && !exports) continue;
    state.variables.set(name, variable);
    note_proxy(state, name);
  }
}

void Machine::change_directory(const CommandEvent& event, State& state) {
  const auto known = [](const Text& text) { return std::make_shared<const Text>(text); };
  Text target = Text::hole(kCwdHole, Tri::no);
  bool known_step = false;
  if (event.name == "cd" || event.name == "pushd") {
    const Argument* operand = event.operand();
    if (!operand) {
      if (event.name == "cd") {
        const Variable* home = state.variable("HOME");
        known_step = home && home->value.alternatives().size() == 1;
        if (known_step) target = home->value.alternatives()[0];
      }
    } else if (!operand->is("-") && !operand->may_split &&
               operand->value.alternatives().size() == 1) {
      const Text& path = operand->value.alternatives()[0];
      const Text here = state.here();
      target = paths::join(here, path);
      known_step = true;
      if (event.name == "pushd") {
        Variable stack;
        stack.value = Value(here);
        state.variables.set("@pushd", stack);
      }
    }
  } else if (const Variable* stack = state.variable("@pushd")) {
    target = stack->value.alternatives()[0];
    known_step = true;
  }
  const bool from_start = !target.pieces().empty() && target.pieces()[0].text == kCwdHole;
  if (!known_step || !from_start) state.astray = !known_step;
  Variable old;
  if (state.cwd) old.value = Value(*state.cwd);
  state.variables.set("OLDPWD", old);
  state.cwd = known(target);
}

void Machine::read_variables(const CommandEvent& event, State& state) {
  const auto words = event.words();
  bool value_follows = false;
  for (const std::string& word : words) {
    if (value_follows) {
      value_follows = false;
      if (event.name != "printf") continue;
    }
    if (word.empty()) continue;
    if (word[0] == '-') {
      // Options with a value: -p prompt, -t seconds, -d delimiter, -n count, -u fd, -a array, -v
      // name.
      const char last = word.back();
      value_follows =
          std::string_view("ptdniu").find(last) != std::string_view::npos && event.name == "read";
      continue;
    }
    if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") !=
        std::string::npos) {
      continue;
    }
    Variable variable;
    variable.value = Value::unknown("$" + word);
    variable.array = event.name != "read" && event.name != "getopts" && event.name != "printf";
    variable.unit = unit_;
    variable.span = event.span;
    set_variable(state, word, std::move(variable));
    if (event.name == "printf") break;
  }
}

Outcome Machine::source(const CommandEvent& event, State state) {
  const Argument* operand = event.arguments.empty() ? nullptr : &event.arguments[0];
  if (!operand) return decided_status(std::move(state), event.index, Tri::no);
  Outcome all;
  all.ok = all.fail = state;
  all.ok.reachable = all.fail.reachable = false;
  const Value& path = operand->value;
  const Unit* target = nullptr;
  const Host::Sourced what = host_.resolve_source(path, state, *unit_, &target);
  // In dash `source` does not exist: the hook never runs and the status is 127.
  const bool missing = event.name == "source" && unit_->dialect == Dialect::posix;
  if (what == Host::Sourced::hook) {
    if (event.index >= 0) {
      auto& hook = trace_.commands[static_cast<size_t>(event.index)].hook;
      hook = missing ? CommandEvent::Hook::needs_bash : CommandEvent::Hook::effective;
    }
    if (missing) {
      state.proxy = state.proxy.with(Proxy::kInactive | Proxy::kDropped, Proxy::kExplained);
      return decided_status(std::move(state), event.index, Tri::no);
    }
    for (const std::string& name : host_.hook_variables()) {
      Variable variable;
      variable.value = Value::unknown("$" + name, Tri::no);
      if (name == "no_proxy") {
        const Value list = host_.hook_no_proxy();
        if (!list.is("")) variable.value = list;
      }
      variable.exported = Tri::yes;
      variable.unit = unit_;
      variable.span = event.span;
      state.variables.set(name, variable);
    }
    state.proxy = state.proxy.surely(Proxy::kActive) ? Proxy::kActive : Proxy::kFresh;
    state.hook_event = event.index;
    // On the platform the file is there: its sourcing succeeds.
    return decided_status(std::move(state), event.index, Tri::yes);
  }
  if (missing) return decided_status(std::move(state), event.index, Tri::no);
  if (what == Host::Sourced::unit && target && target->shell) {
    if (event.index >= 0) trace_.sources.push_back({event.index, path, target});
    if (depth_ > 100 || static_cast<int>(sourcing_.size()) >= limits_.depth ||
        std::find(sourcing_.begin(), sourcing_.end(), target) != sourcing_.end()) {
      return decided_status(std::move(state), event.index, Tri::maybe);  // an include cycle
    }
    Frame frame{FrameKind::sourced};
    frame.unit = event.unit;
    frame.span = event.span;
    Ways ways;
    Ways* saved = std::exchange(function_ways_, &ways);
    sourcing_.push_back(target);
    const auto positional = state.positional;
    const uint32_t given = state.given;
    if (event.arguments.size() > 1) {
      auto own = std::make_shared<std::vector<Argument>>(event.arguments.begin() + 1,
                                                         event.arguments.end());
      state.positional = own;
    }
    Outcome out = inline_program(*target->shell, *target, std::move(state), frame);
    sourcing_.pop_back();
    function_ways_ = saved;
    come_back(ways, out);
    out.ok.positional = out.fail.positional = positional;
    out.ok.given = out.fail.given = given;
    return out;
  }
  if (event.index >= 0) trace_.sources.push_back({event.index, path, nullptr});
  if (what == Host::Sourced::activation) {
    // `activate_project.sh` is the author's own and may set anything beside.
    if (!one_of(paths::basename(path.display()), {"activate", "conda.sh", "mamba.sh"}))
      state.opaque = true;
    state.activated = Tri::yes;
    Variable hook;  // the shell function `conda` is there from now on
    hook.value = Value::literal("1");
    state.variables.set("@conda_hook", hook);
    // conda's own `activate` takes the environment's name; a venv's is the environment.
    const std::string shown = path.display();
    const bool conda =
        shown.find("conda") != std::string::npos && shown.find("/envs/") == std::string::npos;
    if (paths::basename(shown) == "activate" && event.arguments.size() > 1) {
      state.conda_env = event.arguments[1].constant().value_or("?");
    } else if (!conda && paths::basename(shown).starts_with("activate")) {
      state.conda_env = "?";
    } else if (conda && paths::basename(shown) == "activate") {
      state.conda_env = "base";
    }
  } else if (what == Host::Sourced::unknown) {
    state.opaque = true;
    state.proxy = Proxy::kUnknown;
    if (state.activated == Tri::no) state.activated = Tri::maybe;
  }
  return decided_status(std::move(state), event.index, Tri::maybe);
}

Outcome Machine::eval(const CommandEvent& event, State state) {
  if (event.arguments.empty()) return decided_status(std::move(state), event.index, Tri::yes);
  const auto unseen = [&](State end) {
    end.opaque = true;
    end.proxy = Proxy::kUnknown;
    if (end.activated == Tri::no) end.activated = Tri::maybe;
    return decided_status(std::move(end), event.index, Tri::maybe);
  };
  // eval "$(conda shell.bash hook)" and its like: the program that printed the text is known.
  const std::string_view written = event.unit->source.slice(event.span);
  for (const std::string_view tool : {"conda", "mamba", "micromamba"}) {
    if (written.find(std::string(tool) + " shell") != std::string_view::npos ||
        written.find("/" + std::string(tool) + "'") != std::string_view::npos ||
        written.find("shell.bash") != std::string_view::npos) {
      state.activated = Tri::yes;
      Variable hook;
      hook.value = Value::literal("1");
      state.variables.set("@conda_hook", hook);
      return decided_status(std::move(state), event.index, Tri::maybe);
    }
  }
  for (const std::string_view tool :
       {"ssh-agent", "dircolors", "direnv", "dbus-launch", "lesspipe", "brew shellenv"}) {
    if (written.find(tool) != std::string_view::npos)
      return decided_status(std::move(state), event.index, Tri::maybe);
  }
  if (depth_ > 40 || eval_depth_ > 8) return unseen(std::move(state));
  const auto run_text = [&](Source source, State entry) {
    Unit& inner = trace_.units.emplace_back(*unit_);
    inner.source = std::move(source);
    inner.parent = unit_;
    inner.parent_span = event.span;
    inner.shell = host_.parse(inner.source.text(), inner.dialect);
    trace_.programs.push_back(inner.shell);
    Frame frame{FrameKind::eval};
    frame.unit = unit_;
    frame.span = event.span;
    ++eval_depth_;
    Outcome out = inline_program(*inner.shell, inner, std::move(entry), frame);
    --eval_depth_;
    return out;
  };
  // What the text runs first is not known: it may set anything.
  const auto& alternatives = event.arguments[0].value.alternatives();
  const bool hidden = std::any_of(alternatives.begin(), alternatives.end(), [](const Text& text) {
    return !text.pieces().empty() && !text.pieces().front().known;
  });
  if (hidden) return unseen(std::move(state));
  // Of a variable with unknown parts the known words are run, too.
  const bool variable =
      sole_parameter(event.arguments[0].word) && !event.arguments[0].value.constant();
  if (event.arguments.size() == 1 && !variable) {
    if (auto source = source_of(event.arguments[0], state))
      return run_text(std::move(*source), std::move(state));
  }
  // From a variable, or of several words: the text is known though not written here in one piece.
  std::vector<std::string> texts{""};
  for (const Argument& argument : event.arguments) {
    const auto& tails = argument.value.alternatives();
    if (texts.size() * tails.size() > 4) return unseen(std::move(state));
    std::vector<std::string> next;
    for (const std::string& head : texts) {
      for (const Text& tail : tails)
        next.push_back((head.empty() ? "" : head + " ") + with_outside(tail));
    }
    texts = std::move(next);
  }
  Outcome all;
  all.ok = all.fail = state;
  all.ok.reachable = all.fail.reachable = false;
  for (const std::string& text : texts) {
    SourceBuilder builder;
    builder.replaced(text, {event.arguments.front().span.begin, event.arguments.back().span.end});
    if (builder.empty()) {
      all.ok = join(all.ok, state);
      continue;
    }
    const Outcome one = run_text(std::move(builder).build(unit_->source, "\n"), state);
    all = {join(all.ok, one.ok), join(all.fail, one.fail)};
  }
  return all;
}

}  // namespace preflint::shell
