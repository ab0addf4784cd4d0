#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "lsp/message.h"
#include "syntax/source.h"

namespace preflint::lsp {

/// A cell of an open notebook.
struct Cell {
  std::string uri;
  bool code = true;
  std::string text;
};

/// An open notebook as the file that it would be on disk, and the way from its bytes to the cells.
class NotebookFile {
 public:
  NotebookFile(const std::string& path, std::vector<Cell> cells, const Json& metadata);

  /// Bytes of one cell's text.
  struct Place {
    size_t cell = 0;
    Span span;
  };

  const std::shared_ptr<const File>& file() const { return file_; }
  const std::vector<Cell>& cells() const { return cells_; }
  /// The bytes of a cell that a span of the file stands for; a span that leaves its cell ends
  /// there. Nothing when it starts in no cell.
  std::optional<Place> place(Span span) const;
  /// What a text that a fix writes into the file means in the cell.
  static std::string unescaped(const std::string& text);

 private:
  std::shared_ptr<const File> file_;
  std::vector<Cell> cells_;
  std::vector<Span> sources_;  // of each cell's text in the file, between the quotes
};

}  // namespace preflint::lsp
