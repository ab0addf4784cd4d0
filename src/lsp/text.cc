#include "lsp/text.h"

#include <algorithm>

namespace preflint::lsp {
namespace {

std::optional<uint32_t> number(const Json& value) {
  if (!value.is_number_integer()) return std::nullopt;
  const int64_t number = number_at(Json{{"n", value}}, "n");
  if (number < 0) return std::nullopt;
  return static_cast<uint32_t>(std::min<int64_t>(number, INT32_MAX - 1));
}

bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

Json position_json(const output::LineIndex& index, uint32_t offset, output::Encoding encoding) {
  const output::Position position = index.position(offset, encoding);
  return {{"line", position.line - 1}, {"character", position.column - 1}};
}

Json range_json(const output::LineIndex& index, Span span, output::Encoding encoding) {
  return {{"start", position_json(index, span.begin, encoding)},
          {"end", position_json(index, std::max(span.begin, span.end), encoding)}};
}

std::optional<uint32_t> offset_of(const output::LineIndex& index, const Json& position,
                                  output::Encoding encoding) {
  const auto line = number(member(position, "line"));
  const auto character = number(member(position, "character"));
  if (!line || !character) return std::nullopt;
  return index.offset({*line + 1, *character + 1}, encoding);
}

std::optional<Span> span_of(const output::LineIndex& index, const Json& range,
                            output::Encoding encoding) {
  const auto begin = offset_of(index, member(range, "start"), encoding);
  const auto end = offset_of(index, member(range, "end"), encoding);
  if (!begin || !end) return std::nullopt;
  return Span{std::min(*begin, *end), std::max(*begin, *end)};
}

Result<std::string> apply_changes(std::string text, const Json& changes,
                                  output::Encoding encoding) {
  if (!changes.is_array()) return Error{"contentChanges is an array", std::nullopt};
  for (const Json& change : changes) {
    const Json& replacement = member(change, "text");
    if (!replacement.is_string()) return Error{"a change has a text", std::nullopt};
    const auto& inserted = replacement.get_ref<const std::string&>();
    const Json& range = member(change, "range");
    if (range.is_null()) {
      text = inserted;
      continue;
    }
    const output::LineIndex index(text);
    auto span = span_of(index, range, encoding);
    if (!span) return Error{"a range has a start and an end", std::nullopt};
    // A UTF-8 column may point into a character: the edit then takes all of it.
    const auto size = static_cast<uint32_t>(text.size());
    while (span->begin > 0 && span->begin < size && continuation(text[span->begin])) --span->begin;
    while (span->end < size && continuation(text[span->end])) ++span->end;
    text.replace(span->begin, span->size(), inserted);
  }
  if (text.size() > INT32_MAX) return Error{"the text is too large", std::nullopt};
  return text;
}

Difference difference(std::string_view before, std::string_view after) {
  size_t front = 0;
  const size_t most = std::min(before.size(), after.size());
  while (front < most && before[front] == after[front]) ++front;
  size_t back = 0;
  while (back < most - front && before[before.size() - 1 - back] == after[after.size() - 1 - back])
    ++back;
  // Whole lines: half a character or half a word moved is hard to read in a preview.
  while (front > 0 && before[front - 1] != '\n') --front;
  while (back > 0 && before[before.size() - back] != '\n') --back;
  if (back > 0 && front + back < most) --back;  // the newline that ends the last line
  return {{static_cast<uint32_t>(front), static_cast<uint32_t>(before.size() - back)},
          after.substr(front, after.size() - back - front)};
}

}  // namespace preflint::lsp
