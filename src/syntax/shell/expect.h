#pragma once

#include <string_view>
#include <vector>

#include "syntax/source.h"

namespace preflint::shell {

/// What a script for expect has a shell run.
struct TypedText {
  /// At the prompt of what was spawned; false: what is spawned itself, on this side.
  bool typed = false;
  bool over_ssh = false;  // typed: on the other machine
  Source text;            // `\r` is the end of a line; what is not known is an expansion of `hole`
};

/// Each `spawn …` as a shell command, and the lines that `send` types into a shell that was spawned
/// (ssh without a command, bash, su…). Answers to questions (a password, "yes") are no commands.
/// `hole` names the variable that stands for what Tcl would put there.
std::vector<TypedText> typed_texts(const Source& script, std::string_view hole);

}  // namespace preflint::shell
