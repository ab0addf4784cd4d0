#include "output/json_writer.h"
#include "output/render.h"
#include "syntax/secrets.h"

namespace preflint::output {
namespace {

void fix(const Fix& fix, const Report& report, JsonWriter& json) {
  json.begin_object();
  json.member("applicability", fix.applicability == Applicability::safe ? "safe" : "unsafe");
  json.array("edits");
  for (const Edit& edit : fix.edits) {
    json.begin_object()
        .member("path", relative(edit.place.path, report.directory))
        .member("startByte", edit.place.span.begin)
        .member("endByte", edit.place.span.end)
        .member("text", edit.text)
        .end_object();
  }
  json.end_array().end_object();
}

void notes(const std::vector<Note>& notes, const Item& item, const Report& report, Locator& locator,
           JsonWriter& json) {
  json.begin_array();
  for (const Note& note : notes) {
    const Spot spot = locator.spot(note.place);
    json.begin_object()
        .member("path", relative(note.place.path, report.directory))
        .member("line", spot.range.begin.line)
        .member("column", spot.range.begin.column)
        .member("endLine", spot.range.end.line)
        .member("endColumn", spot.range.end.column);
    if (spot.cell) json.member("cell", *spot.cell).member("notebookLine", spot.raw.begin.line);
    json.member("message", note_of(note, item.rule, report.rules, report.language)).end_object();
  }
  json.end_array();
}

void one(const Item& item, const Report& report, Locator& locator, JsonWriter& json) {
  const Finding& finding = *item.finding;
  json.begin_object().member("rule", finding.rule).member("name", item.rule ? item.rule->name : "");
  json.array("gotcha");
  if (item.rule) {
    for (const std::string_view gotcha : item.rule->gotchas) json.value(gotcha);
  }
  json.end_array();
  json.member("severity", name_of(finding.severity))
      .member("path", relative(finding.place.path, report.directory))
      .member("line", item.spot.range.begin.line)
      .member("column", item.spot.range.begin.column)
      .member("endLine", item.spot.range.end.line)
      .member("endColumn", item.spot.range.end.column);
  if (item.spot.cell) {
    json.member("cell", *item.spot.cell).member("notebookLine", item.spot.raw.begin.line);
  } else {
    json.key("cell").null();
  }
  json.member("message", item.message);
  notes(finding.related, item, report, locator, json.key("related"));
  notes(finding.chain, item, report, locator, json.key("chain"));
  if (finding.fix && !discloses(*finding.fix))
    fix(*finding.fix, report, json.key("fix"));
  else
    json.key("fix").null();
  json.member("suppressed", finding.suppressed);
  if (finding.suppressed)
    json.member("suppressionReason", secrets::masked(finding.suppression_reason));
  json.end_object();
}

}  // namespace

std::string render_json(const Report& report) {
  std::string out;
  JsonWriter json(out, 1);
  Locator locator(report);
  json.begin_object().member("version", report.version).member("files", report.files);
  json.array("findings");
  for (const Item& item : items(report, locator, report.show_suppressed)) {
    // One object a line: readable, and the same bytes as in jsonl.
    std::string line;
    JsonWriter object(line);
    one(item, report, locator, object);
    json.verbatim(line);
  }
  json.end_array().end_object();
  return out += '\n';
}

std::string render_jsonl(const Report& report) {
  std::string out;
  Locator locator(report);
  for (const Item& item : items(report, locator, report.show_suppressed)) {
    JsonWriter json(out);
    one(item, report, locator, json);
    out += '\n';
  }
  return out;
}

}  // namespace preflint::output
