#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "base/sentence.h"
#include "catalog/setup.h"
#include "cli/check.h"
#include "output/report.h"

namespace preflint::cli {

/// The language of what is said on stderr from now on.
void speak(Language language);

/// A sentence on stderr, with our name before it and nothing in it that a terminal would obey.
void complain(const Sentence& sentence);
/// The same; the exit status of a command that goes no further.
int refuse(const Sentence& sentence);
/// What is wrong with configuration, rules and profiles, each at its place.
void complain_of(const std::vector<catalog::SetupProblem>& problems);

/// Writes all of a text; a closed pipe (`| head`) is no error of ours.
bool write_all(std::FILE* out, const std::string& text, const std::string& name);

/// Writes a file of that name as a whole; complains when that does not work.
bool write_file(const std::string& name, const std::string& text);

/// Is there an --output-format for everything that the options ask for? Complains when not.
bool formats_fit(const CheckOptions& options);

/// Prints the report in every format that is asked for; what has no file of its own goes to `out`.
bool emit(const CheckOptions& options, output::Report& report, std::FILE* out);

/// Is output on stdout coloured?
bool colored(const CheckOptions& options);

}  // namespace preflint::cli
