#include <algorithm>
#include <optional>
#include <utility>

#include "model/shell/machine.h"
#include "syntax/shell/expect.h"
#include "syntax/shell/words.h"

namespace preflint::shell {
namespace {

bool is_shell(std::string_view name) {
  return name == "bash" || name == "sh" || name == "zsh" || name == "dash" || name == "ksh" ||
         name == "ash";
}

Dialect dialect_of(std::string_view name) {
  if (name == "bash") return Dialect::bash;
  if (name == "zsh") return Dialect::zsh;
  if (name == "ksh") return Dialect::ksh;
  return Dialect::posix;
}

/// The heredoc (or here-string) that feeds a command's standard input; null when none does.
const RedirectEvent* text_input(const CommandEvent& event) {
  const RedirectEvent* found = nullptr;
  for (const RedirectEvent& redirect : event.redirects) {
    const RedirectKind kind = redirect.redirect->kind;
    if (kind == RedirectKind::heredoc || kind == RedirectKind::here_string) found = &redirect;
  }
  return found;
}

const RedirectEvent* file_input(const CommandEvent& event) {
  for (const RedirectEvent& redirect : event.redirects) {
    if (redirect.redirect->kind == RedirectKind::input && redirect.redirect->fd <= 0)
      return &redirect;
  }
  return nullptr;
}

/// Options of ssh that take a value.
constexpr std::string_view kSshValues = "bcDEeFIiJLlmOopQRSWw";

struct ShellOptions {
  size_t next = 0;       // the first operand
  bool command = false;  // -c
  bool standard_input = false;
  bool login = false;
  bool errexit = false;
};

ShellOptions shell_options(const std::vector<Argument>& words, size_t at) {
  ShellOptions out;
  for (; at < words.size(); ++at) {
    const auto word = words[at].constant();
    if (!word || word->size() < 2 || ((*word)[0] != '-' && (*word)[0] != '+')) break;
    if (*word == "--") {
      ++at;
      break;
    }
    if (word->starts_with("--")) {
      if (*word == "--login") out.login = true;
      if (*word == "--rcfile" || *word == "--init-file") ++at;
      continue;
    }
    for (const char c : *word) {
      if (c == 'c') out.command = true;
      if (c == 's') out.standard_input = true;
      if (c == 'l' || c == 'i') out.login = true;
      if (c == 'e') out.errexit = (*word)[0] == '-';
    }
    if (word->back() == 'o' || word->back() == 'O') ++at;
  }
  out.next = at;
  return out;
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [&](std::string_view end) { return text.ends_with(end); });
}

/// The operand of a launcher (torchrun, accelerate launch…) that names the script: the options
/// before it may take values that we do not list, so it is the first word that looks like one.
size_t script_index(const std::vector<Argument>& words, size_t from) {
  for (size_t i = from; i < words.size(); ++i) {
    const std::string text(
        words[i].constant().value_or(std::string(words[i].value.alternatives()[0].known_suffix())));
    if (text == "-m" || text == "--module" || text == "--no_python") return i;
    if (text.ends_with(".py") && !text.starts_with("-")) return i;
  }
  return words.size();
}

}  // namespace

/// What a resolved or unknown expansion looks like in a text handed to another shell: its value
/// where that is one known text; else an expansion of the same name, which the inner shell does not
/// know either.
std::optional<Source> Machine::source_of(const Argument& argument, const State& state) {
  const Word* word = argument.origin ? argument.origin : argument.word;
  const Unit* unit = argument.origin_unit ? argument.origin_unit : unit_;
  if (!word || !unit) return std::nullopt;
  State scratch = state;
  const auto expand_part = [&](const Part& part) -> std::optional<std::string> {
    ++silent_;
    auto* saved = std::exchange(output_, nullptr);
    const Value value = expand(part, scratch, true);
    output_ = saved;
    --silent_;
    if (auto constant = value.constant()) return constant;
    const bool filled = value.empty() == Tri::no;
    std::string name =
        part.kind == PartKind::parameter && !part.name.empty() &&
                (std::isalpha(static_cast<unsigned char>(part.name[0])) || part.name[0] == '_')
            ? part.name
            : std::string(kOutsideHole);
    return filled ? "${" + name + ":?}" : "${" + name + "}";
  };
  if (argument.origin) {
    // Its expansions belong to the caller's scope; only what needs none is followed.
    return decode(*word, unit->source, [](const Part&) -> std::optional<std::string> {
      return "${" + std::string(kOutsideHole) + ":?}";
    });
  }
  return decode(*word, unit->source, expand_part);
}

