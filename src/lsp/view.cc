#include "lsp/view.h"

#include <algorithm>

#include "catalog/builtin.h"
#include "lsp/text.h"
#include "lsp/uri.h"
#include "output/render.h"
#include "output/words.h"
#include "syntax/notebook.h"

namespace preflint::lsp {
namespace {

int severity_number(Severity severity) {
  switch (severity) {
    case Severity::error:
      return 1;
    case Severity::warning:
      return 2;
    case Severity::info:
      break;
  }
  return 3;
}

output::RuleBook rules_of(const Report& report) {
  return {[&report](std::string_view id) { return report.rule(id); }, catalog::common_note};
}

}  // namespace

const output::LineIndex& Painter::index(const std::string& key,
                                        const std::shared_ptr<const File>& file) {
  Indexed& entry = indexes_[key];
  if (!entry.index) {
    entry.file = file;
    entry.index = std::make_unique<output::LineIndex>(file->bytes);
  }
  return *entry.index;
}

std::string Painter::uri(const std::string& path) const {
  // The editor's own spelling of a URI is the one that it finds its buffer by.
  if (const Document* document = documents_.at_path(path)) return document->uri;
  if (const NotebookDocument* notebook = documents_.notebook_at_path(path)) return notebook->uri;
  return uri_of(path);
}

std::optional<Painter::Spot> Painter::spot(const Report& report, const Place& place) {
  if (const auto notebook = documents_.notebook(place.path)) {
    const auto in_cell = notebook->place(place.span);
    if (!in_cell) return std::nullopt;
    const Cell& cell = notebook->cells()[in_cell->cell];
    const auto text = std::make_shared<const File>(File{place.path, FileKind::other, cell.text});
    return Spot{cell.uri, &index(cell.uri, text), in_cell->span};
  }
  const auto file = report.file(place.path);
  if (!file) return std::nullopt;
  const std::string key = uri(place.path);
  return Spot{key, &index(key, file), place.span};
}

Json Painter::range(const Spot& spot) const {
  return range_json(*spot.index, spot.span, view_.encoding);
}

Json Painter::related(const Report& report, const Finding& finding) {
  Json list = Json::array();
  for (const auto* notes : {&finding.chain, &finding.related}) {
    for (const Note& note : *notes) {
      const auto where = spot(report, note.place);
      if (!where) continue;
      list.push_back({{"location", {{"uri", where->uri}, {"range", range(*where)}}},
                      {"message", output::note_of(note, report.rule(finding.rule), rules_of(report),
                                                  view_.language)}});
    }
  }
  return list;
}

Json Painter::diagnostic(const Report& report, const Finding& finding, const Spot& where) {
  const catalog::Rule* rule = report.rule(finding.rule);
  Json out = {{"range", range(where)},
              {"severity", severity_number(finding.severity)},
              {"code", finding.rule},
              {"source", "preflint"},
              {"message", output::message_of(finding, rule, view_.language)}};
  if (view_.code_description && rule && rule->category != "user") {
    out["codeDescription"] = {{"href", output::rule_uri(*rule)}};
  }
  if (finding.rule == "PFL001") out["tags"] = Json::array({1});  // shown faded: it does nothing
  if (view_.related_information) {
    Json list = related(report, finding);
    if (!list.empty()) out["relatedInformation"] = std::move(list);
  }
  return out;
}

std::map<std::string, Json> Painter::diagnostics(const Report& report, const std::string& path,
                                                 const std::vector<const Finding*>& findings) {
  std::map<std::string, Json> out;
  if (const NotebookDocument* notebook = documents_.notebook_at_path(path)) {
    for (const auto& cell : notebook->cells) out[cell.uri] = Json::array();
  } else {
    out[uri(path)] = Json::array();
  }
  for (const Finding* finding : findings) {
    if (!shown(*finding)) continue;
    if (const auto where = spot(report, finding->place)) {
      out[where->uri].push_back(diagnostic(report, *finding, *where));
    }
  }
  return out;
}

Json Painter::finish(const std::map<std::string, Json>& edits) const {
  Json out;
  for (const auto& [uri, list] : edits) {
    if (!view_.versioned_edits) {
      out["changes"][uri] = list;
      continue;
    }
    const Document* document = documents_.find(uri);
    const Json version = document ? Json(document->version) : Json(nullptr);
    out["documentChanges"].push_back(
        {{"textDocument", {{"uri", uri}, {"version", version}}}, {"edits", list}});
  }
  return out;
}

std::optional<Json> Painter::workspace_edit(const Report& report, const std::vector<Edit>& edits) {
  std::map<std::string, Json> by_uri;
  for (const Edit& edit : edits) {
    const auto where = spot(report, edit.place);
    if (!where) return std::nullopt;
    const bool cell = documents_.notebook_at_path(edit.place.path) != nullptr;
    by_uri[where->uri].push_back(
        {{"range", range(*where)},
         {"newText", cell ? NotebookFile::unescaped(edit.text) : edit.text}});
  }
  if (by_uri.empty()) return std::nullopt;
  return finish(by_uri);
}

std::optional<Json> Painter::rewrite(const Report& report, const std::string& path,
                                     const std::string& text) {
  std::map<std::string, Json> by_uri;
  const auto add = [&](const std::string& uri, const output::LineIndex& lines,
                       std::string_view before, std::string_view after) {
    if (before == after) return;
    const Difference change = difference(before, after);
    by_uri[uri].push_back({{"range", range_json(lines, change.span, view_.encoding)},
                           {"newText", std::string(change.text)}});
  };
  if (const auto notebook = documents_.notebook(path)) {
    const File changed{path, FileKind::notebook, text};
    const auto now = notebook::read(changed);
    if (!now || now->cells.size() != notebook->cells().size()) return std::nullopt;
    for (size_t i = 0; i < now->cells.size(); ++i) {
      const Cell& cell = notebook->cells()[i];
      const output::LineIndex lines(cell.text);
      add(cell.uri, lines, cell.text, now->cells[i].text.text());
    }
  } else {
    const auto file = report.file(path);
    if (!file) return std::nullopt;
    const std::string key = uri(path);
    add(key, index(key, file), file->bytes, text);
  }
  if (by_uri.empty()) return std::nullopt;
  return finish(by_uri);
}

}  // namespace preflint::lsp
