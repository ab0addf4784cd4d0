#include "output/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "output/width.h"
#include "syntax/notebook.h"
#include "syntax/secrets.h"

namespace preflint::output {
namespace {

// A longer line is shown as a window around the place: nobody reads a minified line, and a file may
// hold thousands of findings on one.
constexpr uint32_t kWindowBefore = 80;
constexpr uint32_t kWindowAfter = 400;

bool continuation(std::string_view text, uint32_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

Range range_of(const LineIndex& index, Span span) {
  return {index.position(span.begin), index.position(std::max(span.begin, span.end))};
}

/// A part of a line as it may be shown. What makes a secret one may stand outside of the part.
std::string shown(std::string_view text, Span line, Span window, const std::vector<Span>& secrets) {
  constexpr uint32_t kAround = 512;
  const Span around = {std::max(line.begin, window.begin - std::min(window.begin, kAround)),
                       std::min(line.end, window.end + kAround)};
  std::vector<Span> known;
  for (const Span secret : secrets) {
    if (!secret.overlaps(around)) continue;
    known.push_back({std::max(secret.begin, around.begin) - around.begin,
                     std::min(secret.end, around.end) - around.begin});
  }
  return secrets::masked(text.substr(around.begin, around.size()), known)
      .substr(window.begin - around.begin, window.size());
}

/// Fills in the line, its mark and the ranges of a span in one text.
void describe(const LineIndex& index, std::string_view text, Span span,
              const std::vector<Span>& secrets, Spot& spot) {
  const auto size = static_cast<uint32_t>(text.size());
  span = {std::min(span.begin, size), std::min(std::max(span.begin, span.end), size)};
  spot.range = range_of(index, span);
  Span line = index.line_span(spot.range.begin.line);
  const uint32_t begin = std::clamp(span.begin, line.begin, line.end);
  spot.more = span.end > line.end && spot.range.end.line > spot.range.begin.line;
  const uint32_t end = std::clamp(span.end, begin, line.end);
  Span window = line;
  if (line.size() > kWindowBefore + kWindowAfter) {
    if (begin - line.begin > kWindowBefore) window.begin = begin - kWindowBefore;
    if (line.end - begin > kWindowAfter) window.end = begin + kWindowAfter;
    while (window.begin < begin && continuation(text, window.begin)) ++window.begin;
    while (window.end > begin && continuation(text, window.end)) --window.end;
  }
  const std::string_view front = window.begin > line.begin ? "…" : "";
  const auto shift = static_cast<uint32_t>(front.size());
  spot.text.assign(front);
  spot.text += shown(text, line, window, secrets);
  spot.mark = {begin - window.begin + shift, std::min(end, window.end) - window.begin + shift};
  if (window.end < line.end) spot.text += "…";
}

}  // namespace

Locator::Locator(const Report& report) : report_(report) {
  for (const Finding& finding : report.findings) {
    if (finding.arguments.contains("secret"))
      secrets_[finding.place.path].push_back(finding.place.span);
    for (const Note& note : finding.related) {
      if (note.arguments.contains("secret")) secrets_[note.place.path].push_back(note.place.span);
    }
  }
}

struct Locator::Entry {
  std::shared_ptr<const File> file;
  std::optional<LineIndex> index;
  std::optional<notebook::Notebook> book;
  std::map<uint32_t, LineIndex> cells;
};

Locator::Entry& Locator::entry(const std::string& path) {
  std::shared_ptr<Entry>& entry = entries_[path];
  if (!entry) {
    entry = std::make_shared<Entry>();
    if (report_.file) entry->file = report_.file(path);
    if (entry->file) entry->index.emplace(entry->file->bytes);
    if (entry->file && entry->file->kind == FileKind::notebook) {
      Result<notebook::Notebook> book = notebook::read(*entry->file);
      if (book) entry->book.emplace(std::move(*book));
    }
  }
  return *entry;
}

const LineIndex* Locator::index(const std::string& path) {
  Entry& found = entry(path);
  return found.index ? &*found.index : nullptr;
}

const File* Locator::file(const std::string& path) { return entry(path).file.get(); }

Spot Locator::spot(const Place& place) {
  Spot spot;
  spot.path = &place.path;
  Entry& found = entry(place.path);
  if (!found.index) return spot;
  const std::vector<Span>& secrets = secrets_[place.path];
  if (found.book) spot.cell = found.book->cell_at(place.span.begin);
  if (!spot.cell) {
    describe(*found.index, found.file->bytes, place.span, secrets, spot);
    spot.raw = spot.range;
    return spot;
  }
  const notebook::Cell& cell = found.book->cells[*spot.cell];
  const LineIndex& lines = found.cells.try_emplace(*spot.cell, cell.text.text()).first->second;
  spot.raw = range_of(*found.index, place.span);
  const uint32_t begin = cell.inner(place.span.begin);
  // A place may go on into later cells; what can be shown of it ends with this one.
  const uint32_t end = place.span.empty() ? begin : cell.inner(place.span.end);
  std::vector<Span> inside;
  for (const Span secret : secrets) {
    if (cell.raw.contains(secret))
      inside.push_back({cell.inner(secret.begin), cell.inner(secret.end)});
  }
  describe(lines, cell.text.text(), {begin, end}, inside, spot);
  return spot;
}

std::vector<Item> items(const Report& report, Locator& locator, bool with_suppressed) {
  std::vector<Item> out;
  out.reserve(report.findings.size());
  for (const Finding& finding : report.findings) {
    if (finding.suppressed && !with_suppressed) continue;
    Item item;
    item.finding = &finding;
    item.rule = report.rules.rule ? report.rules.rule(finding.rule) : nullptr;
    item.message = message_of(finding, item.rule, report.language);
    item.spot = locator.spot(finding.place);
    out.push_back(std::move(item));
  }
  return out;
}

bool discloses(const Fix& fix) {
  return std::any_of(fix.edits.begin(), fix.edits.end(),
                     [](const Edit& edit) { return secrets::masked(edit.text) != edit.text; });
}

std::string relative(std::string_view path, std::string_view directory) {
  if (path == directory) return ".";
  if (directory == "/" && path.starts_with('/')) return valid_utf8(path.substr(1));
  std::string out;
  while (!directory.empty() && directory != "/") {
    if (path.starts_with(directory) && path.size() > directory.size() &&
        path[directory.size()] == '/') {
      path.remove_prefix(directory.size() + 1);
      return valid_utf8(out.append(path));
    }
    if (path == directory) {
      out.pop_back();
      return valid_utf8(out);
    }
    out += "../";
    const size_t slash = directory.rfind('/');
    directory = directory.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
  // Nothing in common but the root: the absolute path says it better.
  return valid_utf8(path);
}

std::string uri(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/-._~").find(c) != std::string_view::npos;
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace preflint::output
