#include "output/position.h"

#include <algorithm>

namespace preflint::output {
namespace {

constexpr uint32_t kBlock = 4096;

bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
bool pair(char c) { return static_cast<unsigned char>(c) >= 0xF0; }

}  // namespace

LineIndex::LineIndex(std::string_view text) : text_(text) {
  begins_.push_back(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
  const bool has_cr = text.find('\r') != std::string_view::npos;
  uint32_t longest = 0;
  const auto start = [&](size_t at) {
    longest = std::max(longest, static_cast<uint32_t>(at) - begins_.back());
    begins_.push_back(static_cast<uint32_t>(at));
  };
  for (size_t at = 0; at < text.size();) {
    size_t next = has_cr ? text.find_first_of("\r\n", at) : text.find('\n', at);
    if (next == std::string_view::npos) break;
    at = next + (text[next] == '\r' && next + 1 < text.size() && text[next + 1] == '\n' ? 2 : 1);
    start(at);
  }
  longest = std::max(longest, static_cast<uint32_t>(text.size()) - begins_.back());
  if (longest <= kBlock) return;
  Count count{0, 0};
  for (size_t at = 0; at < text.size(); ++at) {
    if (at % kBlock == 0) blocks_.push_back(count);
    count.points += !continuation(text[at]);
    count.pairs += pair(text[at]);
  }
}

uint32_t LineIndex::line_of(uint32_t offset) const {
  const auto next = std::upper_bound(begins_.begin() + 1, begins_.end(), offset);
  return static_cast<uint32_t>(next - begins_.begin());
}

uint32_t LineIndex::units(uint32_t offset, Encoding encoding) const {
  const uint32_t last = blocks_.empty() ? 0 : static_cast<uint32_t>(blocks_.size()) - 1;
  const uint32_t block = std::min(offset / kBlock, last);
  Count count = blocks_.empty() ? Count{0, 0} : blocks_[block];
  for (uint32_t at = block * kBlock; at < offset; ++at) {
    count.points += !continuation(text_[at]);
    count.pairs += pair(text_[at]);
  }
  return encoding == Encoding::utf16 ? count.points + count.pairs : count.points;
}

Position LineIndex::position(uint32_t offset, Encoding encoding) const {
  offset = std::min<uint32_t>(offset, static_cast<uint32_t>(text_.size()));
  const uint32_t line = line_of(offset);
  const uint32_t begin = begins_[line - 1];
  offset = std::max(offset, begin);
  while (offset > begin && offset < text_.size() && continuation(text_[offset])) --offset;
  if (encoding == Encoding::utf8) return {line, offset - begin + 1};
  if (!blocks_.empty()) return {line, units(offset, encoding) - units(begin, encoding) + 1};
  uint32_t column = 1;
  for (uint32_t at = begin; at < offset; ++at) {
    column += !continuation(text_[at]);
    column += encoding == Encoding::utf16 && pair(text_[at]);
  }
  return {line, column};
}

uint32_t LineIndex::offset(Position position, Encoding encoding) const {
  if (position.line == 0) return begins_[0];
  if (position.line > lines()) return static_cast<uint32_t>(text_.size());
  const Span span = line_span(position.line);
  if (encoding == Encoding::utf8) {
    const uint32_t in_line = position.column > 0 ? position.column - 1 : 0;
    return in_line >= span.size() ? span.end : span.begin + in_line;
  }
  uint32_t column = 1;
  uint32_t at = span.begin;
  while (at < span.end && column < position.column) {
    column += encoding == Encoding::utf16 && pair(text_[at]) ? 2 : 1;
    do ++at;
    while (at < span.end && continuation(text_[at]));
  }
  return at;
}

Span LineIndex::line_span(uint32_t line) const {
  if (line == 0 || line > lines()) return {};
  const uint32_t begin = begins_[line - 1];
  auto end = static_cast<uint32_t>(line < lines() ? begins_[line] : text_.size());
  if (line < lines()) {
    if (end > begin && text_[end - 1] == '\n') --end;
    if (end > begin && text_[end - 1] == '\r') --end;
  }
  return {begin, end};
}

std::string_view LineIndex::line(uint32_t line) const {
  const Span span = line_span(line);
  return text_.substr(span.begin, span.size());
}

}  // namespace preflint::output
