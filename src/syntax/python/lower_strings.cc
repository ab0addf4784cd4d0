#include "syntax/python/literals.h"
#include "syntax/python/lower.h"

namespace preflint::py {

/// A stretch of literal bytes between two interpolations; `inside` is in the whole text.
const Expr* Lowering::literal_part(Span inside, const LiteralStyle& style) {
  Expr out;
  out.kind = style.bytes ? ExprKind::bytes : ExprKind::string;
  out.span = inside;
  out.bare = true;
  out.raw = style.raw;
  const std::string_view raw = text_.substr(inside.begin - base_, inside.size());
  const bool plain = raw.find_first_of(style.formatted ? "\\{}\r" : "\\\r") == raw.npos;
  if (plain) {
    out.text = raw;
  } else {
    SourceBuilder decoded;
    out.inexact = !decode_literal(raw, style, inside.begin, decoded);
    out.text = arena_.copy(std::move(decoded).take_text());
  }
  return make(out);
}

const Expr* Lowering::interpolation(Index i) {
  Expr out;
  out.kind = ExprKind::format;
  out.span = span(i);
  const Expr* spec = nullptr;
  for (Index c : named(i)) {
    if (kind(c) == Kind::type_conversion) {
      out.text = slice(c).substr(slice(c).empty() ? 0 : 1);
    } else if (kind(c) == Kind::format_specifier) {
      Expr nested;
      nested.kind = ExprKind::fstring;
      nested.span = span(c);
      LiteralStyle style;
      style.formatted = true;
      std::vector<const Expr*> parts;
      Span inside = span(c);
      if (slice(c).starts_with(':')) ++inside.begin;
      string_parts(c, inside, style, parts);
      nested.children = arena_.copy(parts);
      spec = make(nested);
    }
  }
  Index value = child(i, Field::expression);
  if (value == kNone) value = first_named(i);
  const Expr* inner = expr(value);
  if (!inner) inner = make(Expr{});
  if (has_token(i, "=")) out.text = "=";
  out.children = arena_.copy(std::vector<const Expr*>{inner, spec});
  return make(out);
}

/// The literal stretches of `inside` and the interpolations between them.
void Lowering::string_parts(Index i, Span inside, const LiteralStyle& style,
                            std::vector<const Expr*>& out) {
  uint32_t at = inside.begin;
  for (Index c : named(i)) {
    const Kind k = kind(c);
    if (k != Kind::interpolation && k != Kind::format_expression) continue;
    const Span hole = span(c);
    if (hole.begin < at || hole.end > inside.end) continue;
    if (at < hole.begin) out.push_back(literal_part({at, hole.begin}, style));
    out.push_back(interpolation(c));
    at = hole.end;
  }
  if (at < inside.end) out.push_back(literal_part({at, inside.end}, style));
}

void Lowering::string(Index i, Expr& out) {
  const LiteralStyle style = literal_style(slice(i));
  const uint32_t head = style.prefix + style.quote;
  Span inside{out.span.begin + head, out.span.end};
  if (out.span.size() < head + style.quote) return;  // unknown: cut off
  inside.end -= style.quote;
  if (style.template_) return;  // a t-string is no string
  if (!style.formatted) {
    const Expr* whole = literal_part(inside, style);
    out.kind = whole->kind;
    out.text = whole->text;
    out.inexact = whole->inexact;
    return;
  }
  out.kind = ExprKind::fstring;
  std::vector<const Expr*> parts;
  string_parts(i, inside, style, parts);
  out.children = arena_.copy(parts);
}

void Lowering::concatenated(Index i, Expr& out) {
  out.kind = ExprKind::fstring;
  std::vector<const Expr*> parts;
  for (Index c : named(i)) {
    const Expr* piece = expr(c);
    if (piece->kind == ExprKind::fstring) {
      parts.insert(parts.end(), piece->children.begin(), piece->children.end());
    } else if (piece->kind == ExprKind::string) {
      parts.push_back(piece);
    } else {
      out.kind = ExprKind::unknown;  // bytes, t-strings
      return;
    }
  }
  out.children = arena_.copy(parts);
}

}  // namespace preflint::py
