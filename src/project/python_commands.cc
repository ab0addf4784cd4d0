#include "project/python_commands.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "project/program.h"

namespace preflint::project {
namespace {

/// Stands for the words of an argument list that are not known.
constexpr std::string_view kMore = "__py_more";

/// Functions that run a command given as their first argument.
bool runs_command(std::string_view origin) {
  static constexpr std::string_view kNames[] = {"asyncio.create_subprocess_shell",
                                                "commands.getoutput",
                                                "os.popen",
                                                "os.system",
                                                "subprocess.Popen",
                                                "subprocess.call",
                                                "subprocess.check_call",
                                                "subprocess.check_output",
                                                "subprocess.getoutput",
                                                "subprocess.getstatusoutput",
                                                "subprocess.run"};
  return std::binary_search(std::begin(kNames), std::end(kNames), origin);
}

bool always_shell(std::string_view origin) {
  return origin == "os.system" || origin == "os.popen" ||
         origin == "asyncio.create_subprocess_shell" || origin == "subprocess.getoutput" ||
         origin == "subprocess.getstatusoutput" || origin == "commands.getoutput";
}

/// The argument lists that a value can be; anything else as it is.
std::vector<py::Value> forms_of(const py::Value& value) {
  const auto& items = value.items();
  const bool lists = value.type == py::Type::either &&
                     std::all_of(items.begin(), items.end(), [](const py::Value& one) {
                       return one.type == py::Type::list || one.type == py::Type::tuple;
                     });
  return lists ? items : std::vector<py::Value>{value};
}

std::string quoted(const std::string& word) {
  if (!word.empty() &&
      word.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+") ==
          std::string::npos) {
    return word;
  }
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + "'";
}

/// What is known of a word: the parts of its only text, or the address with which all its texts
/// begin. (Of an option the name is known, or nothing.)
Text common(const preflint::Value& word) {
  const auto& texts = word.alternatives();
  std::string_view start = texts[0].known_prefix();
  if (texts.size() == 1 && !word.unknown_whole() &&
      (start.empty() || start.find_first_not_of('-') != std::string_view::npos))
    return texts[0];
  for (const Text& text : texts) {
    const std::string_view other = text.known_prefix();
    const auto end = std::mismatch(start.begin(), start.end(), other.begin(), other.end());
    start = start.substr(0, static_cast<size_t>(end.first - start.begin()));
  }
  Text out;
  if (start.find("://") != std::string_view::npos) out.append(start);
  out.append(Text::hole("word", Tri::no));
  return out;
}

/// Where a text of several parts stands in the argument list of a call itself: f"--port={port}".
std::optional<Span> stretch(const std::vector<py::Fragment>& parts, const py::CallEvent& call) {
  Span out = parts.front().span;
  for (const py::Fragment& part : parts) {
    if (part.file != call.file || part.span.begin < call.span.begin ||
        part.span.end > call.span.end)
      return std::nullopt;
    out.begin = std::min(out.begin, part.span.begin);
    out.end = std::max(out.end, part.span.end);
  }
  return out;
}

/// A word of an argument list of which parts are not known, as a shell is given it:
/// `https://host/"${__py_name}"`.
std::string with_holes(const Text& text) {
  std::string out;
  for (const Piece& piece : text.pieces()) {
    if (piece.known) {
      out += quoted(piece.text);
      continue;
    }
    out += "\"${__py_";
    for (const char c : piece.text) out += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    out += piece.empty == Tri::no ? ":?}\"" : "}\"";
  }
  return out;
}

/// The shell behind `!`: IPython asks $SHELL for it and takes sh where it is not set. (os.system
/// and subprocess take /bin/sh whatever it says.)
shell::Dialect line_dialect(const shell::Environment& environment) {
  const shell::Variable* variable = environment.find("SHELL");
  if (!variable) return shell::Dialect::posix;
  const std::string name = paths::basename(variable->value.constant().value_or("bash"));
  return name == "sh" || name == "dash" || name == "ash" ? shell::Dialect::posix
                                                         : shell::Dialect::bash;
}

/// Does a program whose last command was this one read a hook's proxy back: `env | grep proxy`? A
/// key that it then writes and that is not known is one of those.
bool reads_proxy(const py::CallEvent* last) {
  const py::Argument* command = last ? last->argument(0, {"args", "command", "cmd"}) : nullptr;
  if (!command || command->span.empty()) return false;
  const std::string text = command->value.is_string()
                               ? command->value.text().display()
                               : std::string(last->file->syntax.slice(command->span));
  const size_t grep = text.find("grep");
  return grep != std::string::npos && text.find("proxy", grep) != std::string::npos;
}

/// Brings an environment up to date with one write of os.environ. `last` is the last command that
/// the program ran before; null for none.
void apply(const py::EnvironmentWrite& write, const py::CallEvent* last,
           shell::Environment& environment) {
  const auto key = write.key.constant();
  if (!key) {  // os.environ[key] = value for keys read from somewhere: a hook's output, a file
    if (!reads_proxy(last)) environment.opaque = true;
    environment.proxy = shell::Proxy::kUnknown;
    return;
  }
  if (write.how == py::EnvironmentWrite::remove) {
    environment.variables.erase(*key);
    if (shell::is_proxy_variable(*key)) {
      environment.proxy = environment.proxy.with(shell::Proxy::kActive | shell::Proxy::kFresh,
                                                 shell::Proxy::kDropped);
    }
    return;
  }
  if (write.how == py::EnvironmentWrite::set_default && environment.find(*key)) return;
  shell::Variable variable;
  variable.value = write.value.str();
  variable.exported = Tri::yes;
  environment.variables.set(*key, variable);
  if (shell::is_proxy_variable(*key)) {
    if (variable.value.empty() == Tri::yes) {
      environment.proxy = environment.proxy.with(shell::Proxy::kActive | shell::Proxy::kFresh,
                                                 shell::Proxy::kDropped);
    } else {
      environment.proxy = shell::Proxy::kActive;
    }
  }
}

}  // namespace

Span written_at(const py::EnvironmentWrite& write) {
  return {write.span.begin, std::max(write.span.end, write.value_span.end)};
}

shell::Environment environment_before(const shell::Environment& entry, const py::Trace& trace,
                                      int order) {
  shell::Environment out = entry;
  const py::CallEvent* last = nullptr;
  auto call = trace.calls.begin();
  for (const py::EnvironmentWrite& write : trace.environment_writes) {
    for (; call != trace.calls.end() && call->order <= write.order; ++call) {
      if (runs_command(call->origin)) last = &*call;
    }
    if (write.order < order) apply(write, last, out);
  }
  return out;
}

shell::Environment handed_on(const py::CallEvent& call, const shell::Environment& environment) {
  const py::Argument* given = call.keyword("env");
  if (!given || given->value.is_none() || given->value.is_reference("os.environ"))
    return environment;
  shell::Environment out = environment;
  if (given->value.type != py::Type::dict) {
    out.opaque = true;
    out.proxy = shell::Proxy::kUnknown;
    return out;
  }
  const auto& items = given->value.items();
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    const auto key = items[i].constant();
    if (!key) continue;
    shell::Variable variable;
    variable.value = items[i + 1].str();
    variable.exported = Tri::yes;
    const bool set = variable.value.empty() != Tri::yes;
    out.variables.set(*key, std::move(variable));
    if (set && shell::is_proxy_variable(*key)) out.proxy = shell::Proxy::kActive;
  }
  return out;
}

