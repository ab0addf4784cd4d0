#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <utility>

#include "model/shell/machine.h"
#include "model/shell/python_variables.h"
#include "syntax/document.h"

namespace preflint::shell {
namespace {

/// A command that runs the command after its own options and operands.
struct Wrapper {
  std::string_view name;
  std::string_view options_with_value;  // short ones, separated by nothing
  std::string_view long_with_value;  // long ones whose value is the next word, separated by blanks
  size_t operands = 0;               // before the command
  bool assignments = false;          // NAME=value words before the command
};

constexpr Wrapper kWrappers[] = {
    {"builtin", "", "", 0, false},
    {"busybox", "", "", 0, false},
    {"caffeinate", "t", "", 0, false},
    {"cgexec", "g", "", 0, false},
    {"chronic", "", "", 0, false},
    {"chrt", "", "", 1, false},
    {"command", "", "", 0, false},
    {"doas", "uC", "", 0, false},
    {"env", "uC", "--unset --chdir", 0, true},
    {"exec", "a", "", 0, false},
    {"flock", "wE", "--timeout --wait --conflict-exit-code", 1, false},
    {"ionice", "cnp", "--class --classdata", 0, false},
    {"nice", "n", "--adjustment", 0, false},
    {"nohup", "", "", 0, false},
    {"numactl", "CNmipl", "--cpunodebind --membind --physcpubind --interleave", 0, false},
    {"parallel", "jPanNICS",
     "--jobs --max-procs --arg-file --max-args --colsep --delay --joblog --results --timeout "
     "--tagstring --retries --load --memfree --env --workdir --tmpdir",
     0, false},
    {"proxychains", "f", "", 0, false},
    {"proxychains4", "f", "", 0, false},
    {"setsid", "", "", 0, false},
    {"srun", "nNcpJtGwxADoei",
     "--ntasks --nodes --partition --gres --time --job-name --account --qos --mem --cpus-per-task "
     "--ntasks-per-node --gpus",
     0, false},
    {"sshpass", "pfdP", "", 0, false},
    {"stdbuf", "ioe", "--input --output --error", 0, false},
    {"strace", "eopsPuE", "", 0, false},
    {"sudo", "ughpCTrtRDU", "--user --group --host --prompt --close-from --chdir", 0, true},
    {"systemd-run", "uptMH",
     "--unit --property --slice --description --uid --gid --setenv --working-directory", 0, false},
    {"taskset", "", "", 1, false},
    {"time", "fo", "--format --output", 0, false},
    {"timeout", "ks", "--kill-after --signal", 1, false},
    {"torsocks", "", "", 0, false},
    {"unbuffer", "", "", 0, false},
    {"xargs", "InPLdasE",
     "--replace --max-args --max-procs --max-lines --delimiter --arg-file --max-chars", 0, false},
    {"xvfb-run", "nsefpw", "--server-num --server-args", 0, false},
};

constexpr Wrapper kRayJob = {"ray", "v",
                             "--address --job-id --submission-id --runtime-env --runtime-env-json "
                             "--working-dir --metadata-json --entrypoint-num-cpus "
                             "--entrypoint-num-gpus --entrypoint-memory --entrypoint-resources "
                             "--headers --verify --log-style --log-color",
                             0, false};

const Wrapper* wrapper(std::string_view name) {
  const auto at = std::lower_bound(std::begin(kWrappers), std::end(kWrappers), name,
                                   [](const Wrapper& w, std::string_view n) { return w.name < n; });
  return at != std::end(kWrappers) && at->name == name ? &*at : nullptr;
}

bool has_word(std::string_view list, std::string_view word) {
  for (size_t at = list.find(word); at != std::string_view::npos; at = list.find(word, at + 1)) {
    const bool starts = at == 0 || list[at - 1] == ' ';
    const bool ends = at + word.size() == list.size() || list[at + word.size()] == ' ';
    if (starts && ends) return true;
  }
  return false;
}

bool is_assignment(std::string_view word) {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0 || (word[0] >= '0' && word[0] <= '9'))
    return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

/// "python" for python, python3, python3.10; "pip" likewise; else the name itself. There is no
/// python1 and no python310.
std::string plain_name(std::string name) {
  for (const std::string_view tool : {"python", "pip"}) {
    if (!name.starts_with(tool)) continue;
    const std::string_view version = std::string_view(name).substr(tool.size());
    if (version.empty()) return std::string(tool);
    const bool major = version[0] == '2' || version[0] == '3';
    const bool minor = version.size() == 1 ||
                       (version[1] == '.' &&
                        version.find_first_not_of("0123456789.", 1) == std::string_view::npos);
    if (major && minor) return std::string(tool);
  }
  return name;
}

/// A variable that the program itself does not set: whoever sets it chooses another place.
bool choice_of_user(const Text& text) {
  if (text.pieces().size() != 1 || text.pieces()[0].known) return false;
  const std::string_view hole = text.pieces()[0].text;
  return hole.size() > 1 && hole[0] == '$' &&
         (std::isalpha(static_cast<unsigned char>(hole[1])) || hole[1] == '_');
}

/// The program that a command word names; "" where that is not known. Of "$CONDA/bin/python" the
/// last component is, and where several paths are tried, they mostly lead to one program.
std::string program_name(const Value& value) {
  std::string out;
  for (const Text& text : value.alternatives()) {
    if (choice_of_user(text) || text.empty() == Tri::yes) continue;
    const std::string_view end = text.known_suffix();
    const size_t slash = end.rfind('/');
    if (!text.known() && slash == std::string_view::npos) return "";
    std::string name = plain_name(paths::basename(end));
    if (name.empty() || (!out.empty() && name != out)) return "";
    out = std::move(name);
  }
  return out;
}

void drop_environment(CommandEvent& event) {
  event.environment.variables = {};
  event.environment.proxy =
      event.environment.proxy.with(Proxy::kActive | Proxy::kFresh, Proxy::kDropped);
}

void set_in_environment(CommandEvent& event, const std::string& name, const Value& value) {
  Variable variable;
  variable.value = value;
  variable.exported = Tri::yes;
  variable.unit = event.unit;
  variable.span = event.span;
  event.environment.variables.set(name, variable);
  event.assignments.emplace_back(name, value);
  if (is_proxy_variable(name)) {
    if (value.empty() == Tri::yes) {
      event.environment.proxy =
          event.environment.proxy.with(Proxy::kActive | Proxy::kFresh, Proxy::kDropped);
    } else {
      event.environment.proxy = Proxy::kActive;
    }
  }
}

/// The value of a long option among a prefix' own words; null when it is not given.
const Value* option_of(const Prefix& prefix, std::string_view option, Value& scratch) {
  for (size_t i = 0; i < prefix.arguments.size(); ++i) {
    const Value& word = prefix.arguments[i].value;
    if (word.is(option))
      return i + 1 < prefix.arguments.size() ? &prefix.arguments[i + 1].value : nullptr;
    const std::string start = std::string(option) + "=";
    if (!word.known_start().starts_with(start)) continue;
    const auto text = word.constant();
    scratch = text ? Value::literal(text->substr(start.size())) : Value::unknown(option);
    return &scratch;
  }
  return nullptr;
}

/// Does an address name this machine?
bool at_home(const Value& address) {
  std::string text = address.constant().value_or("?");
  if (const size_t scheme = text.find("://"); scheme != text.npos) text.erase(0, scheme + 3);
  text.resize(std::min(text.find(':'), text.size()));
  return text == "127.0.0.1" || text == "localhost" || text == "0.0.0.0" || text == "auto";
}

/// The environment of a job that was handed to Ray: of the command that has started the cluster,
/// with what the job says of its own. False: it runs on another machine.
bool enter_ray_job(CommandEvent& event, const Prefix& prefix,
                   const std::vector<CommandEvent>& before) {
  Value scratch;
  const Value* address = option_of(prefix, "--address", scratch);
  const bool here = !address || at_home(*address);
  if (!here && address->constant()) return false;
  Environment& environment = event.environment;
  const auto start = std::find_if(before.rbegin(), before.rend(), [](const CommandEvent& one) {
    return one.name == "ray" && one.operand() && one.operand()->is("start");
  });
  bool known = here && start != before.rend();
  if (known) {
    auto cwd = std::move(environment.cwd);
    environment = start->environment;
    environment.cwd = std::move(cwd);
  }
  bool moved = option_of(prefix, "--working-dir", scratch) != nullptr;
  if (option_of(prefix, "--runtime-env", scratch)) known = false;
  if (const Value* given = option_of(prefix, "--runtime-env-json", scratch)) {
    const auto text = given->constant();
    const auto document = text ? parse_json(*text) : Result<Document>(Document());
    known = known && document && document->is_map();
    if (document) moved = moved || document->find("working_dir");
    const Document* variables = document ? document->find("env_vars") : nullptr;
    for (size_t i = 0; variables && i < variables->members.size(); ++i) {
      const Document::Member& one = variables->members[i];
      set_in_environment(event, one.key, Value::literal(one.value.text));
    }
  }
  if (!known) {
    environment.opaque = true;
    environment.proxy = Proxy::kUnknown;
    if (environment.activated == Tri::no) environment.activated = Tri::maybe;
  }
  // It runs in a copy of the folder that it was given.
  if (moved) environment.cwd = std::make_shared<const Text>(Text::hole("working_dir", Tri::no));
  return true;
}

}  // namespace

/// Takes the words of one wrapper off the front: its name, options and operands.
void Machine::unwrap(CommandEvent& event, std::vector<Argument> words) {
  size_t at = 0;
  while (at < words.size()) {
    const auto word = words[at].constant();
    std::string name = word ? paths::basename(*word) : program_name(words[at].value);
    if (name.empty() && !word) break;
    const Argument* next = at + 1 < words.size() ? &words[at + 1] : nullptr;
    // `conda run -n env cmd`, `uv run cmd`, `poetry run cmd`.
    const bool runner =
        next && next->is("run") &&
        (is_conda(name) || name == "poetry" || name == "pipenv" || name == "uv" || name == "pixi");
    const bool screens =
        name == "screen" && next && !words.back().is("quit") &&
        std::any_of(words.begin() + static_cast<std::ptrdiff_t>(at), words.end(),
                    [](const Argument& w) {
                      const std::string text = w.constant().value_or("");
                      return text.starts_with("-d") && text.find('m') != std::string::npos;
                    });
    const bool job = name == "ray" && next && next->is("job") && at + 2 < words.size() &&
                     words[at + 2].is("submit");
    const Wrapper* found = job ? &kRayJob : wrapper(name);
    if (!found && !runner && !screens) break;
    if (name == "command" && next && (next->is("-v") || next->is("-V"))) break;
    if (name == "exec" && !next) break;
    Prefix prefix;
    prefix.name = name;
    prefix.span = words[at].span;
    size_t i = at + (job ? 3 : runner ? 2 : 1);
    size_t operands = found ? found->operands : 0;
    bool keeps = false, clears = false;
    while (i < words.size()) {
      const Argument& argument = words[i];
      const std::string text =
          argument.constant().value_or(std::string(argument.value.known_start()));
      if (text == "--") {
        prefix.arguments.push_back(argument);
        ++i;
        if (operands == 0) break;
        continue;
      }
      if (text.size() > 1 && text[0] == '-') {
        prefix.arguments.push_back(argument);
        ++i;
        if (name == "sudo" && (text == "--preserve-env" || text.starts_with("--preserve-env=") ||
                               (text[1] != '-' && text.find('E') != std::string::npos))) {
          keeps = true;
        }
        if (name == "env" && (text == "-i" || text == "--ignore-environment" || text == "-"))
          clears = true;
        bool value_follows = false;
        if (runner) {
          value_follows = text == "-n" || text == "--name" || text == "-p" || text == "--prefix" ||
                          text == "--cwd" || text == "--with" || text == "--python" ||
                          text == "-e" || text == "--extra" || text == "--group" ||
                          text == "--directory";
        } else if (screens) {
          value_follows = text.back() == 'S' || text == "-L"
                              ? text.back() == 'S'
                              : text == "-Logfile" || text == "-c" || text == "-t";
        } else if (text[1] == '-') {
          value_follows =
              text.find('=') == std::string::npos && has_word(found->long_with_value, text);
        } else {
          // The last letter of a cluster may take the next word; letters before it take the rest.
          for (size_t j = 1; j < text.size(); ++j) {
            if (found->options_with_value.find(text[j]) == std::string_view::npos) continue;
            value_follows = j + 1 == text.size();
            break;
          }
          if (name == "nice" && text.size() > 1 && text[1] >= '0' && text[1] <= '9')
            value_follows = false;
          if (name == "taskset" && (text == "-c" || text == "-p")) value_follows = false;
        }
        if (value_follows && i < words.size()) {
          if (name == "env" && text == "-u") {
            if (const auto unset = words[i].constant()) {
              event.environment.variables.erase(*unset);
              if (is_proxy_variable(*unset)) {
                event.environment.proxy =
                    event.environment.proxy.with(Proxy::kActive | Proxy::kFresh, Proxy::kDropped);
              }
            }
          }
          prefix.arguments.push_back(words[i++]);
        }
        continue;
      }
      if (found && found->assignments && is_assignment(text)) {
        prefix.arguments.push_back(argument);
        ++i;
        continue;
      }
      if (operands > 0) {
        prefix.arguments.push_back(argument);
        --operands;
        ++i;
        continue;
      }
      break;
    }
    if (name == "parallel") {
      // Its inputs are no words of the command; a command in one word is a text of its own.
      const auto inputs = std::find_if(
          words.begin() + static_cast<std::ptrdiff_t>(i), words.end(),
          [](const Argument& w) { return w.constant().value_or("").starts_with(":::"); });
      if (i < words.size() && words[i].constant().value_or("").find(' ') != std::string::npos)
        break;
      words.erase(inputs, words.end());
    }
    if (i >= words.size()) break;  // nothing left to run: `env`, `time`, `exec` with redirects
    // A command in one word is a text for the cluster's shell.
    if (job && (words[i].constant().value_or(" ").find(' ') != std::string::npos ||
                !enter_ray_job(event, prefix, trace_.commands)))
      break;
    if ((name == "sudo" && !keeps) || clears) drop_environment(event);
    if (name.starts_with("proxychains") || name == "torsocks")
      event.environment.proxy = Proxy::kActive;
    for (const Argument& argument : prefix.arguments) {
      const auto text = argument.constant();
      const std::string start = text ? *text : std::string(argument.value.known_start());
      if (!found || !found->assignments || !is_assignment(start)) continue;
      const size_t equals = start.find('=');
      const Value value = text ? Value::literal(text->substr(equals + 1))
                               : Value::unknown("$" + start.substr(0, equals), Tri::maybe);
      set_in_environment(event, start.substr(0, equals), value);
      // `env PATH=/root/miniconda3/bin:/usr/bin python`
      if (start.substr(0, equals) == "PATH" && host_.path_has_interpreter(argument.value))
        event.environment.activated = Tri::yes;
    }
    if (runner && (is_conda(name) || name == "uv" || name == "poetry" || name == "pipenv" ||
                   name == "pixi")) {
      event.environment.activated = Tri::yes;
    }
    event.prefixes.push_back(std::move(prefix));
    at = i;
  }
  if (at >= words.size()) return;
  event.word = words[at];
  event.command_span = {words[at].span.begin, event.span.end};
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  canonical_name(event, words);
  event.arguments = std::move(words);
}

void Machine::canonical_name(CommandEvent& event, std::vector<Argument>& words) {
  const auto skip = [&](size_t n) {
    words.erase(words.begin(),
                words.begin() + static_cast<std::ptrdiff_t>(std::min(n, words.size())));
  };
  std::string name = program_name(event.word.value);
  if (name.empty()) {
    // "$PY" that nothing sets.
    const std::string shown = event.word.value.display();
    for (const std::string_view variable : kPythonVariables) {
      if (shown.starts_with('$') && shown.compare(1, shown.npos, variable) == 0) name = "python";
    }
  }
  if (name == "python") {
    for (size_t i = 0; i + 1 < words.size(); ++i) {
      const auto option = words[i].constant();
      if (!option || !option->starts_with("-")) break;
      if (*option == "-c") break;
      if (*option == "-W" || *option == "-X") {
        ++i;
        continue;
      }
      if (*option != "-m") continue;
      const auto module = words[i + 1].constant();
      if (module == "pip") {
        name = "pip";
        event.via = "python";
        skip(i + 2);
      } else if (module == "torch.distributed.run" || module == "torch.distributed.launch") {
        name = "torchrun";
        event.via = "python";
        skip(i + 2);
      } else if (module == "accelerate.commands.launch") {
        name = "accelerate";
        event.via = "python";
        skip(i + 1);
        words.front().value = Value::literal("launch");
      } else if (module == "deepspeed.launcher.runner") {
        name = "deepspeed";
        event.via = "python";
        skip(i + 2);
      }
      break;
    }
  } else if (name == "uv" && !words.empty() && words[0].is("pip")) {
    name = "pip";
    event.via = "uv";
    skip(1);
  }
  event.name = std::move(name);
}

}  // namespace preflint::shell
