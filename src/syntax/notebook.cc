#include "syntax/notebook.h"

#include <algorithm>

#include "syntax/json_scan.h"
#include "syntax/notebook_magic.h"

namespace preflint {

/// Marks sources whose text lies in JSON strings.
struct NotebookSources {
  static Source file(const File& file) {
    Source out(file);
    out.json_ = true;
    return out;
  }
};

namespace notebook {
namespace {

/// The strings of one `source` or `text` value: a string or a list of strings.
struct Strings {
  std::vector<Span> parts;
  Span raw;
};

/// What one pass over the JSON finds.
struct RawCell {
  std::string type;
  Strings source;
  bool present = false;
};

class Reading {
 public:
  Reading(const File& file)
      : text_(file.bytes), scan_(file.bytes), outer_(NotebookSources::file(file)) {}

  Result<Notebook> run() {
    notebook_object();
    if (!scan_.failed() && scan_.peek() != '\0')
      scan_.fail({"text after the end of the notebook", "notebook 结束之后还有内容"});
    if (!scan_.failed() && !has_cells_)
      scan_.fail({"the notebook has no `cells`", "notebook 中没有 `cells`"});
    if (scan_.failed()) return scan_.error();
    build();
    return std::move(out_);
  }

 private:
  template <typename Member>
  void object(Member member) {
    bool first = true;
    if (!scan_.enter('{')) return;
    while (scan_.more('}', first)) {
      const std::string_view key = scan_.key();
      if (!scan_.failed()) member(key);
    }
  }

  template <typename Element>
  void list(Element element) {
    bool first = true;
    if (!scan_.enter('[')) return;
    while (scan_.more(']', first)) element();
  }

  void notebook_object() {
    object([&](std::string_view key) {
      if (key == "cells")
        cells();
      else if (key == "worksheets")
        list([&] { worksheet(); });
      else if (key == "metadata" && scan_.peek() == '{')
        metadata();
      else
        scan_.skip();
    });
  }

  void worksheet() {
    object([&](std::string_view key) {
      if (key == "cells")
        cells();
      else
        scan_.skip();
    });
  }

  void metadata() {
    object([&](std::string_view key) {
      if ((key == "kernelspec" || key == "language_info") && scan_.peek() == '{') {
        object([&](std::string_view name) {
          const bool language = name == (key == "kernelspec" ? "language" : "name");
          if (language && scan_.peek() == '"') {
            const std::string_view value = slice(scan_.string());
            out_.python = value == "python" || value == "ipython";
          } else if (name == "pygments_lexer" && scan_.peek() == '"') {
            // A page of documentation whose cells are highlighted as shell text is none of Python.
            const std::string_view value = slice(scan_.string());
            if (value == "bash" || value == "sh") out_.python = false;
          } else {
            scan_.skip();
          }
        });
      } else {
        scan_.skip();
      }
    });
  }

  void cells() {
    has_cells_ = true;
    list([&] {
      RawCell cell;
      object([&](std::string_view key) {
        if (key == "cell_type" && scan_.peek() == '"') {
          cell.type = slice(scan_.string());
        } else if (key == "source" || key == "input") {
          cell.source = strings();
          cell.present = true;
        } else if (key == "outputs" && scan_.peek() == '[') {
          outputs();
        } else {
          scan_.skip();
        }
      });
      cells_.push_back(std::move(cell));
    });
  }

  Strings strings() {
    Strings out;
    const uint32_t begin = scan_.at();
    uint32_t end = begin;
    const auto one = [&] {
      if (scan_.peek() == '"') {
        out.parts.push_back(scan_.string());
        end = out.parts.back().end + 1;
      } else {
        scan_.skip();
      }
    };
    if (scan_.peek() == '[')
      list(one);
    else
      one();
    out.raw = {begin, std::max(begin, end)};
    return out;
  }

  /// All text of the outputs, however nested; images are left out.
  void outputs() {
    struct Open {
      char close;
      bool first = true;
    };
    std::vector<Open> open;
    std::vector<Span> joined;
    const auto flush = [&] {
      if (!joined.empty()) outputs_.push_back(std::move(joined));
      joined.clear();
    };
    do {
      if (scan_.failed()) return;
      if (!open.empty()) {
        if (!scan_.more(open.back().close, open.back().first)) {
          flush();
          open.pop_back();
          continue;
        }
        if (open.back().close == '}') {
          flush();
          const std::string_view key = scan_.key();
          if (key.starts_with("image") || key == "png" || key == "jpeg" || key == "pdf") {
            scan_.skip();
            continue;
          }
        }
      }
      if (scan_.peek() == '{' || scan_.peek() == '[') {
        flush();
        const char close = scan_.peek() == '{' ? '}' : ']';
        scan_.enter(scan_.peek());
        open.push_back({close});
      } else if (scan_.peek() == '"') {
        joined.push_back(scan_.string());
      } else {
        scan_.skip();
      }
    } while (!open.empty());
  }

