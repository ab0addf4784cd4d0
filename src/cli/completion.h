#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace preflint::cli {

/// The completion script for "bash", "zsh" or "fish". It is made from the parser itself, so that it
/// cannot offer what the program does not know; nothing for another shell.
std::optional<std::string> completion(const CLI::App& app, std::string_view shell);

}  // namespace preflint::cli