std::string Machine::place_of(const Value& value, const State& state) {
  if (value.alternatives().size() != 1 || value.unknown_whole()) return "";
  const Text here = state.here();
  return paths::join(here, value.alternatives()[0]).display();
}

/// `cat > run.sh <<'EOF'`, `tee run.sh <<EOF`.
void Machine::note_written(const CommandEvent& event) {
  if (event.name != "cat" && event.name != "tee") return;
  const RedirectEvent* input = text_input(event);
  if (!input || input->redirect->kind != RedirectKind::heredoc) return;
  for (const RedirectEvent& redirect : event.redirects) {
    if (redirect.redirect->kind != RedirectKind::output || redirect.redirect->fd == 2) continue;
    if (const std::string path = place_of(redirect.target, event.state); !path.empty())
      written_[path] = {input->redirect, event.unit};
  }
  const Argument* file = event.name == "tee" && !event.has_option("-a") ? event.operand() : nullptr;
  if (file) {
    if (const std::string path = place_of(file->value, event.state); !path.empty())
      written_[path] = {input->redirect, event.unit};
  }
}

void Machine::find_embedded(CommandEvent& event, std::vector<Embedded>& embedded,
                            std::vector<Launch>& launches) {
  const std::string& name = event.name;
  const std::vector<Argument>& words = event.arguments;
  const State& state = event.state;
  const auto word_at = [&](size_t i) {
    return i < words.size() ? words[i].constant().value_or("") : std::string();
  };
  const auto add = [&](UnitKind kind, Embedding how, std::optional<Source> source,
                       Dialect dialect) -> Embedded* {
    if (!source || silent_ > 0) return nullptr;
    Embedded& out = embedded.emplace_back();
    out.kind = kind;
    out.embedding = how;
    out.source = std::move(*source);
    out.dialect = dialect;
    return &out;
  };
  /// What the command reads from a heredoc or here-string.
  const auto input = [&](UnitKind kind) -> std::optional<Source> {
    const RedirectEvent* from = text_input(event);
    if (!from || silent_ > 0) return std::nullopt;
    State scratch = state;
    const auto expand_part = [&](const Part& part) -> std::optional<std::string> {
      ++silent_;
      const Value value = expand(part, scratch, true);
      --silent_;
      if (auto constant = value.constant()) return constant;
      const std::string hole = part.kind == PartKind::parameter && !part.name.empty() &&
                                       std::isalpha(static_cast<unsigned char>(part.name[0]))
                                   ? part.name
                                   : std::string(kOutsideHole);
      return kind == UnitKind::python   ? std::string("0")
             : value.empty() == Tri::no ? "${" + hole + ":?}"
                                        : "${" + hole + "}";
    };
    const Redirect& redirect = *from->redirect;
    return redirect.kind == RedirectKind::here_string
               ? decode(redirect.target, unit_->source, expand_part)
               : decode(redirect, unit_->source, expand_part);
  };
  const auto heredoc = [&](UnitKind kind, Embedding how, Dialect dialect) -> Embedded* {
    return add(kind, how, input(kind), dialect);
  };
  /// Several words that ssh joins with blanks into one text; tmux runs them as they are
  /// (`keep_words`).
  const auto joined = [&](size_t from, bool keep_words) -> std::optional<Source> {
    if (from >= words.size()) return std::nullopt;
    if (from + 1 == words.size()) return source_of(words[from], state);
    SourceBuilder builder;
    for (size_t i = from; i < words.size(); ++i) {
      const Span span = words[i].span;
      if (i > from) builder.replaced(" ", {words[i - 1].span.end, span.begin});
      auto part = source_of(words[i], state);
      if (!part || &part->file() != &unit_->file()) return std::nullopt;
      const std::string text(part->text());
      const bool quote =
          keep_words && text.find_first_of(" \t\n;&|<>()$`\"\\'*?") != std::string::npos;
      if (quote && text.find('\'') != std::string::npos) return std::nullopt;
      if (quote) builder.replaced("'", {span.begin, span.begin});
      const size_t at = unit_->source.slice(span).find(text);
      if (at != std::string_view::npos && !text.empty())
        builder.exact(text, span.begin + static_cast<uint32_t>(at));
      else
        builder.replaced(text, span);
      if (quote) builder.replaced("'", {span.end, span.end});
    }
    return std::move(builder).build(unit_->source, "'\"");
  };
  /// The file was written by the program itself: its text is run.
  const auto written = [&](const Value& path, UnitKind kind, std::optional<Dialect> named) {
    if (silent_ > 0) return false;
    const auto at = written_.find(place_of(path, state));
    if (at == written_.end()) return false;
    State scratch = state;
    const Unit* here = std::exchange(unit_, at->second.unit);
    auto source = decode(*at->second.heredoc, unit_->source,
                         [&](const Part& part) -> std::optional<std::string> {
                           ++silent_;
                           const Value value = expand(part, scratch, true);
                           --silent_;
                           return value.constant().value_or("${" + std::string(kOutsideHole) + "}");
                         });
    unit_ = here;
    if (!source) return false;
    Dialect dialect = named.value_or(Dialect::bash);
    const std::string_view text = source->text();
    const std::string_view first = text.substr(0, text.find('\n'));
    if (!named && first.starts_with("#!") && first.ends_with("/sh")) dialect = Dialect::posix;
    return add(kind, Embedding::heredoc, std::move(source), dialect) != nullptr;
  };
  const auto launch = [&](Launch::Kind kind, size_t target, Dialect dialect) {
    if (silent_ > 0 || target >= words.size()) return;
    const bool script = kind == Launch::shell_script;
    if (kind != Launch::python_module &&
        written(words[target].value, script ? UnitKind::shell : UnitKind::python,
                script ? std::optional(dialect) : std::nullopt))
      return;
    Launch& out = launches.emplace_back();
    out.kind = kind;
    out.target = words[target];
    out.arguments.assign(words.begin() + static_cast<std::ptrdiff_t>(target) + 1, words.end());
    out.dialect = dialect;
  };

  if (is_shell(name)) {
    const ShellOptions options = shell_options(words, 0);
    if (options.command && options.next < words.size()) {
      if (Embedded* inner = add(UnitKind::shell, Embedding::dash_c,
                                source_of(words[options.next], state), dialect_of(name))) {
        inner->login = options.login;
        inner->errexit = options.errexit;
        inner->positional.assign(words.begin() + static_cast<std::ptrdiff_t>(options.next) + 1,
                                 words.end());
        if (!inner->positional.empty()) inner->positional.erase(inner->positional.begin());  // $0
      }
    } else if (!options.standard_input && options.next < words.size()) {
      bool hook = true;
      for (const Text& text : words[options.next].value.alternatives())
        hook = hook && host_.is_hook(text);
      if (hook) {
        event.hook = CommandEvent::Hook::executed;
      } else {
        launch(Launch::shell_script, options.next, dialect_of(name));
        if (!launches.empty()) {
          launches.back().by_interpreter = true;
          launches.back().errexit = options.errexit;
        }
      }
    } else if (text_input(event)) {
      if (Embedded* inner = heredoc(UnitKind::shell, Embedding::heredoc, dialect_of(name))) {
        inner->login = options.login;
        inner->errexit = options.errexit;
      }
    } else if (const RedirectEvent* file = file_input(event)) {
      Launch& out = launches.emplace_back();
      out.target.value = file->target;
      out.target.span = file->redirect->target.span;
      out.dialect = dialect_of(name);
      out.by_interpreter = true;
    }
    return;
  }
  if (name == "ssh") {
    size_t at = 0;
    for (; at < words.size(); ++at) {
      const std::string word =
          words[at].constant().value_or(std::string(words[at].value.known_start()));
      if (word.size() < 2 || word[0] != '-') {
        if (words[at].may_split && words[at].value.unknown_whole() && at + 1 < words.size() &&
            words[at].value.display().find("OPT") != std::string::npos) {
          continue;  // $SSH_OPTS
        }
        break;
      }
      if (word == "--") {
        ++at;
        break;
      }
      if (kSshValues.find(word[1]) != std::string_view::npos && word.size() == 2) ++at;
    }
    if (at >= words.size()) return;
    // `ssh HOST -t 'command'`: options may stand behind the host as well.
    size_t command = at + 1;
    while (command < words.size()) {
      const std::string option = words[command].constant().value_or("");
      if (option.size() < 2 || option[0] != '-') break;
      const bool valued =
          option.size() == 2 && kSshValues.find(option[1]) != std::string_view::npos;
      command += valued ? 2 : 1;
    }
    if (command < words.size()) {
      // ssh HOST bash -s < file, ssh HOST bash <<EOF, ssh HOST 'bash -s' <<EOF
      const std::string text = words[command].constant().value_or("");
      std::string first = text.substr(0, text.find(' '));
      const bool feeds =
          is_shell(paths::basename(first)) && (text_input(event) || file_input(event));
      bool reads_input = feeds;
      bool login = false;
      if (feeds) {
        if (text.find(' ') == std::string::npos) {
          const ShellOptions options = shell_options(words, command + 1);
          reads_input =
              !options.command && (options.standard_input || options.next >= words.size());
          login = options.login;
        } else {
          reads_input = text.find(" -c") == std::string::npos;
          login = text.find(" -l") != std::string::npos || text.find(" -i") != std::string::npos;
        }
      }
      if (reads_input) {
        if (text_input(event)) {
          if (Embedded* inner =
                  heredoc(UnitKind::shell, Embedding::ssh, dialect_of(paths::basename(first)))) {
            inner->fresh = true;
            inner->login = login;
          }
        } else if (const RedirectEvent* file = file_input(event)) {
          Launch& out = launches.emplace_back();
          out.target.value = file->target;
          out.target.span = file->redirect->target.span;
          out.dialect = dialect_of(paths::basename(first));
          out.by_interpreter = out.over_ssh = out.fresh = true;
        }
        return;
      }
      if (Embedded* inner =
              add(UnitKind::shell, Embedding::ssh, joined(command, false), Dialect::bash))
        inner->fresh = true;
      return;
    }
    if (Embedded* inner = heredoc(UnitKind::shell, Embedding::ssh, Dialect::bash)) {
      inner->fresh = true;
      inner->login = true;  // without a command the remote shell is a login shell
    }
    return;
  }
  if (name == "expect") {
    std::optional<Source> script;
    for (size_t i = 0; i + 1 < words.size() && !script; ++i) {
      if (words[i].is("-c")) script = source_of(words[i + 1], state);
    }
    if (!script) script = input(UnitKind::shell);
    if (!script) return;
    for (const TypedText& typed : typed_texts(*script, kOutsideHole)) {
      Embedded* inner = add(UnitKind::shell, typed.over_ssh ? Embedding::ssh : Embedding::dash_c,
                            typed.text, Dialect::bash);
      if (!inner) continue;
      inner->fresh = typed.over_ssh;
      inner->login = typed.typed;
    }
    return;
  }
  if (name == "su" || name == "runuser") {
    bool fresh = false;
    for (size_t i = 0; i < words.size(); ++i) {
      const std::string word = word_at(i);
      if (word == "-" || word == "-l" || word == "--login") fresh = true;
      if ((word == "-c" || word == "--command") && i + 1 < words.size()) {
        if (Embedded* inner = add(UnitKind::shell, Embedding::dash_c,
                                  source_of(words[i + 1], state), Dialect::bash)) {
          inner->fresh = inner->login = fresh;
        }
      }
    }
    return;
  }
  if (name == "tmux" && !words.empty()) {
    const auto sub = std::find_if(words.begin(), words.end(), [](const Argument& word) {
      const std::string text = word.constant().value_or("");
      return text.starts_with("new") || text.starts_with("send") || text.starts_with("split") ||
             text.starts_with("respawn") || text == "neww";
    });
    if (sub == words.end()) return;
    const bool keys = sub->constant()->starts_with("send");
    size_t i = static_cast<size_t>(sub - words.begin()) + 1;
    const std::string_view values = keys ? "tN" : "sncxytFeflp";
    for (; i < words.size(); ++i) {
      const std::string text =
          words[i].constant().value_or(std::string(words[i].value.known_start()));
      if (text.size() < 2 || text[0] != '-') break;
      if (values.find(text.back()) != std::string_view::npos) ++i;
    }
    if (keys) {
      for (; i < words.size(); ++i) {
        const std::string text = word_at(i);
        if (text == "Enter" || text == "C-m" || text == "ENTER" || text == "C-c" || text == "C-z")
          continue;
        if (Embedded* inner = add(UnitKind::shell, Embedding::session, source_of(words[i], state),
                                  Dialect::bash)) {
          inner->login = true;
        }
      }
      return;
    }
    // Run by `$SHELL -c`: what is typed into a window (send-keys) has read the start-up files, this
    // has not.
    add(UnitKind::shell, Embedding::session, joined(i, true), Dialect::bash);
    return;
  }
  if (name == "screen") {
    for (size_t i = 0; i + 1 < words.size(); ++i) {
      if (word_at(i) == "stuff") {
        if (Embedded* inner = add(UnitKind::shell, Embedding::session,
                                  source_of(words[i + 1], state), Dialect::bash)) {
          inner->login = true;
        }
      }
    }
    return;
  }
  if (name == "find") {
    for (size_t i = 0; i + 3 < words.size(); ++i) {
      const std::string word = word_at(i);
      if ((word == "-exec" || word == "-execdir" || word == "-ok") &&
          is_shell(paths::basename(word_at(i + 1))) && word_at(i + 2) == "-c") {
        add(UnitKind::shell, Embedding::dash_c, source_of(words[i + 3], state),
            dialect_of(paths::basename(word_at(i + 1))));
      }
    }
    return;
  }
  if (name == "watch" || name == "script" || name == "parallel") {
    for (size_t i = 0; i < words.size(); ++i) {
      const std::string word = word_at(i);
      if (name == "script" ? (word == "-c" && i + 1 < words.size())
                           : word.find(' ') != std::string::npos) {
        add(UnitKind::shell, Embedding::dash_c,
            source_of(words[name == "script" ? i + 1 : i], state), Dialect::posix);
        return;
      }
    }
    return;
  }
  if (name == "at" || name == "batch") {
    heredoc(UnitKind::shell, Embedding::session, Dialect::posix);
    return;
  }
  if (name == "python") {
    for (size_t i = 0; i <= words.size(); ++i) {
      const std::string word = word_at(i);
      if (i == words.size() || word == "-") {
        heredoc(UnitKind::python, Embedding::heredoc, Dialect::bash);
        return;
      }
      if (word == "-c") {
        if (i + 1 < words.size())
          add(UnitKind::python, Embedding::dash_c, source_of(words[i + 1], state), Dialect::bash);
        return;
      }
      if (word == "-m") {
        launch(Launch::python_module, i + 1, Dialect::bash);
        return;
      }
      if (word == "-W" || word == "-X") {
        ++i;
        continue;
      }
      if (word.starts_with("-") && word.size() > 1) continue;
      launch(Launch::python_file, i, Dialect::bash);
      return;
    }
    return;
  }
  if (name == "torchrun" || name == "deepspeed" || name == "ipython" || name == "streamlit" ||
      (name == "accelerate" && word_at(0) == "launch")) {
    size_t at = script_index(words, name == "accelerate" ? 1 : 0);
    if (at < words.size() && (word_at(at) == "-m" || word_at(at) == "--module")) {
      launch(Launch::python_module, at + 1, Dialect::bash);
    } else {
      launch(Launch::python_file, at, Dialect::bash);
    }
    return;
  }
  // A script by its path.
  const std::string word = event.word.constant().value_or(
      std::string(event.word.value.alternatives()[0].known_suffix()));
  if (word.find('/') == std::string::npos) return;
  bool hook = true;
  for (const Text& text : event.word.value.alternatives()) hook = hook && host_.is_hook(text);
  if (hook) {
    event.hook = CommandEvent::Hook::executed;
    return;
  }
  if (silent_ > 0) return;
  if (written(event.word.value, ends_with_any(word, {".py"}) ? UnitKind::python : UnitKind::shell,
              std::nullopt))
    return;
  Launch& out = launches.emplace_back();
  out.kind = ends_with_any(word, {".py"}) ? Launch::python_file : Launch::shell_script;
  out.target = event.word;
  out.arguments = words;
}