PythonCommands::PythonCommands(const py::Trace& trace) : trace_(trace) {
  for (const py::CallEvent& call : trace.calls) {
    if (runs_command(call.origin) || call.method == "exec_command" || call.method == "sendline")
      steps_.push_back({call.order, &call, nullptr, nullptr});
  }
  for (const py::ShellEvent& event : trace.shell)
    steps_.push_back({event.order, nullptr, &event, nullptr});
  for (const py::EnvironmentWrite& write : trace.environment_writes)
    steps_.push_back({write.order, nullptr, nullptr, &write});
  std::stable_sort(steps_.begin(), steps_.end(),
                   [](const Step& a, const Step& b) { return a.order < b.order; });
}

const PythonCommand* PythonCommands::next(shell::Environment& environment) {
  while (at_ < steps_.size()) {
    const Step& step = steps_[at_];
    command_ = PythonCommand();
    if (step.call) {
      const py::Argument* first = step.call->argument(0, {"args", "command", "cmd"});
      const std::vector<py::Value> forms =
          first ? forms_of(first->value) : std::vector<py::Value>();
      if (form_ < forms.size()) {
        if (make(*step.call, forms[form_++])) return &command_;
        continue;
      }
      form_ = 0;
      if (runs_command(step.call->origin)) last_ = step.call;
    }
    ++at_;
    if (step.write)
      apply(*step.write, last_, environment);
    else if (step.shell && make(*step.shell, environment))
      return &command_;
  }
  return nullptr;
}

