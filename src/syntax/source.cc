#include "syntax/source.h"

#include <algorithm>
#include <utility>

namespace preflint {
namespace {

/// The run that holds text offset `at`; the last one for the end of the text.
const MapRun* run_at(const std::vector<MapRun>& runs, uint32_t at) {
  auto next =
      std::upper_bound(runs.begin(), runs.end(), at,
                       [](uint32_t offset, const MapRun& run) { return offset < run.text; });
  return next == runs.begin() ? nullptr : &*std::prev(next);
}

uint32_t outer_begin(const std::vector<MapRun>& runs, uint32_t at) {
  const MapRun* run = run_at(runs, at);
  if (!run) return 0;
  if (run->exact) return run->outer + std::min(at - run->text, run->length);
  return at - run->text >= run->length ? run->outer + run->length_outer : run->outer;
}

uint32_t outer_end(const std::vector<MapRun>& runs, uint32_t at) {
  if (at == 0) return outer_begin(runs, 0);
  const MapRun* run = run_at(runs, at - 1);
  if (!run) return 0;
  return run->exact ? run->outer + (at - run->text) : run->outer + run->length_outer;
}

/// Splits runs over a parent's text at the parent's own runs and points them at the file.
std::vector<MapRun> compose(const std::vector<MapRun>& parent, const std::vector<MapRun>& runs) {
  std::vector<MapRun> out;
  for (const MapRun& run : runs) {
    if (!run.exact) {
      const uint32_t begin = outer_begin(parent, run.outer);
      const uint32_t end = std::max(begin, outer_end(parent, run.outer + run.length_outer));
      out.push_back({run.text, begin, run.length, end - begin, false});
      continue;
    }
    uint32_t done = 0;
    while (done < run.length) {
      const uint32_t at = run.outer + done;
      const MapRun* under = run_at(parent, at);
      if (!under || at >= under->text + under->length) break;
      const uint32_t length = std::min(run.length - done, under->text + under->length - at);
      if (under->exact) {
        out.push_back({run.text + done, under->outer + (at - under->text), length, length, true});
      } else {
        out.push_back({run.text + done, under->outer, length, under->length_outer, false});
      }
      done += length;
    }
  }
  return out;
}

std::string json_escape(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (char c : text) {
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (static_cast<uint8_t>(c) < 0x20) {
      ((out += "\\u00") += kHex[c >> 4]) += kHex[c & 15];
    } else
      out += c;
  }
  return out;
}

}  // namespace

Source::Source(const File& file) : file_(&file), text_(file.bytes) {}

Source::Source(const Source& parent, std::string text, std::vector<MapRun> runs,
               std::string_view quoting)
    : file_(parent.file_),
      owned_(std::make_shared<const std::string>(std::move(text))),
      text_(*owned_),
      identity_(false),
      forbidden_(parent.forbidden_),
      json_(parent.json_) {
  if (!parent.identity_) runs = compose(*parent.runs_, runs);
  runs_ = std::make_shared<const std::vector<MapRun>>(std::move(runs));
  forbidden_ += quoting;
}

Span Source::outer(Span span) const {
  if (identity_) return span;
  const uint32_t begin = outer_begin(*runs_, span.begin);
  if (span.empty()) return {begin, begin};
  return {begin, std::max(begin, outer_end(*runs_, span.end))};
}

std::optional<uint32_t> Source::inner(uint32_t outer) const {
  if (identity_) return outer <= text_.size() ? std::optional(outer) : std::nullopt;
  for (const MapRun& run : *runs_) {
    if (outer < run.outer || outer >= run.outer + run.length_outer) continue;
    return run.text + (run.exact ? outer - run.outer : 0);
  }
  return std::nullopt;
}

std::optional<Edit> Source::edit(Span span, std::string text) const {
  if (text.find_first_of(forbidden_) != std::string::npos) return std::nullopt;
  if (!identity_) {
    for (const MapRun& run : *runs_) {
      const bool touches = run.text < span.end && span.begin < run.text + run.length;
      if (touches && !run.exact && !json_) return std::nullopt;
    }
  }
  return Edit{place(span), json_ ? json_escape(text) : std::move(text)};
}

void SourceBuilder::exact(std::string_view text, uint32_t parent_offset) {
  if (text.empty()) return;
  const auto length = static_cast<uint32_t>(text.size());
  const auto at = static_cast<uint32_t>(text_.size());
  if (!runs_.empty()) {
    MapRun& last = runs_.back();
    if (last.exact && last.outer + last.length_outer == parent_offset) {
      last.length += length;
      last.length_outer += length;
      text_ += text;
      return;
    }
  }
  runs_.push_back({at, parent_offset, length, length, true});
  text_ += text;
}

void SourceBuilder::replaced(std::string_view text, Span parent) {
  const auto length = static_cast<uint32_t>(text.size());
  if (text.empty()) return;
  runs_.push_back(
      {static_cast<uint32_t>(text_.size()), parent.begin, length, parent.size(), false});
  text_ += text;
}

Source SourceBuilder::build(const Source& parent, std::string_view quoting) && {
  return Source(parent, std::move(text_), std::move(runs_), quoting);
}

}  // namespace preflint