  Source decode(const std::vector<Span>& parts) const {
    SourceBuilder builder;
    for (const Span part : parts) decode_json_string(slice(part), part.begin, builder);
    return std::move(builder).build(outer_, "");
  }

  void build() {
    SourceBuilder all;
    std::vector<std::pair<Span, uint32_t>> code;
    for (uint32_t i = 0; i < cells_.size(); ++i) {
      const RawCell& raw = cells_[i];
      Cell cell;
      cell.code = raw.type == "code" && raw.present;
      cell.raw = raw.source.raw;
      cell.text = decode(raw.source.parts);
      if (cell.code) {
        const auto begin = static_cast<uint32_t>(all.size());
        for (const Span part : raw.source.parts) decode_json_string(slice(part), part.begin, all);
        code.emplace_back(Span{begin, static_cast<uint32_t>(all.size())}, i);
        const uint32_t end =
            raw.source.parts.empty() ? raw.source.raw.end : raw.source.parts.back().end;
        all.replaced("\n", {end, end});
      }
      out_.cells.push_back(std::move(cell));
    }
    const Source text = std::move(all).build(outer_, "");
    SourceBuilder program;
    for (const auto& [span, index] : code) {
      const auto begin = static_cast<uint32_t>(program.size());
      out_.cells[index].python = cut_magics(text, span, index, program, out_.items);
      program.exact("\n", span.end);
      out_.pieces.push_back({begin, static_cast<uint32_t>(program.size())});
      out_.piece_cells.push_back(index);
    }
    out_.program = std::move(program).build(text, "");
    for (const std::vector<Span>& parts : outputs_) out_.outputs.push_back(decode(parts));
  }

  std::string_view slice(Span span) const { return text_.substr(span.begin, span.size()); }

  std::string_view text_;
  JsonScan scan_;
  Source outer_;
  Notebook out_;
  bool has_cells_ = false;
  std::vector<RawCell> cells_;
  std::vector<std::vector<Span>> outputs_;
};

}  // namespace

Result<Notebook> read(const File& file) { return Reading(file).run(); }

uint32_t Cell::inner(uint32_t raw_offset) const {
  // Cells come from strings in the order of the file: the way back to it grows with the text.
  uint32_t low = 0;
  auto high = static_cast<uint32_t>(text.text().size());
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (text.outer({middle, middle}).begin < raw_offset)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

std::optional<uint32_t> Notebook::cell_at(uint32_t raw_offset) const {
  const auto after =
      std::upper_bound(cells.begin(), cells.end(), raw_offset,
                       [](uint32_t offset, const Cell& cell) { return offset < cell.raw.begin; });
  if (after == cells.begin() || raw_offset > std::prev(after)->raw.end) return std::nullopt;
  return static_cast<uint32_t>(std::prev(after) - cells.begin());
}

std::optional<Position> Notebook::position(uint32_t raw_offset) const {
  const std::optional<uint32_t> index = cell_at(raw_offset);
  if (!index) return std::nullopt;
  const Cell& cell = cells[*index];
  Position out;
  out.cell = *index;
  for (char c : cell.text.text().substr(0, cell.inner(raw_offset))) {
    if (c == '\n') {
      ++out.line;
      out.column = 1;
    } else if ((static_cast<uint8_t>(c) & 0xC0) != 0x80) {
      ++out.column;
    }
  }
  return out;
}

uint32_t Notebook::cell_of(uint32_t program_offset) const {
  const auto after =
      std::upper_bound(pieces.begin(), pieces.end(), program_offset,
                       [](uint32_t offset, Span piece) { return offset < piece.begin; });
  if (after == pieces.begin()) return 0;
  return piece_cells[static_cast<size_t>(std::prev(after) - pieces.begin())];
}

uint32_t raw_line(const File& file, uint32_t offset) {
  const size_t end = std::min<size_t>(offset, file.bytes.size());
  return 1 + static_cast<uint32_t>(std::count(
                 file.bytes.begin(), file.bytes.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
}

}  // namespace notebook
}  // namespace preflint
