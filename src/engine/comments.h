#pragma once

#include <string_view>
#include <vector>

#include "project/program.h"
#include "syntax/source.h"

namespace preflint::engine {

/// Where a statement stands; of a compound one only what opens it (`for x in y; do`). `end` is
/// where it ends on its own line, `tail` where everything that belongs to it does (heredocs'
/// bodies).
struct Statement {
  uint32_t begin = 0, end = 0, tail = 0;
};

/// A text with comments of its own: a script, the body of a heredoc, a notebook's cell. All spans
/// are of the source's text.
struct Commented {
  Source source;
  Span range;  // the part of the text that is meant: one cell of a notebook's program
  std::vector<Span> comments;
  std::vector<Statement> statements;  // in order
  bool whole_file = false;
};

/// The commented texts of a file, whatever its kind; what is embedded after what holds it. The file
/// and the program must outlive them.
std::vector<Commented> commented_texts(const File& file, const project::Program& program);

/// Comments of formats in which `#` begins one at the start of a line or after a blank; `quotes`:
/// but not inside '…' and "…" (YAML, TOML).
std::vector<Span> hash_comments(std::string_view text, bool quotes);

}  // namespace preflint::engine
