#pragma once

#include "project/program.h"

namespace preflint::project {

/// Does the command itself take what it runs off the terminal: nohup, setsid, systemd-run, `&`?
bool detaches(const shell::CommandEvent& event);

/// Does the run, or one that starts it, go on without a person at a terminal? Sessions of tmux and
/// screen, at and cron count: they have a terminal, but nobody looks at it.
bool detached(const Run& run);

/// Does cron start the run: a line of a crontab that a script writes?
bool started_by_cron(const Run& run);

/// Does what the command prints end in a file or pipe, through its own redirects or those of what
/// starts it?
bool logs_to_file(const Run& run, const shell::CommandEvent& event);

}  // namespace preflint::project
