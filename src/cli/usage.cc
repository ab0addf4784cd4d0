#include "cli/usage.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/suggest.h"

namespace preflint::cli {
namespace {

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    out.push_back(command->get_name());
  return out;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
  }
  return out;
}

/// What is wrong, without a hint at --help.
Sentence mistake(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;  // the innermost one that was recognised
  while (!command->get_subcommands().empty()) command = command->get_subcommands().back();
  const std::vector<std::string> rest = app.remaining(true);
  if (rest.empty()) return verbatim(error.what());
  const std::string word = rest.front().substr(0, rest.front().find('='));
  const bool option = word.starts_with("--");
  const std::vector<std::string> names = option ? option_names(*command) : command_names(*command);
  if (names.empty() || word == "-") return verbatim(error.what());
  std::error_code trouble;
  if (command == &app && !option && std::filesystem::exists(word, trouble)) {
    return {"'" + word + "' is no command; `preflint check " + word + "` lints it",
            "'" + word + "' 不是命令；检查它请用 `preflint check " + word + "`"};
  }
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  // All commands fit into a line, all options do not.
  const bool told = !option || !catalog::nearest(word, candidates).empty();
  const Sentence hint = told ? catalog::suggestion(word, candidates) : Sentence();
  if (option)
    return {"no option '" + word + "'" + hint.en, "没有 '" + word + "' 这个选项" + hint.zh};
  return {"no command '" + word + "'" + hint.en, "没有 '" + word + "' 这个命令" + hint.zh};
}

/// Joins a sentence and what follows it; behind a question stands no semicolon.
std::string joined(const std::string& words, std::string_view joint, std::string_view help) {
  const bool question = words.ends_with("?") || words.ends_with("？");
  return words + (question ? " " : std::string(joint)) + std::string(help);
}

}  // namespace

Sentence usage_mistake(const CLI::App& app, const CLI::ParseError& error) {
  const Sentence what = mistake(app, error);
  return {joined(what.en, "; ", "--help tells more"), joined(what.zh, "；", "详见 --help")};
}

}  // namespace preflint::cli
