#include "cli/completion.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <vector>

namespace preflint::cli {
namespace {

/// An option or a positional argument of one command.
struct Parameter {
  std::vector<std::string> names;  // "-j", "--jobs"; empty for a positional
  bool takes_value = false;
  std::vector<std::string> choices;
  std::string about;
};

/// A command with what may follow it; the program itself is the one without words.
struct Command {
  std::string words;  // "profile show"
  std::string about;
  std::vector<Parameter> parameters;
  std::vector<std::string> children;
};

/// The members of an IsMember check stand between braces in the option's type name.
std::vector<std::string> choices_of(const CLI::Option& option) {
  std::vector<std::string> choices;
  const std::string type = option.get_type_name();
  const size_t open = type.find('{');
  const size_t close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return choices;
  for (const std::string& word : CLI::detail::split(type.substr(open + 1, close - open - 1), ',')) {
    if (!word.empty() &&
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == word.npos) {
      choices.push_back(word);
    }
  }
  return choices;
}

/// One line of plain words: what a shell script may carry between any quotes.
std::string plain(std::string text) {
  std::erase_if(text,
                [](char c) { return c == '\'' || c == '"' || c == '`' || c == '\\' || c == '$'; });
  for (char& c : text) {
    if (c == '\n') c = ' ';
    if (c == '[' || c == '(') c = '<';
    if (c == ']' || c == ')') c = '>';
    if (c == ':') c = ',';
  }
  return text;
}

void collect(const CLI::App& app, const std::string& words, std::vector<Command>& commands) {
  Command command{words, plain(app.get_description()), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    Parameter parameter{{},
                        option->get_items_expected_max() > 0,
                        choices_of(*option),
                        plain(option->get_description())};
    for (const std::string& name : option->get_snames()) parameter.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) parameter.names.push_back("--" + name);
    command.parameters.push_back(std::move(parameter));
  }
  const auto children = app.get_subcommands([](const CLI::App* child) {
    return !child->get_name().empty() && !child->get_group().empty();
  });
  for (const CLI::App* child : children) command.children.push_back(child->get_name());
  commands.push_back(std::move(command));
  for (const CLI::App* child : children) {
    collect(*child, words.empty() ? child->get_name() : words + " " + child->get_name(), commands);
  }
}

std::string bash(const std::vector<Command>& commands) {
  std::string paths, values, words;
  for (const Command& command : commands) {
    std::string offered;
    for (const std::string& child : command.children) {
      paths += fmt::format("      \"{}\") command=\"{}\" ;;\n", command.words + " " + child,
                           command.words.empty() ? child : command.words + " " + child);
      offered += child + " ";
    }
    for (const Parameter& parameter : command.parameters) {
      for (const std::string& name : parameter.names) {
        offered += name + " ";
        if (!parameter.takes_value) continue;
        values += fmt::format("    \"{} {}\") offered=\"{}\" ;;\n", command.words, name,
                              fmt::join(parameter.choices, " "));
      }
      if (parameter.names.empty()) offered += fmt::format("{} ", fmt::join(parameter.choices, " "));
    }
    words += fmt::format("    \"{}\") offered=\"{}\" ;;\n", command.words, offered);
  }
  return fmt::format(R"(# bash completion for preflint
_preflint() {{
  local cur="${{COMP_WORDS[COMP_CWORD]}}" prev="${{COMP_WORDS[COMP_CWORD-1]}}" command="" offered="" word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$command $word" in
{}    esac
  done
  # "--option=value" arrives as three words.
  if [ "$cur" = "=" ]; then cur=""
  elif [ "$prev" = "=" ]; then prev="${{COMP_WORDS[COMP_CWORD-2]}}"
  fi
  case "$command $prev" in
{}    *)
  case "$command" in
{}  esac
  ;;
  esac
  if [[ "$cur" != -* ]]; then
    local kept=""
    for word in $offered; do [[ "$word" == -* ]] || kept+=" $word"; done
    offered="$kept"
  fi
  # Where nothing is offered, the shell completes file names (-o default).
  mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$cur")
}}
complete -o default -o bashdefault -F _preflint preflint
)",
                     paths, values, words);
}