std::optional<std::string> PythonCommands::word_of(const py::Value& value) const {
  // Where a program lies, by its name.
  if (value.is_reference("shutil.which()") && value.call >= 0 &&
      static_cast<size_t>(value.call) < trace_.calls.size()) {
    const py::Argument* name = trace_.calls[static_cast<size_t>(value.call)].argument(0, {"cmd"});
    return name ? name->value.constant() : std::nullopt;
  }
  if (value.type == py::Type::either) {
    // `os.environ.get("CONDA_EXE") or "conda"`: what the program takes where nobody says anything
    // else.
    std::optional<std::string> known;
    for (const py::Value& one : value.items()) {
      if (one.is_none()) continue;
      const auto word = word_of(one);
      if (word && known && paths::basename(*word) != paths::basename(*known)) return std::nullopt;
      if (word && !known) known = word;
    }
    return known;
  }
  return value.is_path ? value.text().constant() : value.str().constant();
}

bool PythonCommands::make(const py::CallEvent& call, const py::Value& value) {
  const py::Argument* first = call.argument(0, {"args", "command", "cmd"});
  shell::Embedded& out = command_.embedded;
  out.embedding = Embedding::os_call;
  out.dialect = shell::Dialect::posix;
  command_.span = call.span;
  command_.call = &call;
  command_.file = call.file;
  if (call.method == "exec_command" || call.method == "sendline") {
    // paramiko and fabric hand the text to a fresh shell on the other machine.
    const bool remote = call.origin.find("paramiko") != std::string::npos ||
                        call.origin.find("SSHClient") != std::string::npos ||
                        call.method == "exec_command";
    if (!remote) return false;
    out.embedding = Embedding::remote_api;
    out.dialect = shell::Dialect::bash;
    out.fresh = true;
  }
  const py::Argument* executable = call.keyword("executable");
  if (executable) {
    const auto path = executable->value.constant();
    if (!path) return false;
    if (path->find("bash") != std::string::npos) out.dialect = shell::Dialect::bash;
  }
  const py::Argument* shell_flag = call.keyword("shell");
  const bool by_shell = always_shell(call.origin) || out.fresh ||
                        (shell_flag && shell_flag->value.truth() == Tri::yes);
  if (value.is_string()) {
    if (!by_shell && shell_flag && shell_flag->value.truth() == Tri::maybe) return false;
    if (auto source = py::source_of(value)) {
      out.source = std::move(*source);
      return true;
    }
    return false;
  }
  if ((value.type != py::Type::list && value.type != py::Type::tuple) || value.items().empty())
    return false;
  // A list of words: written out as a shell would take it. With shell=True only the first one is
  // the text.
  SourceBuilder builder;
  const Source& outer = call.file->syntax.source;
  const auto& items = value.items();
  const size_t count = by_shell ? 1 : items.size();
  for (size_t i = 0; i < count; ++i) {
    // Where the element is written, when it is a literal of the call's own file.
    Span place = first->span;
    const auto& written = items[i].written();
    if (written.size() == 1 && written[0].file == call.file && written[0].literal)
      place = written[0].span;
    else if (!written.empty())
      place = stretch(written, call).value_or(place);
    if (i > 0) builder.replaced(" ", {place.begin, place.begin});
    if (items[i].is_reference("sys.executable")) {
      builder.replaced("python", first->span);
      continue;
    }
    const auto constant = word_of(items[i]);
    if (!constant) {
      const preflint::Value text = items[i].is_path ? items[i].text() : items[i].str();
      builder.replaced(
          by_shell ? with_holes(Text::hole("word", Tri::no)) : with_holes(common(text)), place);
      continue;
    }
    const std::string word = by_shell ? *constant : quoted(*constant);
    // A plain literal is what stands between its quotes, byte for byte.
    const bool literal = written.size() == 1 && written[0].file == call.file &&
                         written[0].literal && place.size() == constant->size() + 2 &&
                         outer.slice({place.begin + 1, place.end - 1}) == *constant;
    const Span inside = literal ? Span{place.begin + 1, place.end - 1} : place;
    if (literal && word == *constant) {
      builder.exact(word, inside.begin);
    } else if (literal && constant->find('\'') == std::string::npos) {
      builder.replaced("'", {inside.begin, inside.begin});
      builder.exact(*constant, inside.begin);
      builder.replaced("'", {inside.end, inside.end});
    } else {
      builder.replaced(word, place);
    }
  }
  if (value.open) builder.replaced(" ${" + std::string(kMore) + "}", first->span);
  out.source = std::move(builder).build(outer, "'\"\\\n");
  return true;
}

