#include "engine/parses.h"

#include <cstdint>

#include "project/units.h"
#include "syntax/document.h"
#include "syntax/notebook.h"
#include "syntax/python/parse.h"
#include "syntax/shell/ast.h"

namespace preflint::engine {
namespace {

constexpr size_t kUnreadable = SIZE_MAX / 2;

size_t of_notebook(const File& file) {
  const auto book = notebook::read(file);
  if (!book) return kUnreadable;
  size_t count = 0;
  if (book->python) count += py::parse(book->program, book->pieces).errors.size();
  for (const notebook::Item& item : book->items) {
    const bool shell =
        item.kind == notebook::ItemKind::shell_line || item.kind == notebook::ItemKind::shell_cell;
    if (shell) count += shell::parse(item.text.text(), shell::Dialect::bash).errors.size();
  }
  return count;
}

}  // namespace

size_t syntax_errors(const File& file) {
  switch (file.kind) {
    case FileKind::shell:
      return shell::parse(file.bytes, project::script_start(file).dialect).errors.size();
    case FileKind::python:
      return py::parse(Source(file)).errors.size();
    case FileKind::notebook:
      return of_notebook(file);
    case FileKind::pyproject:
      return parse_toml(file.bytes) ? 0 : kUnreadable;
    case FileKind::conda_environment:
      return parse_yaml(file.bytes) ? 0 : kUnreadable;
    default:
      return 0;
  }
}

}  // namespace preflint::engine