/// What a command prints, for command substitution.
namespace {

/// What is not known of a path that holds it: `$(mktemp)`. A date is shown as it is written,
/// `$(date +%Y%m%d)`: people know their folders by it.
std::string hole_of(const CommandEvent& event) {
  const std::string_view text = event.unit->source.slice(event.span);
  const bool shown = event.name == "date" && text.find_first_of("/\n$`") == std::string_view::npos;
  return "$(" + (shown ? std::string(text) : event.name) + ")";
}

}  // namespace

Value Machine::stdout_of(const CommandEvent& event, const State& state) const {
  const std::string& name = event.name;
  const Text here = state.here();
  if (!event.stdout_attached) {
    for (const RedirectEvent& redirect : event.redirects) {
      if (redirect.redirect->kind == RedirectKind::output && redirect.redirect->fd <= 1)
        return Value();
    }
  }
  if (event.stdin_piped || event.stdout_piped) return Value::unknown("$(…)");
  if (name == "pwd") return Value(here);
  const bool system =
      event.arguments.empty() || (event.arguments.size() == 1 && event.arguments[0].is("-s"));
  if (name == "uname" && system && root_.site == Site::instance) return Value::literal("Linux");
  if (name == "echo" || name == "printf") {
    Value out;
    bool first = true;
    for (const Argument& argument : event.arguments) {
      if (argument.may_split) return Value::unknown("$(…)");
      const auto constant = argument.constant();
      if (first && constant && constant->size() > 1 && (*constant)[0] == '-' && name == "echo")
        continue;
      if (name == "printf" && (!constant || event.arguments.size() > 1 ||
                               constant->find_first_of("%\\") != std::string::npos)) {
        if (event.arguments.size() == 2 && event.arguments[0].constant() &&
            (event.arguments[0].is("%s") || event.arguments[0].is("%s\\n"))) {
          return event.arguments[1].value;
        }
        return Value::unknown("$(…)");
      }
      if (!first) out = out.concatenated(Value::literal(" "));
      out = out.concatenated(argument.value);
      first = false;
    }
    return out;
  }
  const Argument* operand = event.operand();
  if (!operand || operand->may_split) return Value::unknown(hole_of(event));
  if (name == "dirname") return dirname_value(operand->value);
  if (name == "basename") {
    const auto constant = operand->constant();
    if (!constant) {
      const std::string suffix(operand->value.alternatives()[0].known_suffix());
      const size_t slash = suffix.rfind('/');
      if (operand->value.alternatives().size() != 1 || slash == std::string::npos)
        return Value::unknown("$(basename)");
      return Value::literal(suffix.substr(slash + 1));
    }
    std::string out = paths::basename(*constant);
    if (const Argument* suffix = event.operand(1)) {
      const auto end = suffix->constant();
      if (end && out.size() > end->size() && out.ends_with(*end))
        out.resize(out.size() - end->size());
    }
    return Value::literal(out);
  }
  if (name == "realpath" || name == "readlink") {
    if (operand->value.alternatives().size() != 1) return operand->value;
    return Value(paths::join(here, operand->value.alternatives()[0]));
  }
  return Value::unknown(hole_of(event), Tri::maybe);
}

