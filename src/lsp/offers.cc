#include "lsp/offers.h"

#include <algorithm>

#include "lsp/text.h"
#include "lsp/uri.h"

namespace preflint::lsp {
namespace {

constexpr std::string_view kQuickFix = "quickfix";
constexpr std::string_view kFixAll = "source.fixAll.preflint";

/// Does the editor want actions of this kind? "source.fixAll" asks for "source.fixAll.preflint",
/// too.
bool wanted(const Json& only, std::string_view kind) {
  if (!only.is_array() || only.empty()) return true;
  return std::any_of(only.begin(), only.end(), [&](const Json& one) {
    if (!one.is_string()) return false;
    const auto& prefix = one.get_ref<const std::string&>();
    return prefix.empty() || kind == prefix ||
           (kind.starts_with(prefix) && kind.size() > prefix.size() && kind[prefix.size()] == '.');
  });
}

std::string label(const Finding& finding, const Report& report) {
  const catalog::Rule* rule = report.rule(finding.rule);
  return rule ? finding.rule + " " + std::string(rule->name) : finding.rule;
}

std::string path_under(const Documents& documents, const std::string& uri) {
  const Document* document = documents.find(uri);
  return document ? document->path : path_of(uri).value_or("");
}

}  // namespace

void Offers::code_action(const Message& request) {
  findings_.when_fresh(request, [this, request] { answer(request); });
}

void Offers::answer(const Message& request) {
  const std::string path = path_under(documents_, string_at(request.params, "textDocument.uri"));
  const auto* report = findings_.report_of(path);
  if (!report) return client_.reply(request, Json::array());
  std::vector<Draft> all = drafts(request, *report, path);
  if (client_.supports.resolve_edit) {
    for (Draft& draft : all) draft.make = nullptr;
  } else {
    for (Draft& draft : all) draft.action.erase("data");
  }
  finish(request, std::move(all), false);
}

std::vector<Offers::Draft> Offers::drafts(const Message& request,
                                          const std::shared_ptr<const Report>& report,
                                          const std::string& path) {
  const std::string uri = string_at(request.params, "textDocument.uri");
  const Json& only = member_at(request.params, "context.only");
  std::vector<Draft> out;
  Painter painter(view_, documents_);
  bool fixable = false;
  for (const Finding* finding : findings_.at(*report, path)) {
    if (!painter.shown(*finding)) continue;
    fixable |= finding->fix && finding->fix->applicability == Applicability::safe;
    const auto spot = painter.spot(*report, finding->place);
    if (!spot || spot->uri != uri || !wanted(only, kQuickFix)) continue;
    const auto asked = span_of(*spot->index, member(request.params, "range"), view_.encoding);
    if (!asked || asked->begin > spot->span.end || asked->end < spot->span.begin) continue;
    const Json shown = Json::array({painter.diagnostic(*report, *finding, *spot)});
    if (finding->fix) {
      Json action = quick_fix(painter, *report, *finding, shown);
      if (!action.is_null()) out.push_back({std::move(action), path, nullptr});
    }
    out.push_back(suppress(report, *finding, shown));
    const catalog::Rule* rule = report->rule(finding->rule);
    if (client_.supports.show_document && rule && rule->category != "user") {
      const std::string title = view_.language == Language::zh
                                    ? "打开 " + finding->rule + " 的说明"
                                    : "Open the page of " + finding->rule;
      out.push_back({{{"title", title},
                      {"kind", kQuickFix},
                      {"diagnostics", shown},
                      {"command",
                       {{"title", title},
                        {"command", kOpenRulePage},
                        {"arguments", Json::array({finding->rule})}}}},
                     path,
                     nullptr});
    }
  }
  if (fixable && wanted(only, kFixAll)) out.push_back(fix_all(report, path));
  return out;
}

Json Offers::quick_fix(Painter& painter, const Report& report, const Finding& finding,
                       const Json& diagnostics) const {
  const auto edit = painter.workspace_edit(report, finding.fix->edits);
  if (!edit) return nullptr;
  const bool safe = finding.fix->applicability == Applicability::safe;
  const bool chinese = view_.language == Language::zh;
  std::string title = (chinese ? "修复 " : "Fix ") + label(finding, report);
  if (!safe) title += chinese ? "（请先核对改动）" : " (check the change)";
  return {{"title", title},
          {"kind", kQuickFix},
          {"diagnostics", diagnostics},
          {"isPreferred", safe},
          {"edit", *edit}};
}

Offers::Draft Offers::suppress(const std::shared_ptr<const Report>& report, const Finding& finding,
                               const Json& diagnostics) const {
  Draft draft;
  draft.path = finding.place.path;
  draft.action = {{"title", view_.language == Language::zh ? "在此处忽略 " + finding.rule
                                                           : "Ignore " + finding.rule + " here"},
                  {"kind", kQuickFix},
                  {"diagnostics", diagnostics},
                  {"data",
                   {{"do", "suppress"},
                    {"path", finding.place.path},
                    {"rule", finding.rule},
                    {"begin", finding.place.span.begin},
                    {"end", finding.place.span.end}}}};
  draft.make = [report, finding, language = view_.language,
                &analyse = findings_.analyse()](const std::function<bool()>& cancelled) {
    return suppressed_text(*report, finding, language, analyse, cancelled);
  };
  return draft;
}

Offers::Draft Offers::fix_all(const std::shared_ptr<const Report>& report,
                              const std::string& path) const {
  Draft draft;
  draft.path = path;
  draft.action = {{"title", view_.language == Language::zh ? "修复此文件中所有可安全修复的问题"
                                                           : "Fix all that is safe in this file"},
                  {"kind", kFixAll},
                  {"data", {{"do", "fixAll"}, {"path", path}}}};
  draft.make = [report, path,
                &analyse = findings_.analyse()](const std::function<bool()>& cancelled) {
    return fixed_text(*report, path, analyse, cancelled);
  };
  return draft;
}

void Offers::finish(const Message& request, std::vector<Draft> drafts, bool single) {
  const auto shared = std::make_shared<std::vector<Draft>>(std::move(drafts));
  const auto reply = [this, request, shared, single](const std::vector<Rewritten>& texts) {
    Json list = Json::array();
    for (size_t i = 0; i < shared->size(); ++i) {
      Draft& draft = (*shared)[i];
      if (draft.make) {
        const auto* report = findings_.report_of(draft.path);
        Painter painter(view_, documents_);
        std::optional<Json> edit;
        if (report && texts[i]) edit = painter.rewrite(**report, draft.path, *texts[i]);
        if (!edit && !single) continue;
        if (edit) draft.action["edit"] = std::move(*edit);
      }
      list.push_back(std::move(draft.action));
    }
    client_.reply(request, single ? std::move(list[0]) : std::move(list));
  };
  const bool slow = std::any_of(shared->begin(), shared->end(),
                                [](const Draft& draft) { return bool(draft.make); });
  if (!slow) return reply({});
  findings_.in_background(request, [shared, reply](const std::function<bool()>& cancelled) {
    std::vector<Rewritten> texts(shared->size());
    for (size_t i = 0; i < shared->size(); ++i) {
      if ((*shared)[i].make) texts[i] = (*shared)[i].make(cancelled);
    }
    return [reply, texts] { reply(texts); };
  });
}

void Offers::resolve(const Message& request) {
  findings_.when_fresh(request, [this, request] {
    const Json& data = member(request.params, "data");
    const std::string path = string_at(data, "path");
    const auto* report = findings_.report_of(path);
    if (!report || !data.is_object()) return client_.reply(request, request.params);
    Draft draft;
    if (string_at(data, "do") == "fixAll") {
      draft = fix_all(*report, path);
    } else {
      const Span span = {static_cast<uint32_t>(number_at(data, "begin")),
                         static_cast<uint32_t>(number_at(data, "end"))};
      for (const Finding* finding : findings_.at(**report, path)) {
        if (finding->rule == string_at(data, "rule") && finding->place.span == span) {
          draft = suppress(*report, *finding, Json::array());
        }
      }
      if (!draft.make) {
        return client_.fail(request, Code::content_modified, "the finding is no longer there");
      }
    }
    draft.action = request.params;
    std::vector<Draft> one;
    one.push_back(std::move(draft));
    finish(request, std::move(one), true);
  });
}

}  // namespace preflint::lsp
