#include "lsp/documents.h"

#include <algorithm>

#include "lsp/text.h"
#include "lsp/uri.h"
#include "project/file_kind.h"

namespace preflint::lsp {
namespace {

Error wrong(std::string message) { return {std::move(message), std::nullopt}; }

/// What kind of file an open text is; the disk's answer first, so that both ways in agree.
FileKind kind_of(const Document& document) {
  if (const auto named = project::kind_by_name(document.path)) return *named;
  if (document.path.ends_with("/preflint.yaml")) return FileKind::config;
  if (const auto shebang = project::kind_by_shebang(document.text)) return *shebang;
  if (document.language == "shellscript" || document.language == "bash" ||
      document.language == "sh") {
    return FileKind::shell;
  }
  if (document.language == "python") return FileKind::python;
  if (document.language == "pip-requirements" || document.language == "requirements") {
    return FileKind::requirements;
  }
  return FileKind::other;
}

/// Buffers that were never saved have no path; they get one that no file has.
std::string path_for(const std::string& uri) {
  if (auto path = path_of(uri)) return *path;
  std::string name = uri;
  std::replace(name.begin(), name.end(), '/', '_');
  return "/\x01unsaved/" + name;
}

}  // namespace

std::string Documents::touched(const std::string& path) {
  overlay_.reset();
  return path;
}

Result<std::string> Documents::open(const Json& params) {
  const Json& item = member(params, "textDocument");
  Document document;
  document.uri = string_at(item, "uri");
  if (document.uri.empty() || !member(item, "text").is_string()) {
    return wrong("didOpen needs textDocument.uri and text");
  }
  document.language = string_at(item, "languageId");
  document.version = number_at(item, "version");
  document.text = string_at(item, "text");
  document.path = path_for(document.uri);
  by_path_[document.path] = document.uri;
  const std::string path = document.path;
  documents_[document.uri] = std::move(document);
  return touched(path);
}

Result<std::string> Documents::change(const Json& params) {
  const auto it = documents_.find(string_at(params, "textDocument.uri"));
  if (it == documents_.end()) return wrong("didChange of a document that is not open");
  Document& document = it->second;
  auto text = apply_changes(document.text, member(params, "contentChanges"), encoding_);
  if (!text) return text.error();
  document.text = *std::move(text);
  document.version = number_at(params, "textDocument.version", document.version);
  document.file.reset();
  if (const auto notebook = notebooks_.find(document.notebook); notebook != notebooks_.end()) {
    notebook->second.file.reset();
  }
  return touched(document.path);
}

Result<std::string> Documents::close(const Json& params) {
  const auto it = documents_.find(string_at(params, "textDocument.uri"));
  if (it == documents_.end()) return wrong("didClose of a document that is not open");
  const std::string path = it->second.path;
  if (it->second.notebook.empty()) by_path_.erase(path);
  documents_.erase(it);
  return touched(path);
}

void Documents::add_cell(const std::string& notebook, const Json& item) {
  Document cell;
  cell.uri = string_at(item, "uri");
  cell.language = string_at(item, "languageId");
  cell.version = number_at(item, "version");
  cell.text = string_at(item, "text");
  cell.notebook = notebook;
  cell.path = notebooks_[notebook].path;
  documents_[cell.uri] = std::move(cell);
}

Result<std::string> Documents::open_notebook(const Json& params) {
  const Json& item = member(params, "notebookDocument");
  NotebookDocument notebook;
  notebook.uri = string_at(item, "uri");
  if (notebook.uri.empty() || !member(item, "cells").is_array()) {
    return wrong("didOpen needs notebookDocument.uri and cells");
  }
  notebook.version = number_at(item, "version");
  notebook.path = path_for(notebook.uri);
  notebook.metadata = member(item, "metadata");
  for (const Json& cell : member(item, "cells")) {
    notebook.cells.push_back({string_at(cell, "document"), number_at(cell, "kind", 2) == 2});
  }
  const std::string uri = notebook.uri, path = notebook.path;
  by_path_[path] = uri;
  notebooks_[uri] = std::move(notebook);
  for (const Json& text : member(params, "cellTextDocuments")) add_cell(uri, text);
  return touched(path);
}

Result<std::string> Documents::change_notebook(const Json& params) {
  const auto it = notebooks_.find(string_at(params, "notebookDocument.uri"));
  if (it == notebooks_.end()) return wrong("didChange of a notebook that is not open");
  NotebookDocument& notebook = it->second;
  const Json& change = member(params, "change");
  const Json& structure = member_at(change, "cells.structure");
  if (structure.is_object()) {
    const int64_t start = number_at(structure, "array.start", -1);
    const int64_t removed = number_at(structure, "array.deleteCount", -1);
    const auto size = static_cast<int64_t>(notebook.cells.size());
    if (start < 0 || removed < 0 || start > size || removed > size - start) {
      return wrong("the change of cells lies outside of the notebook");
    }
    const auto at = notebook.cells.erase(notebook.cells.begin() + start,
                                         notebook.cells.begin() + start + removed);
    std::vector<NotebookDocument::CellRef> added;
    for (const Json& cell : member_at(structure, "array.cells")) {
      added.push_back({string_at(cell, "document"), number_at(cell, "kind", 2) == 2});
    }
    notebook.cells.insert(at, added.begin(), added.end());
    for (const Json& text : member(structure, "didOpen")) add_cell(notebook.uri, text);
    for (const Json& gone : member(structure, "didClose")) documents_.erase(string_at(gone, "uri"));
  }
  for (const Json& cell : member_at(change, "cells.data")) {
    for (auto& own : notebook.cells) {
      if (own.uri == string_at(cell, "document")) own.code = number_at(cell, "kind", 2) == 2;
    }
  }
  for (const Json& text : member_at(change, "cells.textContent")) {
    const auto cell = documents_.find(string_at(text, "document.uri"));
    if (cell == documents_.end()) return wrong("the change of a cell that is not open");
    auto applied = apply_changes(cell->second.text, member(text, "changes"), encoding_);
    if (!applied) return applied.error();
    cell->second.text = *std::move(applied);
    cell->second.version = number_at(text, "document.version", cell->second.version);
  }
  if (member(change, "metadata").is_object()) notebook.metadata = member(change, "metadata");
  notebook.version = number_at(params, "notebookDocument.version", notebook.version);
  notebook.file.reset();
  return touched(notebook.path);
}

Result<std::string> Documents::close_notebook(const Json& params) {
  const auto it = notebooks_.find(string_at(params, "notebookDocument.uri"));
  if (it == notebooks_.end()) return wrong("didClose of a notebook that is not open");
  const std::string path = it->second.path, uri = it->second.uri;
  std::erase_if(documents_, [&](const auto& entry) { return entry.second.notebook == uri; });
  by_path_.erase(path);
  notebooks_.erase(it);
  return touched(path);
}

const Document* Documents::find(const std::string& uri) const {
  const auto it = documents_.find(uri);
  return it == documents_.end() ? nullptr : &it->second;
}

const NotebookDocument* Documents::find_notebook(const std::string& uri) const {
  const auto it = notebooks_.find(uri);
  return it == notebooks_.end() ? nullptr : &it->second;
}

const Document* Documents::at_path(const std::string& path) const {
  const auto it = by_path_.find(path);
  return it == by_path_.end() ? nullptr : find(it->second);
}

const NotebookDocument* Documents::notebook_at_path(const std::string& path) const {
  const auto it = by_path_.find(path);
  return it == by_path_.end() ? nullptr : find_notebook(it->second);
}

std::shared_ptr<const File> Documents::file_of(Document& document) {
  if (!document.file) {
    document.file =
        std::make_shared<const File>(File{document.path, kind_of(document), document.text});
  }
  return document.file;
}

std::shared_ptr<const NotebookFile> Documents::file_of(NotebookDocument& notebook) {
  if (!notebook.file) {
    std::vector<Cell> cells;
    for (const auto& cell : notebook.cells) {
      const Document* document = find(cell.uri);
      cells.push_back({cell.uri, cell.code, document ? document->text : std::string()});
    }
    notebook.file =
        std::make_shared<const NotebookFile>(notebook.path, std::move(cells), notebook.metadata);
  }
  return notebook.file;
}

std::shared_ptr<const NotebookFile> Documents::notebook(const std::string& path) {
  const auto it = by_path_.find(path);
  if (it == by_path_.end()) return nullptr;
  const auto found = notebooks_.find(it->second);
  return found == notebooks_.end() ? nullptr : file_of(found->second);
}

std::shared_ptr<const workspace::Overlay> Documents::overlay() {
  if (!overlay_) {
    auto made = std::make_shared<workspace::Overlay>();
    for (auto& [uri, document] : documents_) {
      if (document.notebook.empty()) (*made)[document.path] = file_of(document);
    }
    for (auto& [uri, notebook] : notebooks_) (*made)[notebook.path] = file_of(notebook)->file();
    overlay_ = std::move(made);
  }
  return overlay_;
}

std::vector<std::string> Documents::uris() const {
  std::vector<std::string> out;
  for (const auto& [uri, document] : documents_) out.push_back(uri);
  return out;
}

}  // namespace preflint::lsp
