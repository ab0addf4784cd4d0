#pragma once

#include <string>

#include "project/program.h"

namespace preflint::project {

/// What `ps` shows for the shell that runs this text: `bash -c TEXT` for a text handed over on a
/// command line, the script's own name and arguments for a file. Unknown parts are left out.
std::string own_command_line(const Run& run);

/// The text was handed to the shell as an argument (`ssh HOST '…'`, `bash -c '…'`), so that the
/// process carries it in its command line; not by a heredoc or a file.
bool text_in_command_line(const Run& run);

/// Runs on another machine than the script that wrote it, through ssh.
bool over_ssh(const Run& run);

/// Inside tmux or screen, at any distance.
bool in_session(const Run& run);

/// Does an extended regular expression, as pgrep takes it, match? A broken one matches nothing.
bool pattern_matches(const std::string& pattern, const std::string& text);

}  // namespace preflint::project
