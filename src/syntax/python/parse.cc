#include "syntax/python/parse.h"

#include <algorithm>

#include "syntax/python/arena.h"
#include "syntax/python/check.h"
#include "syntax/python/literals.h"
#include "syntax/python/lower.h"

namespace preflint::py {
namespace {

/// Bytes that the grammar would read otherwise than Python: a lone CR ends a line. Offsets stay.
bool lone_return(std::string_view text) {
  for (size_t at = text.find('\r'); at != text.npos; at = text.find('\r', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] != '\n') return true;
  }
  return false;
}

std::string_view with_newlines(std::string_view text, Arena& arena) {
  std::string copy(text);
  for (size_t i = 0; i < copy.size(); ++i) {
    if (copy[i] == '\r' && (i + 1 == copy.size() || copy[i + 1] != '\n')) copy[i] = '\n';
  }
  return arena.copy(copy);
}

/// Before each comment the parser looks past all that follow it: a class that was commented out
/// costs the square of its lines. Where there are many they are blanked; whoever wants them has
/// them from the lexer.
constexpr size_t kManyComments = 100;

std::string_view without_comments(std::string_view text, uint32_t base,
                                  const std::vector<Span>& comments, Arena& arena) {
  std::string copy(text);
  for (const Span& comment : comments)
    std::fill(copy.begin() + (comment.begin - base), copy.begin() + (comment.end - base), ' ');
  return arena.copy(copy);
}

/// What nests deeper than the limit without a bracket or an indentation, as `not not …` does, takes
/// a line of this many bytes.
constexpr size_t kTellsNesting = 400;

bool has_line_longer_than(size_t bytes, std::string_view text) {
  for (size_t begin = 0; text.size() - begin > bytes;) {
    const size_t end = text.substr(begin, bytes + 1).rfind('\n');
    if (end == std::string_view::npos) return true;
    begin += end + 1;
  }
  return false;
}

/// Parses one piece and appends what it says to the module. Of one that is a program of its own
/// (`alone`) and that CPython rejects there are no statements: none of them would run.
void parse_piece(Span piece, bool alone, const ParseLimits& limits, Module& module,
                 std::vector<const Stmt*>& body) {
  std::string_view text = module.slice(piece);
  uint32_t base = piece.begin;
  Inspection inspection = inspect(text, base);
  const bool rejected = inspection.error.has_value();
  const bool opaque =
      rejected && (inspection.error->key == "nul" || inspection.error->key == "too-many-brackets");
  if (rejected) module.errors.push_back(std::move(*inspection.error));
  module.comments.insert(module.comments.end(), inspection.comments.begin(),
                         inspection.comments.end());
  // Both are refused by CPython, and the parser needs very long for them.
  if (opaque || text.find('\0') != text.npos) {
    module.incomplete = true;
    return;
  }
  if (rejected && alone) return;
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
    base += 3;
  }
  if (lone_return(text)) text = with_newlines(text, *module.arena);
  if (!rejected && inspection.comments.size() > kManyComments)
    text = without_comments(text, base, inspection.comments, *module.arena);
  tree_sitter::Budget budget;
  budget.cancelled = limits.cancelled;
  const tree_sitter::Tree tree = tree_sitter::parse(tree_sitter::Grammar::python, text, budget);
  if (tree.nodes.empty()) {
    module.incomplete = true;
    return;
  }
  Lowering lowering(tree, text, base, *module.arena, limits.depth);
  for (const Stmt* statement : lowering.program()) body.push_back(statement);
  module.too_deep |= lowering.too_deep();
  module.partial.insert(module.partial.end(), lowering.partial().begin(), lowering.partial().end());
  if (tree.has_error) {
    for (const tree_sitter::Node& node : tree.nodes) {
      if (node.error || node.missing) {
        module.partial.push_back({node.span.begin + base, node.span.end + base});
      }
    }
  }
}

}  // namespace

Module::Module() : arena(std::make_shared<Arena>()) {}

namespace {

Module parse_pieces(Source source, std::span<const Span> pieces, bool alone,
                    const ParseLimits& limits) {
  Module out;
  out.source = std::move(source);
  if (out.source.text().size() > limits.bytes) {
    out.incomplete = true;
    return out;
  }
  std::vector<const Stmt*> body;
  for (const Span piece : pieces) parse_piece(piece, alone, limits, out, body);
  out.body = out.arena->copy(body);
  std::sort(out.partial.begin(), out.partial.end());
  out.partial.erase(std::unique(out.partial.begin(), out.partial.end()), out.partial.end());
  return out;
}

}  // namespace

Module parse(Source source, const ParseLimits& limits) {
  const Span whole{0, static_cast<uint32_t>(source.text().size())};
  return parse_pieces(std::move(source), std::span(&whole, 1), false, limits);
}

Module parse(Source source, std::span<const Span> pieces, const ParseLimits& limits) {
  return parse_pieces(std::move(source), pieces, true, limits);
}

Module parse_errors(Source source, const ParseLimits& limits) {
  Module out;
  out.source = std::move(source);
  const std::string_view text = out.source.text();
  if (text.size() > limits.bytes) return out;
  if (auto error = inspect(text, 0).error) {
    out.errors.push_back(std::move(*error));
  } else if (has_line_longer_than(kTellsNesting, text)) {
    out = parse(std::move(out.source), limits);
    out.body = {};
    out.arena.reset();
  }
  return out;
}

std::optional<Source> string_source(const Source& outer, const Expr& literal) {
  if (literal.kind != ExprKind::string || literal.inexact) return std::nullopt;
  const std::string_view written = outer.slice(literal.span);
  const LiteralStyle style = literal_style(written);
  const uint32_t head = style.prefix + style.quote;
  if (written.size() < head + style.quote) return std::nullopt;
  SourceBuilder out;
  if (!decode_literal(written.substr(head, written.size() - head - style.quote), style,
                      literal.span.begin + head, out)) {
    return std::nullopt;
  }
  const std::string quoting = std::string(1, style.mark) + "\\" + (style.quote == 3 ? "" : "\n");
  return std::move(out).build(outer, quoting);
}

}  // namespace preflint::py
