#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "syntax/source.h"

namespace preflint::notebook {

/// What a line or cell that is not Python asks for.
enum class ItemKind : uint8_t {
  shell_line,  // !cmd, !!cmd, %ls, %sx cmd: `text` is the command
  shell_cell,  // %%bash, %%sh, %%script bash, %%!: `text` is the body, `argument` the interpreter
  pip,         // %pip …: `text` is "pip …"
  conda,       // %conda, %mamba, %micromamba: `text` is "conda …"
  cd,          // %cd DIR: `text` is the directory
  env,         // %env K=V, %set_env K V: `argument` is the name, `text` the value
  run,         // %run FILE ARGS: `text` is "FILE ARGS"
  writefile,   // %%writefile [-a] FILE: `argument` is the file's name, `text` the body
  other,       // any other magic: `argument` is its name, `text` the rest
};

/// A magic or shell escape, cut out of the program. In its place stands the call
/// `__notebook_item__(N)` (as a value where it was assigned), N being its index.
struct Item {
  ItemKind kind = ItemKind::other;
  uint32_t cell = 0;
  Span span;    // in the program's text: the call that stands for it
  Span head;    // in the file: the magic word (`!`, `%%bash`)
  Source text;  // interpolations `{x}` stand in it as ${__py_x}
  std::string argument;
  std::string arguments;  // cell magics: the rest of the first line
  bool assigned = false;  // x = !cmd
  bool append = false;    // %%writefile -a
};

struct Cell {
  bool code = false;
  bool python = true;  // code in the notebook's own language (not %%bash and the like)
  Source text;         // as the user sees it
  Span raw;            // in the file: the value of `source`

  /// The offset in `text` of a byte of the file; for one that means nothing by itself (a quote, the
  /// seam between two strings) of the next that does.
  uint32_t inner(uint32_t raw_offset) const;
};

/// Where a byte of the file lies for the person who reads the notebook. Lines and columns are
/// 1-based, columns count code points.
struct Position {
  uint32_t cell = 0;
  uint32_t line = 1;
  uint32_t column = 1;
};

/// The name of the call that stands for an Item.
inline constexpr std::string_view kItemCall = "__notebook_item__";

/// A notebook as one program.
struct Notebook {
  Source program;               // Python of all code cells in order
  std::vector<Span> pieces;     // the cells in `program`, to be parsed each alone
  std::vector<Item> items;      // in order
  std::vector<Cell> cells;      // all cells, code or not
  std::vector<Source> outputs;  // text of outputs, for secrets only
  bool python = true;           // the kernel's language

  /// The cell in whose source a byte of the file lies; nothing when there is none.
  std::optional<uint32_t> cell_at(uint32_t raw_offset) const;
  /// Nothing when the byte lies in no cell's source.
  std::optional<Position> position(uint32_t raw_offset) const;
  /// The cell that a span of the program belongs to.
  uint32_t cell_of(uint32_t program_offset) const;
  std::vector<uint32_t> piece_cells;  // cell index of each piece
};

/// Reads nbformat 3 and 4. `file` must outlive the result.
Result<Notebook> read(const File& file);

/// The 1-based line of the raw file at an offset.
uint32_t raw_line(const File& file, uint32_t offset);

}  // namespace preflint::notebook
