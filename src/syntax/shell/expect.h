#pragma once

#include <string_view>
#include <vector>

#include "syntax/source.h"

namespace preflint::shell {

/// What a script for expect has a shell at the other end run.
struct TypedText {
  bool over_ssh = false;
  bool login = false;  // typed at a prompt; false: the command that `spawn ssh HOST '…'` names
  Source text;         // `\r` is the end of a line; what is not known is an expansion of `hole`
};

/// The commands of each `spawn ssh …` (bash, su…): those it names, and the lines that `send` types after it.
/// Answers to questions (a password, "yes") are no commands. `hole` names the variable that stands for what
/// Tcl would put there.
std::vector<TypedText> typed_texts(const Source& script, std::string_view hole);

}  // namespace preflint::shell