bool PythonCommands::make(const py::ShellEvent& event, shell::Environment& environment) {
  if (!event.item) return false;
  const notebook::Item& item = *event.item;
  using notebook::ItemKind;
  shell::Embedded& out = command_.embedded;
  command_.span = event.span;
  command_.file = event.file;
  switch (item.kind) {
    case ItemKind::cd: {
      const std::string_view folder = item.text.text();
      if (!folder.empty() && folder.find_first_of("${}") == std::string_view::npos) {
        const Text here = environment.here();
        environment.cwd = std::make_shared<const Text>(paths::join(here, Text::literal(folder)));
      } else {
        environment.cwd = std::make_shared<const Text>(Text::hole(kCwdHole, Tri::no));
      }
      return false;
    }
    case ItemKind::shell_line:
    case ItemKind::pip:
    case ItemKind::conda:
      out.embedding = Embedding::notebook_line;
      out.dialect = line_dialect(environment);
      out.source = item.text;
      return true;
    case ItemKind::shell_cell:
      out.embedding = Embedding::notebook_cell;
      out.dialect = item.argument == "sh" || item.argument == "dash" ? shell::Dialect::posix
                                                                     : shell::Dialect::bash;
      out.source = item.text;
      return true;
    default:
      return false;
  }
}

bool own_interpreter(const Run& run, const shell::CommandEvent& event) {
  if (event.unit != run.unit || event.unit->embedding != Embedding::os_call || !run.parent ||
      !run.parent->python || !run.launch_file)
    return false;
  bool held = false;
  for (const py::CallEvent& call : run.parent->python->calls) {
    if (call.file != run.launch_file || !(call.span == run.launch_span)) continue;
    const py::Argument* first = call.argument(0, {"args", "command", "cmd"});
    if (!first) continue;
    for (const py::Value& form : forms_of(first->value)) {
      if (form.type != py::Type::list && form.type != py::Type::tuple) continue;
      for (const py::Value& item : form.items()) {
        held = held || item.is_reference("sys.executable");
        // Which of the two words the command is cannot be told then.
        if (const auto word = item.constant(); word && event.word.value.is(*word)) return false;
      }
    }
  }
  return held;
}

bool open_ended(const shell::CommandEvent& event) {
  return std::any_of(event.arguments.begin(), event.arguments.end(),
                     [](const shell::Argument& argument) {
                       return argument.value.display().find(kMore) != std::string::npos;
                     });
}

}  // namespace preflint::project
