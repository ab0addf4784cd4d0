#include "lsp/cells.h"

#include <algorithm>

namespace preflint::lsp {
namespace {

/// The offset in a decoded JSON string of an offset in its escaped form.
uint32_t decoded_offset(std::string_view escaped, uint32_t offset) {
  uint32_t text = 0;
  for (uint32_t at = 0; at < offset && at < escaped.size();) {
    uint32_t width = 1;
    // Only control characters are written as \u…, each of which is one byte.
    if (escaped[at] == '\\' && at + 1 < escaped.size()) width = escaped[at + 1] == 'u' ? 6 : 2;
    if (at + width > offset) break;
    at += width;
    ++text;
  }
  return text;
}

}  // namespace

NotebookFile::NotebookFile(const std::string& path, std::vector<Cell> cells, const Json& metadata)
    : cells_(std::move(cells)) {
  std::string out = "{\"cells\":[";
  for (const Cell& cell : cells_) {
    if (&cell != &cells_.front()) out += ",\n";
    out +=
        cell.code
            ? R"({"cell_type":"code","execution_count":null,"metadata":{},"outputs":[],"source":")"
            : R"({"cell_type":"markdown","metadata":{},"source":")";
    const std::string text = text_of(Json(cell.text));
    const auto begin = static_cast<uint32_t>(out.size());
    out.append(text, 1, text.size() - 2);
    sources_.push_back({begin, static_cast<uint32_t>(out.size())});
    out += "\"}";
  }
  out += "],\n\"metadata\":" + (metadata.is_object() ? text_of(metadata) : "{}") +
         ",\"nbformat\":4,\"nbformat_minor\":5}\n";
  file_ = std::make_shared<const File>(File{path, FileKind::notebook, std::move(out)});
}

std::optional<NotebookFile::Place> NotebookFile::place(Span span) const {
  const auto after =
      std::upper_bound(sources_.begin(), sources_.end(), span.begin,
                       [](uint32_t offset, const Span& source) { return offset < source.begin; });
  if (after == sources_.begin()) return std::nullopt;
  const Span source = *(after - 1);
  if (span.begin > source.end) return std::nullopt;
  const auto escaped = std::string_view(file_->bytes).substr(source.begin, source.size());
  const uint32_t begin = decoded_offset(escaped, span.begin - source.begin);
  const uint32_t end =
      decoded_offset(escaped, std::clamp(span.end, span.begin, source.end) - source.begin);
  return Place{static_cast<size_t>(after - 1 - sources_.begin()), {begin, std::max(begin, end)}};
}

std::string NotebookFile::unescaped(const std::string& text) {
  const Json parsed = Json::parse("\"" + text + "\"", nullptr, false);
  return parsed.is_string() ? parsed.get<std::string>() : text;
}

}  // namespace preflint::lsp
