#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "base/span.h"

namespace preflint {

enum class FileKind : uint8_t {
  shell,
  python,
  notebook,
  requirements,
  pyproject,
  setup_cfg,
  conda_environment,
  ssh_config,
  config,
  other
};

/// A file's bytes as they are on disk. Everything else borrows from it.
struct File {
  std::string path;  // absolute, normalised
  FileKind kind = FileKind::other;
  std::string bytes;
};

/// Where each byte of a decoded text comes from in its outer file: runs in which `length` bytes of
/// text stand for bytes of the file one to one, and stretches (length_outer != length) that stand
/// for an escape, an expansion or a JSON escape as a whole. Sorted, without gaps in `text`.
struct MapRun {
  uint32_t text = 0;
  uint32_t outer = 0;
  uint32_t length = 0;        // bytes of text
  uint32_t length_outer = 0;  // bytes of the file; equal to `length`: one to one
  bool exact = true;
};

/// A text to be analysed and the way back to its file: the whole file (identity map), a notebook
/// cell, the argument of `bash -c`, a heredoc's body… Nested embedding is composed when the inner
/// source is made, so that `outer` offsets are always bytes of `file`.
class Source {
 public:
  Source() = default;
  /// The whole file; borrows its bytes, which must outlive it.
  explicit Source(const File& file);
  /// An embedded text. `runs` map it to offsets in `parent`'s text. `quoting` are the characters
  /// that may not be inserted by a fix without escaping (for '…' it is the single quote).
  Source(const Source& parent, std::string text, std::vector<MapRun> runs,
         std::string_view quoting);

  const File& file() const { return *file_; }
  std::string_view text() const { return text_; }
  std::string_view slice(Span span) const { return text_.substr(span.begin, span.size()); }
  bool embedded() const { return !identity_; }

  /// The bytes of the file that a span of the text came from.
  Span outer(Span span) const;
  Place place(Span span) const { return {file_->path, outer(span)}; }
  /// The offset in the text that stands for a byte of the file; nothing when none does. Linear in
  /// the number of runs.
  std::optional<uint32_t> inner(uint32_t outer) const;
  /// An edit of the file that changes `span` of the text into `text`; nothing when the text cannot
  /// be written there without changing the quoting around it.
  std::optional<Edit> edit(Span span, std::string text) const;

 private:
  const File* file_ = nullptr;
  std::shared_ptr<const std::string> owned_;
  std::string_view text_;
  std::shared_ptr<const std::vector<MapRun>> runs_;
  bool identity_ = true;
  std::string forbidden_;
  bool json_ = false;  // lies in a JSON string: inserted text is JSON-escaped
  friend struct NotebookSources;
};

/// Collects a decoded text and its map.
class SourceBuilder {
 public:
  /// Appends bytes that stand in the parent as they are.
  void exact(std::string_view text, uint32_t parent_offset);
  /// Appends text that stands for `parent` as a whole (an escape, an expansion).
  void replaced(std::string_view text, Span parent);
  bool empty() const { return text_.empty(); }
  size_t size() const { return text_.size(); }
  Source build(const Source& parent, std::string_view quoting) &&;
  std::string take_text() && { return std::move(text_); }
  std::vector<MapRun> take_runs() && { return std::move(runs_); }

 private:
  std::string text_;
  std::vector<MapRun> runs_;
};

}  // namespace preflint
