#pragma once

#include <memory>
#include <string>

#include "syntax/shell/ast.h"
#include "syntax/source.h"

namespace preflint {

enum class UnitKind : uint8_t { shell, python };

/// How a unit's text comes to be run.
enum class Embedding : uint8_t {
  file,           // a script of its own
  dash_c,         // bash -c '…', sh -c, su -c, find -exec sh -c, xargs sh -c, python -c
  ssh,            // ssh HOST '…', ssh HOST <<EOF, ssh HOST bash -s <<EOF or < file
  heredoc,        // bash <<EOF, python - <<EOF
  session,        // tmux new-session -d '…', screen -dmS x bash -c '…', at, cron lines
  os_call,        // os.system("…"), subprocess.run("…", shell=True): /bin/sh
  notebook_line,  // !…
  notebook_cell,  // %%bash
  remote_api,     // paramiko's exec_command and the like
};

/// Where code runs (rules.md, "site").
enum class Site : uint8_t { instance, local, foreign };

/// A text that is one program: a script, a `bash -c` argument, a notebook's code cells.
struct Unit {
  UnitKind kind = UnitKind::shell;
  Embedding embedding = Embedding::file;
  Source source;
  const Unit* parent = nullptr;  // that holds the text, for embedded ones
  Span parent_span;              // the command or call in the parent that runs it
  Site site = Site::instance;
  shell::Dialect dialect = shell::Dialect::bash;
  std::shared_ptr<const shell::Program> shell;  // parsed, when kind is shell
  bool errexit = false;  // from the shebang or `bash -e`: these hold from the first command
  bool pipefail = false;
  bool login = false;  // bash -l / -i: reads the profile files first
  bool typed = false;  // into a terminal whose shell goes on behind the text

  const File& file() const { return source.file(); }
};

}  // namespace preflint
