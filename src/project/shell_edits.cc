#include "project/shell_edits.h"

#include <algorithm>
#include <vector>

#include "syntax/shell/ast.h"

namespace preflint::project {
namespace {

using shell::AndOr;
using shell::Command;
using shell::List;

uint32_t line_start(std::string_view text, uint32_t at) {
  const size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return newline == std::string_view::npos ? 0 : static_cast<uint32_t>(newline + 1);
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

const AndOr* item_of(const List& list, Span span) {
  for (const AndOr& item : list.items) {
    if (item.span.contains(span)) return &item;
  }
  return nullptr;
}

/// The innermost statement around the span that begins its line.
const AndOr* statement(const Unit& unit, Span span) {
  if (!unit.shell) return nullptr;
  const std::string_view text = unit.source.text();
  // `bash -c '…'` on one line stays on one line.
  if (unit.embedding != Embedding::file && text.find('\n') == std::string_view::npos)
    return nullptr;
  const AndOr* found = nullptr;
  std::vector<const List*> lists{&unit.shell->list};
  for (size_t i = 0; i < lists.size();
       ++i) {  // each list lies in the one before: a walk down, not a search
    const AndOr* item = item_of(*lists[i], span);
    if (!item) continue;
    const uint32_t start = line_start(text, item->span.begin);
    if (blank(text.substr(start, item->span.begin - start))) found = item;
    for (const shell::Pipeline& pipeline : item->pipelines) {
      for (const shell::CommandPtr& command : pipeline.commands) {
        if (!command->span.contains(span)) continue;
        const Command* inner = command.get();
        while (inner->kind == shell::CommandKind::function && inner->definition)
          inner = inner->definition.get();
        lists.push_back(&inner->condition);
        lists.push_back(&inner->body);
        for (const shell::IfClause& clause : inner->clauses) {
          lists.push_back(&clause.condition);
          lists.push_back(&clause.body);
        }
        if (inner->else_body) lists.push_back(&*inner->else_body);
        for (const shell::CaseItem& branch : inner->items) lists.push_back(&branch.body);
      }
    }
  }
  return found;
}

std::string indent_at(std::string_view text, uint32_t start) {
  const size_t end = text.find_first_not_of(" \t", start);
  return std::string(text.substr(start, std::min(end, text.size()) - start));
}

/// The end of the statement's last line, when only a comment may follow there.
std::optional<uint32_t> line_end(std::string_view text, const AndOr& item) {
  if (text.substr(item.span.begin, item.span.size()).find("<<") != std::string_view::npos)
    return std::nullopt;
  const size_t end = std::min(text.find('\n', item.span.end), text.size());
  std::string_view rest = text.substr(item.span.end, end - item.span.end);
  while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t' || rest[0] == ';' || rest[0] == '\r'))
    rest.remove_prefix(1);
  if (!rest.empty() && rest[0] != '#') return std::nullopt;
  return static_cast<uint32_t>(end);
}

}  // namespace

std::optional<LinePlace> line_before(const Unit& unit, Span span) {
  const AndOr* item = statement(unit, span);
  if (!item) return std::nullopt;
  const std::string_view text = unit.source.text();
  const uint32_t start = line_start(text, item->span.begin);
  return LinePlace{start, indent_at(text, start)};
}

std::optional<LinePlace> line_after(const Unit& unit, Span span) {
  const AndOr* item = statement(unit, span);
  if (!item) return std::nullopt;
  const std::string_view text = unit.source.text();
  const auto end = line_end(text, *item);
  if (!end) return std::nullopt;
  return LinePlace{*end, indent_at(text, line_start(text, item->span.begin))};
}

std::optional<Span> lines_of(const Unit& unit, Span span) {
  const AndOr* item = statement(unit, span);
  if (!item) return std::nullopt;
  const std::string_view text = unit.source.text();
  const auto end = line_end(text, *item);
  if (!end) return std::nullopt;
  return Span{line_start(text, item->span.begin), *end < text.size() ? *end + 1 : *end};
}

uint32_t after_preamble(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = text.find('\n', at);
    const std::string_view line = text.substr(at, end - at);
    const bool skip =
        line.starts_with("#!") || line.starts_with("set -") || line.starts_with("set +");
    if (!skip || end == std::string_view::npos) break;
    at = end + 1;
  }
  return static_cast<uint32_t>(at);
}

}  // namespace preflint::project
