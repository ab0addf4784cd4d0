#include "syntax/shell/words.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "syntax/shell/ansi.h"

namespace preflint::shell {
namespace {

/// Reads up to `most` digits of a base from `at`.
uint32_t number(std::string_view text, size_t& at, uint32_t base, size_t most) {
  uint32_t out = 0;
  for (; most > 0 && at < text.size(); --most, ++at) {
    const char c = text[at];
    const uint32_t value = c >= '0' && c <= '9'   ? static_cast<uint32_t>(c - '0')
                           : c >= 'a' && c <= 'f' ? static_cast<uint32_t>(c - 'a' + 10)
                           : c >= 'A' && c <= 'F' ? static_cast<uint32_t>(c - 'A' + 10)
                                                  : base;
    if (value >= base) break;
    out = out * base + value;
  }
  return out;
}

std::string escape(std::string_view text, size_t& at) {
  static constexpr std::string_view kLetters = "abeEfnrtv\\'\"?",
                                    kValues = "\a\b\033\033\f\n\r\t\v\\'\"?";
  std::string out;
  const char kind = text[at++];
  if (const size_t known = kLetters.find(kind); known != std::string_view::npos)
    return {kValues[known]};
  if (kind >= '0' && kind <= '7') {
    --at;
    return {static_cast<char>(number(text, at, 8, 3))};
  }
  const size_t digits = at;
  if (kind == 'x') {
    const uint32_t value = number(text, at, 16, 2);
    if (at > digits) return {static_cast<char>(value)};
  } else if (kind == 'u' || kind == 'U') {
    out += utf8(number(text, at, 16, kind == 'u' ? 4 : 8));
    if (at > digits) return out;
  } else if (kind == 'c' && at < text.size()) {
    return {static_cast<char>(text[at++] & 0x1F)};
  }
  return {'\\', kind};
}

/// Appends the text of parts; `outer` is where their spans lie.
void append(SourceBuilder& out, const Part& part, const Source& outer, const Expand& expand) {
  const std::string_view raw = outer.slice(part.span);
  switch (part.kind) {
    case PartKind::literal:
      if (raw == part.text)
        out.exact(part.text, part.span.begin);
      else
        out.replaced(part.text, part.span);
      return;
    case PartKind::single_quoted:
      if (raw.size() == part.text.size() + 2)
        out.exact(part.text, part.span.begin + 1);
      else
        out.replaced(part.text, part.span);
      return;
    case PartKind::double_quoted:
      for (const Part& inner : part.parts) append(out, inner, outer, expand);
      return;
    case PartKind::ansi_quoted:
      if (raw.size() < 3) return out.replaced(part.text, part.span);
      read_ansi(raw.substr(2, raw.size() - 3),
                [&](std::string_view text, size_t begin, size_t end) {
                  const Span written{part.span.begin + 2 + static_cast<uint32_t>(begin),
                                     part.span.begin + 2 + static_cast<uint32_t>(end)};
                  if (outer.slice(written) == text)
                    out.exact(text, written.begin);
                  else
                    out.replaced(text, written);
                });
      return;
    case PartKind::glob:
    case PartKind::tilde:
      return out.exact(raw, part.span.begin);
    case PartKind::parameter:
    case PartKind::command:
    case PartKind::process:
    case PartKind::arithmetic:
    case PartKind::brace:
      if (const auto value = expand(part))
        out.replaced(*value, part.span);
      else
        out.exact(raw, part.span.begin);
      return;
  }
}

}  // namespace

void read_ansi(std::string_view inside,
               const std::function<void(std::string_view, size_t, size_t)>& piece) {
  size_t at = 0;
  while (at < inside.size()) {
    const size_t begin = at;
    if (inside[at] != '\\' || at + 1 == inside.size()) {
      at = std::min(inside.find('\\', at + 1), inside.size());
      piece(inside.substr(begin, at - begin), begin, at);
      continue;
    }
    ++at;
    const std::string text = escape(inside, at);
    piece(text, begin, at);
  }
}

std::optional<std::string> Word::literal() const {
  std::string out;
  for (const Part& part : parts) {
    switch (part.kind) {
      case PartKind::literal:
      case PartKind::single_quoted:
      case PartKind::ansi_quoted:
        out += part.text;
        break;
      case PartKind::double_quoted:
        for (const Part& inner : part.parts) {
          if (inner.kind != PartKind::literal) return std::nullopt;
          out += inner.text;
        }
        break;
      default:
        return std::nullopt;
    }
  }
  return out;
}

bool Word::quoted() const {
  return std::any_of(parts.begin(), parts.end(), [](const Part& part) {
    return part.kind == PartKind::single_quoted || part.kind == PartKind::double_quoted ||
           part.kind == PartKind::ansi_quoted;
  });
}

std::optional<Source> decode(const Word& word, const Source& outer, const Expand& expand) {
  SourceBuilder out;
  for (const Part& part : word.parts) append(out, part, outer, expand);
  return std::move(out).build(outer, "'\"\\");
}

std::optional<Source> decode(const Redirect& heredoc, const Source& outer, const Expand& expand) {
  SourceBuilder out;
  for (const Part& part : heredoc.content) append(out, part, outer, expand);
  return std::move(out).build(outer, heredoc.quoted ? "" : "$`\\");
}

}  // namespace preflint::shell