std::string zsh(const std::vector<Command>& commands) {
  std::string functions;
  for (const Command& command : commands) {
    std::string name = "_preflint" + (command.words.empty() ? "" : "_" + command.words);
    for (char& c : name) c = c == ' ' || c == '-' ? '_' : c;
    std::string arguments, described, cases;
    for (const Parameter& parameter : command.parameters) {
      const std::string value = parameter.choices.empty()
                                    ? "_files"
                                    : fmt::format("({})", fmt::join(parameter.choices, " "));
      if (parameter.names.empty()) {
        arguments += fmt::format("    '*:argument:{}' \\\n", value);
      }
      for (const std::string& option : parameter.names) {
        const bool lengthy = option.starts_with("--");
        arguments += fmt::format("    '{}{}[{}]{}' \\\n", option,
                                 parameter.takes_value ? (lengthy ? "=" : "+") : "",
                                 parameter.about, parameter.takes_value ? ":value:" + value : "");
      }
    }
    for (const std::string& child : command.children) {
      const std::string words = command.words.empty() ? child : command.words + " " + child;
      std::string about;
      for (const Command& other : commands) {
        if (other.words == words) about = other.about;
      }
      described += fmt::format("    '{}:{}'\n", child, about);
      cases += fmt::format("        {}) {}_{} ;;\n", child, name, child);
    }
    if (command.children.empty()) {
      functions +=
          fmt::format("{}() {{\n  _arguments -s \\\n{}    && return\n}}\n", name, arguments);
      continue;
    }
    functions += fmt::format(
        "{0}() {{\n  local state line\n  local -a commands\n  commands=(\n{1}  )\n"
        "  _arguments -C \\\n{2}    '1:command:->command' '*::argument:->argument'\n"
        "  case $state in\n    command) _describe command commands ;;\n"
        "    argument)\n      case $line[1] in\n{3}      esac ;;\n  esac\n}}\n",
        name, described, arguments, cases);
  }
  return "#compdef preflint\n" + functions + "_preflint \"$@\"\n";
}

std::string fish(const std::vector<Command>& commands) {
  std::string text = "# fish completion for preflint\n";
  for (const Command& command : commands) {
    const std::string last = command.words.substr(command.words.rfind(' ') + 1);
    const std::string here =
        command.words.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + last;
    for (const std::string& child : command.children) {
      std::string about;
      for (const Command& other : commands) {
        if (other.words == (command.words.empty() ? child : command.words + " " + child))
          about = other.about;
      }
      text += fmt::format("complete -c preflint -n '{}' -f -a '{}' -d '{}'\n", here, child, about);
    }
    for (const Parameter& parameter : command.parameters) {
      std::string names;
      for (const std::string& option : parameter.names) {
        names += option.starts_with("--") ? " -l " + option.substr(2) : " -s " + option.substr(1);
      }
      std::string value;
      if (!parameter.choices.empty()) {
        value = fmt::format(" {} -a '{}'", names.empty() ? "-f" : "-x",
                            fmt::join(parameter.choices, " "));
      } else if (parameter.takes_value && !names.empty()) {
        value = " -r";
      }
      if (names.empty() && value.empty()) continue;
      text += fmt::format("complete -c preflint -n '{}'{}{} -d '{}'\n", here, names, value,
                          parameter.about);
    }
  }
  return text;
}

}  // namespace

std::optional<std::string> completion(const CLI::App& app, std::string_view shell) {
  std::vector<Command> commands;
  collect(app, "", commands);
  if (shell == "bash") return bash(commands);
  if (shell == "zsh") return zsh(commands);
  if (shell == "fish") return fish(commands);
  return std::nullopt;
}

}  // namespace preflint::cli
