#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "lsp/analyst.h"
#include "lsp/documents.h"
#include "lsp/message.h"
#include "output/position.h"

namespace preflint::lsp {

/// What the client told us of itself, and what the user wants to see.
struct View {
  output::Encoding encoding = output::Encoding::utf16;
  Language language = Language::en;
  Severity floor = Severity::warning;
  bool related_information = false;
  bool code_description = false;
  bool versioned_edits = false;
  bool markdown = true;
};

/// Turns what is known of bytes into what the editor shows: URIs and ranges. Lives for one answer;
/// everything it borrows must stay as it is.
class Painter {
 public:
  Painter(const View& view, Documents& documents) : view_(view), documents_(documents) {}

  /// A place in an open document, a cell, or a file on disk.
  struct Spot {
    std::string uri;
    const output::LineIndex* index = nullptr;
    Span span;
  };
  std::optional<Spot> spot(const Report& report, const Place& place);
  Json range(const Spot& spot) const;

  /// The diagnostics of one path, by URI: a notebook's cells each have theirs. A path without any
  /// has its URIs with empty lists.
  std::map<std::string, Json> diagnostics(const Report& report, const std::string& path,
                                          const std::vector<const Finding*>& findings);
  Json diagnostic(const Report& report, const Finding& finding, const Spot& spot);
  bool shown(const Finding& finding) const {
    return !finding.suppressed && finding.severity >= view_.floor;
  }

  /// Edits as a WorkspaceEdit; nothing when one of them has no place in the editor.
  std::optional<Json> workspace_edit(const Report& report, const std::vector<Edit>& edits);
  /// The edit that turns the file under a path, as the report has it, into another text.
  std::optional<Json> rewrite(const Report& report, const std::string& path,
                              const std::string& text);

 private:
  struct Indexed {
    std::shared_ptr<const File> file;
    std::unique_ptr<output::LineIndex> index;
  };
  const output::LineIndex& index(const std::string& key, const std::shared_ptr<const File>& file);
  std::string uri(const std::string& path) const;
  Json related(const Report& report, const Finding& finding);
  Json finish(const std::map<std::string, Json>& edits) const;

  const View& view_;
  Documents& documents_;
  std::map<std::string, Indexed> indexes_;  // by URI
};

}  // namespace preflint::lsp
