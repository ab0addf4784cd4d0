#pragma once

#include <string>

#include "model/shell/event.h"

namespace preflint::project {

/// Does what decides whether the command runs ask for the file: `if [ -f FILE ]`, `[[ -f FILE ]]
/// &&`, `ls FILE`?
bool tested_before(const shell::CommandEvent& event, const std::string& file);

/// Does a `[[ … ]]` that is written before the command ask for the file? Where the answer is
/// certain no frame tells of it.
bool asked_in_brackets(const shell::CommandEvent& event, const std::string& file);

/// Does the text before the command write a file of this name in a way that no event shows: `{ …; }
/// > FILE`?
bool written_in_text(const shell::CommandEvent& event, const std::string& file);

/// The variable that is the whole of a word, bare or in double quotes; null where it is none.
const shell::Variable* variable_in(const shell::Word& word, const shell::State& state);

}  // namespace preflint::project
