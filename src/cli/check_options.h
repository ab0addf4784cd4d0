#pragma once

#include <string>
#include <vector>

#include "cli/check.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace preflint::cli {

/// Binds the options of `check`.
void add_check_options(CLI::App& app, CheckOptions& options);
/// --lang, which most commands have.
CLI::Option* add_language(CLI::App& app, Language& language);
/// The arguments in the order that CLI11 takes them: the last one first. `--changed` alone means
/// HEAD: a path after it is a path.
std::vector<std::string> arguments(int argc, char** argv);

}  // namespace preflint::cli
