#pragma once

#include <CLI/CLI.hpp>

#include "base/sentence.h"

namespace preflint::cli {

/// What is wrong with a command line that `app` did not take: its own words, or for a command or an
/// option that does not exist the one that was probably meant.
Sentence usage_mistake(const CLI::App& app, const CLI::ParseError& error);

}  // namespace preflint::cli
