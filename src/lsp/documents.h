#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "lsp/cells.h"
#include "lsp/message.h"
#include "output/position.h"
#include "workspace/lint.h"

namespace preflint::lsp {

/// An open text: a file's, or a notebook cell's (then `notebook` is that notebook's URI).
struct Document {
  std::string uri, language, path;
  int64_t version = 0;
  std::string text;
  std::string notebook;
  std::shared_ptr<const File> file;  // the text as a file; made when first asked for
};

/// An open notebook.
struct NotebookDocument {
  std::string uri, path;
  int64_t version = 0;
  struct CellRef {
    std::string uri;
    bool code = true;
  };
  std::vector<CellRef> cells;
  Json metadata;
  std::shared_ptr<const NotebookFile> file;
};

/// What the editor holds. Every function that takes `params` is the protocol's notification of that
/// name; it returns the path whose contents are different now, or what is wrong with the params.
class Documents {
 public:
  void set_encoding(output::Encoding encoding) { encoding_ = encoding; }

  Result<std::string> open(const Json& params);
  Result<std::string> change(const Json& params);
  Result<std::string> close(const Json& params);
  Result<std::string> open_notebook(const Json& params);
  Result<std::string> change_notebook(const Json& params);
  Result<std::string> close_notebook(const Json& params);

  const Document* find(const std::string& uri) const;
  const NotebookDocument* find_notebook(const std::string& uri) const;
  /// The open text file or notebook under a path.
  const Document* at_path(const std::string& path) const;
  const NotebookDocument* notebook_at_path(const std::string& path) const;

  /// All open files by path, as they are now. It never changes; the next one shares what is the
  /// same.
  std::shared_ptr<const workspace::Overlay> overlay();
  /// Notebooks of the overlay, by path.
  std::shared_ptr<const NotebookFile> notebook(const std::string& path);
  std::vector<std::string> uris() const;  // of files and cells

 private:
  std::shared_ptr<const File> file_of(Document& document);
  std::shared_ptr<const NotebookFile> file_of(NotebookDocument& notebook);
  void add_cell(const std::string& notebook, const Json& item);
  std::string touched(const std::string& path);

  output::Encoding encoding_ = output::Encoding::utf16;
  std::map<std::string, Document> documents_;
  std::map<std::string, NotebookDocument> notebooks_;
  std::map<std::string, std::string> by_path_;  // path → URI of the document or notebook
  std::shared_ptr<const workspace::Overlay> overlay_;
};

}  // namespace preflint::lsp