State fresh_state(const Unit& unit, Value script_path) {
  State out;
  const auto set = [&](const char* name, std::string_view value) {
    Variable variable;
    variable.value = Value::literal(value);
    variable.exported = Tri::yes;
    out.variables.set(name, variable);
  };
  if (unit.site == Site::instance) {
    set("HOME", "/root");
    set("USER", "root");
    set("OSTYPE", "linux-gnu");
  }
  out.script = std::move(script_path);
  out.cwd = std::make_shared<const Text>(
      unit.embedding == Embedding::ssh ? Text::literal("/root") : Text::hole(kCwdHole, Tri::no));
  out.activated = tri(unit.login);
  return out;
}

State child_state(const Environment& environment, const Unit& unit, Value script_path,
                  std::vector<Argument> positional) {
  State out = fresh_state(unit, std::move(script_path));
  PersistentMap<Variable> inherited;
  environment.variables.for_each([&](const std::string& name, const Variable& variable) {
    if (variable.exported == Tri::no || variable.set == Tri::no || name.starts_with('@')) return;
    Variable copy = variable;
    if (copy.exported == Tri::maybe) copy.set = Tri::maybe;
    copy.exported = Tri::yes;
    inherited.set(name, std::move(copy));
  });
  out.variables = std::move(inherited);
  out.proxy = environment.proxy;
  out.opaque = environment.opaque;
  out.activated = unit.login ? Tri::yes : environment.activated;
  out.conda_env = environment.conda_env;
  if (environment.cwd) out.cwd = environment.cwd;
  out.astray = environment.astray;
  out.positional = std::make_shared<const std::vector<Argument>>(std::move(positional));
  return out;
}

}  // namespace preflint::shell
