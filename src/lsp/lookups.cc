#include "lsp/lookups.h"

#include <algorithm>

#include "catalog/builtin.h"
#include "lsp/text.h"
#include "output/render.h"

namespace preflint::lsp {

const catalog::Rule* Lookups::rule(const std::string& path, std::string_view id) const {
  if (const auto* report = findings_.report_of(path)) return (*report)->rule(id);
  const catalog::BuiltinRule* builtin = catalog::find_builtin(id);
  return builtin ? &builtin->rule : nullptr;
}

std::vector<Mention> Lookups::mentions(const Document& document) const {
  const FindRule find = [&](std::string_view id) { return rule(document.path, id); };
  return document.path.ends_with("/preflint.yaml") ? mentions_in_config(document.text, find)
                                                   : mentions_in_comments(document.text, find);
}

void Lookups::hover(const Message& request) {
  findings_.when_fresh(request, [this, request] { answer_hover(request); });
}

void Lookups::answer_hover(const Message& request) {
  const Document* document = documents_.find(string_at(request.params, "textDocument.uri"));
  if (!document) return client_.reply(request, nullptr);
  const output::LineIndex index(document->text);
  const auto at = offset_of(index, member(request.params, "position"), view_.encoding);
  if (!at) return client_.fail(request, Code::invalid_params, "hover needs a position");
  std::vector<const catalog::Rule*> rules;
  std::optional<Span> span;
  const auto add = [&](const catalog::Rule* one, Span where) {
    if (!one || std::find(rules.begin(), rules.end(), one) != rules.end()) return;
    rules.push_back(one);
    // The editor keeps the page open as long as all of it holds.
    span = span ? Span{std::max(span->begin, where.begin), std::min(span->end, where.end)} : where;
  };
  const auto holds = [&](Span where) { return where.begin <= *at && *at <= where.end; };
  for (const Mention& mention : mentions(*document)) {
    if (holds(mention.span)) add(mention.rule, mention.span);
  }
  Painter painter(view_, documents_);
  if (const auto* report = findings_.report_of(document->path)) {
    for (const Finding* finding : findings_.at(**report, document->path)) {
      if (!painter.shown(*finding)) continue;
      const auto spot = painter.spot(**report, finding->place);
      if (spot && spot->uri == document->uri && holds(spot->span)) {
        add((*report)->rule(finding->rule), spot->span);
      }
    }
  }
  if (rules.empty()) return client_.reply(request, nullptr);
  client_.reply(request, {{"contents", hover_contents(rules, view_.language, view_.markdown)},
                          {"range", range_json(index, *span, view_.encoding)}});
}

void Lookups::document_link(const Message& request) {
  const Document* document = documents_.find(string_at(request.params, "textDocument.uri"));
  Json list = Json::array();
  if (document) {
    const output::LineIndex index(document->text);
    for (const Mention& mention : mentions(*document)) {
      if (mention.rule->category == "user") continue;
      list.push_back({{"range", range_json(index, mention.span, view_.encoding)},
                      {"target", output::rule_uri(*mention.rule)},
                      {"tooltip", mention.rule->summary.in(view_.language)}});
    }
  }
  client_.reply(request, std::move(list));
}

}  // namespace preflint::lsp
