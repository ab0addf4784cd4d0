#pragma once

#include <string>
#include <vector>

#include "syntax/source.h"

namespace preflint::shell {

/// What the lines before say of the environment.
struct CronSettings {
  std::string exports;  // `export NAME='value'; …`
  bool bash = false;    // SHELL=/bin/bash
};

/// The commands of a crontab, a text for each line; up to an unescaped `%`, behind which stands
/// their input. With `user_column` the lines name the user first (/etc/crontab); with `escapes` the
/// two characters `\n` end a line, as in what printf is given. What is set for a command stands
/// before it.
std::vector<Source> cron_commands(const Source& crontab, bool user_column, bool escapes,
                                  CronSettings& settings);

}  // namespace preflint::shell
