// Formats that put findings beside the code of a change: GitHub workflow commands, GitLab code
// quality, reviewdog.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "output/fingerprint.h"
#include "output/json_writer.h"
#include "output/render.h"
#include "output/width.h"

namespace preflint::output {
namespace {

/// Data of a workflow command; a property may hold no ':' or ',' either. It is read in a log, too:
/// nothing in it moves a cursor.
std::string escape(std::string_view text, bool property) {
  std::string out;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    for (const char c : visible(text.substr(at, end - at))) {
      if (c == '%' || (property && (c == ':' || c == ','))) {
        out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
      } else {
        out += c;
      }
    }
    if (end < text.size()) out += "%0A";
    at = end + 1;
  }
  return out;
}

std::string in_cell(const Item& item, const Report& report) {
  if (!item.spot.cell) return {};
  return report.language == Language::zh
             ? fmt::format("（单元格 {}，第 {} 行）", *item.spot.cell, item.spot.range.begin.line)
             : fmt::format(" (cell {}, line {})", *item.spot.cell, item.spot.range.begin.line);
}

std::string help_uri(const Item& item) { return item.rule ? rule_uri(*item.rule) : std::string(); }

}  // namespace

std::string rule_uri(const catalog::Rule& rule) {
  if (rule.category == "user") return fmt::format("{}/blob/main/docs/user-rules.md", kHomePage);
  return fmt::format("{}/en/{}.md", kRulePages, rule.id);
}

std::string render_github(const Report& report) {
  std::string out;
  Locator locator(report);
  for (const Item& item : items(report, locator, false)) {
    const Range& range = item.spot.raw;
    const std::string_view command = item.finding->severity == Severity::error     ? "error"
                                     : item.finding->severity == Severity::warning ? "warning"
                                                                                   : "notice";
    out += fmt::format("::{} file={},line={},col={},", command,
                       escape(relative(item.finding->place.path, report.directory), true),
                       range.begin.line, range.begin.column);
    // A column range is understood on one line only.
    if (range.end.line > range.begin.line)
      out += fmt::format("endLine={},", range.end.line);
    else
      out += fmt::format("endColumn={},", range.end.column);
    const std::string title =
        fmt::format("{} {}", item.finding->rule, item.rule ? item.rule->name : "");
    std::string message = item.message + in_cell(item, report);
    if (const std::string advice = advice_of(*item.finding, item.rule, report.language);
        !advice.empty()) {
      (message += '\n') += advice;
    }
    out += fmt::format("title={}::{}\n", escape(title, true), escape(message, false));
  }
  return out;
}

std::string render_gitlab(const Report& report) {
  std::string out;
  JsonWriter json(out, 2);
  Locator locator(report);
  std::map<std::string, int> seen;
  json.begin_array();
  for (const Item& item : items(report, locator, false)) {
    const Finding& finding = *item.finding;
    const std::string path = relative(finding.place.path, report.root);
    // Stays the same when lines move, and in every language: which rule, which text of which file.
    std::string identity = finding.rule + '\n' + path + '\n' + item.spot.text;
    const int occurrence = seen[identity]++;
    identity += '\n' + std::to_string(occurrence);
    json.begin_object()
        .member("description", item.message + in_cell(item, report))
        .member("check_name", finding.rule)
        .member("fingerprint", stable_hash(identity))
        .member("severity", finding.severity == Severity::error     ? "critical"
                            : finding.severity == Severity::warning ? "major"
                                                                    : "info")
        .object("location")
        .member("path", path)
        .object("lines")
        .member("begin", item.spot.raw.begin.line)
        .member("end", item.spot.raw.end.line)
        .end_object()
        .end_object()
        .end_object();
  }
  json.end_array();
  return out += '\n';
}

std::string render_rdjson(const Report& report) {
  std::string out;
  JsonWriter json(out, 2);
  Locator locator(report);
  const auto range = [&](const LineIndex* index, Span span) {
    // reviewdog counts columns in bytes of UTF-8.
    const Position begin = index ? index->position(span.begin, Encoding::utf8) : Position{};
    const Position end = index ? index->position(span.end, Encoding::utf8) : Position{};
    json.object("range");
    json.object("start").member("line", begin.line).member("column", begin.column).end_object();
    json.object("end").member("line", end.line).member("column", end.column).end_object();
    json.end_object();
  };
  json.begin_object();
  json.object("source").member("name", "preflint").member("url", kHomePage).end_object();
  json.array("diagnostics");
  for (const Item& item : items(report, locator, false)) {
    const Finding& finding = *item.finding;
    json.begin_object().member("message", item.message + in_cell(item, report));
    json.object("location").member("path", relative(finding.place.path, report.directory));
    range(locator.index(finding.place.path), finding.place.span);
    json.end_object();
    json.member("severity", finding.severity == Severity::error     ? "ERROR"
                            : finding.severity == Severity::warning ? "WARNING"
                                                                    : "INFO");
    json.object("code").member("value", finding.rule);
    if (item.rule) json.member("url", help_uri(item));
    json.end_object();
    json.array("suggestions");
    // A suggestion belongs to the diagnostic's own file.
    if (finding.fix && finding.fix->edits.size() == 1 &&
        finding.fix->edits[0].place.path == finding.place.path && !discloses(*finding.fix)) {
      const Edit& edit = finding.fix->edits[0];
      json.begin_object();
      range(locator.index(edit.place.path), edit.place.span);
      json.member("text", edit.text).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return out += '\n';
}

}  // namespace preflint::output
