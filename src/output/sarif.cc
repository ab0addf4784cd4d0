#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "output/fingerprint.h"
#include "output/json_writer.h"
#include "output/render.h"
#include "syntax/secrets.h"

namespace preflint::output {
namespace {

constexpr std::string_view kRoot = "PROJECTROOT";
// GitHub refuses a run with more results.
constexpr size_t kMostResults = 25'000;

std::string_view level(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

/// GitHub ranks security findings by a CVSS-like number.
std::string_view security_severity(Severity severity) {
  return severity == Severity::error ? "8.0" : severity == Severity::warning ? "5.0" : "2.0";
}

/// "network-hook-missing" → "NetworkHookMissing", as the format asks of names.
std::string pascal(std::string_view name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (c == '-') {
      upper = true;
      continue;
    }
    out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return out;
}

std::string sentence(std::string_view text) {
  std::string out(text);
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  if (out.empty() || out.ends_with('.') || out.ends_with("。") || out.ends_with('?')) return out;
  // Chinese has a full stop of its own.
  const bool chinese = std::any_of(out.begin(), out.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0xE4 && static_cast<unsigned char>(c) <= 0xE9;
  });
  return out += chinese ? "。" : ".";
}

class Sarif {
 public:
  Sarif(const Report& report, std::string& out)
      : report_(report), locator_(report), json_(out, 1) {}

  void write() {
    collect();
    json_.begin_object()
        .member("$schema",
                "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                "sarif-schema-2.1.0.json")
        .member("version", "2.1.0");
    json_.array("runs").begin_object();
    tool();
    json_.object("automationDetails").member("id", "preflint/").end_object();
    json_.array("invocations").begin_object().member("executionSuccessful", true);
    if (dropped_ > 0) {
      json_.array("toolExecutionNotifications").begin_object().member("level", "warning");
      json_.object("message").member(
          "text", fmt::format("{} results of lower severity were left out.", dropped_));
      json_.end_object().end_object().end_array();
    }
    json_.end_object().end_array();
    json_.object("originalUriBaseIds").object(kRoot);
    json_.member("uri", report_.root == "/" ? "file:///" : "file://" + uri(report_.root) + "/");
    json_.object("description").member("text", "The root of the linted project.").end_object();
    json_.end_object().end_object();
    json_.member("columnKind", "unicodeCodePoints");
    json_.array("newlineSequences").value("\r\n").value("\n").value("\r").end_array();
    json_.array("artifacts");
    for (const std::string* path : artifact_order_) {
      json_.begin_object().object("location");
      json_.member("uri", uri(relative(*path, report_.root)))
          .member("uriBaseId", kRoot)
          .end_object();
      if (const File* file = locator_.file(*path)) json_.member("length", file->bytes.size());
      json_.end_object();
    }
    json_.end_array();
    json_.array("results");
    for (const Item& item : items_) result(item);
    json_.end_array().end_object().end_array().end_object();
  }

 private:
  void collect() {
    items_ = items(report_, locator_, true);
    if (items_.size() > kMostResults) {
      dropped_ = items_.size() - kMostResults;
      std::stable_sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) {
        return a.finding->severity > b.finding->severity;
      });
      items_.resize(kMostResults);
      std::sort(items_.begin(), items_.end(),
                [](const Item& a, const Item& b) { return before(*a.finding, *b.finding); });
    }
    for (const Item& item : items_) {
      rule_index_.emplace(item.finding->rule, 0);
      rules_.emplace(item.finding->rule, item.rule);
      artifact(item.finding->place.path);
      for (const Note& note : item.finding->related) artifact(note.place.path);
      for (const Note& note : item.finding->chain) artifact(note.place.path);
      if (!item.finding->fix) continue;
      for (const Edit& edit : item.finding->fix->edits) artifact(edit.place.path);
    }
    size_t next = 0;
    for (auto& [id, index] : rule_index_) index = next++;
  }

  void artifact(const std::string& path) {
    const auto [it, added] = artifacts_.emplace(path, artifacts_.size());
    if (added) artifact_order_.push_back(&it->first);
  }

  void text(std::string_view key, std::string_view words) {
    json_.object(key).member("text", words).end_object();
  }

  void tool() {
    json_.object("tool").object("driver");
    json_.member("name", "preflint")
        .member("semanticVersion", report_.version)
        .member("version", report_.version)
        .member("informationUri", kHomePage);
    json_.array("rules");
    for (const auto& [id, rule] : rules_) describe(id, rule);
    json_.end_array().end_object().end_object();
  }

  void describe(const std::string& id, const catalog::Rule* rule) {
    json_.begin_object().member("id", id);
    if (!rule) {
      json_.end_object();
      return;
    }
    const Language language = report_.language;
    const std::string why = sentence(rule->why.in(language));
    const std::string advice = sentence(rule->advice.in(language));
    json_.member("name", pascal(rule->name));
    text("shortDescription", sentence(rule->summary.in(language)));
    text("fullDescription", why.empty() ? sentence(rule->summary.in(language)) : why);
    json_.object("help")
        .member("text", why + "\n\n" + advice)
        .member("markdown", markdown(*rule, why, advice));
    json_.end_object();
    json_.member("helpUri", rule_uri(*rule));
    json_.object("defaultConfiguration").member("level", level(rule->severity)).end_object();
    json_.object("properties");
    const bool security = id.starts_with("SEC");
    json_.array("tags");
    json_.value(security ? "security" : "correctness").value(category(id));
    size_t tags = 2;
    for (const std::string_view gotcha : rule->gotchas) {
      if (tags++ < 10) json_.value(gotcha);
    }
    json_.end_array();
    json_.member("precision", precision(*rule));
    json_.member("problem.severity",
                 rule->severity == Severity::info ? "recommendation" : level(rule->severity));
    if (security) json_.member("security-severity", security_severity(rule->severity));
    json_.end_object().end_object();
  }

  static std::string_view precision(const catalog::Rule& rule) {
    for (const std::string_view known : {"very-high", "high", "medium", "low"}) {
      if (rule.precision == known) return known;
    }
    return "medium";
  }

  static std::string category(std::string_view id) {
    std::string out;
    for (const char c : id) {
      if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    }
    return out.empty() ? "user" : out;
  }

  std::string markdown(const catalog::Rule& rule, std::string_view why,
                       std::string_view advice) const {
    const bool zh = report_.language == Language::zh;
    std::string out = fmt::format("# {} {}\n\n{}\n\n{}\n", rule.id, rule.name, why, advice);
    for (const bool bad : {true, false}) {
      const auto example = std::find_if(rule.examples.begin(), rule.examples.end(),
                                        [&](const catalog::Example& e) { return e.bad == bad; });
      if (example == rule.examples.end()) continue;
      const std::string_view title = bad ? (zh ? "反例" : "Bad") : (zh ? "正例" : "Good");
      out += fmt::format("\n## {}\n\n```{}\n{}", title, example->language,
                         without_marks(example->text));
      if (!out.ends_with('\n')) out += '\n';
      out += "```\n";
    }
    return out;
  }

  static std::string without_marks(std::string_view text) {
    std::string out;
    for (size_t at = 0; at < text.size();) {
      const std::string_view rest = text.substr(at);
      if (rest.starts_with("⟦") || rest.starts_with("⟧"))
        at += 3;
      else
        out += text[at++];
    }
    return out;
  }

  void region(std::string_view key, Range range, bool one_line, const std::string& path) {
    if (one_line && range.end.line > range.begin.line) {
      // GitHub marks the whole stretch in red; the first line says enough.
      const LineIndex* index = locator_.index(path);
      range.end = {range.begin.line,
                   index ? index->position(index->line_span(range.begin.line).end).column
                         : range.begin.column};
    }
    json_.object(key)
        .member("startLine", range.begin.line)
        .member("startColumn", range.begin.column)
        .member("endLine", range.end.line)
        .member("endColumn", range.end.column)
        .end_object();
  }

  void artifact_location(const std::string& path) {
    json_.object("artifactLocation")
        .member("uri", uri(relative(path, report_.root)))
        .member("uriBaseId", kRoot)
        .member("index", artifacts_.at(path))
        .end_object();
  }

  void physical(const Place& place, const Range& range) {
    json_.object("physicalLocation");
    artifact_location(place.path);
    region("region", range, true, place.path);
    json_.end_object();
  }

  void result(const Item& item) {
    const Finding& finding = *item.finding;
    json_.begin_object()
        .member("ruleId", finding.rule)
        .member("ruleIndex", rule_index_.at(finding.rule))
        .member("level", level(finding.severity));
    text("message", sentence(message(item)));
    json_.array("locations").begin_object();
    physical(finding.place, item.spot.raw);
    json_.end_object().end_array();
    json_.object("partialFingerprints")
        .member("primaryLocationLineHash", line_hash(finding.place.path, item.spot.raw.begin.line))
        .end_object();
    related(item);
    flow(item);
    if (finding.suppressed) {
      json_.array("suppressions")
          .begin_object()
          .member("kind", "inSource")
          .member("status", "accepted");
      if (!finding.suppression_reason.empty())
        json_.member("justification", secrets::masked(finding.suppression_reason));
      json_.end_object().end_array();
    }
    if (finding.fix && !discloses(*finding.fix)) fix(*finding.fix);
    json_.end_object();
  }

  std::string message(const Item& item) const {
    if (!item.spot.cell) return item.message;
    const uint32_t line = item.spot.range.begin.line;
    return report_.language == Language::zh
               ? fmt::format("{}（单元格 {}，第 {} 行）", item.message, *item.spot.cell, line)
               : fmt::format("{} (cell {}, line {})", item.message, *item.spot.cell, line);
  }

  void related(const Item& item) {
    if (item.finding->related.empty()) return;
    json_.array("relatedLocations");
    size_t id = 0;
    for (const Note& note : item.finding->related) {
      json_.begin_object().member("id", ++id);
      physical(note.place, locator_.spot(note.place).raw);
      text("message", sentence(note_of(note, item.rule, report_.rules, report_.language)));
      json_.end_object();
    }
    json_.end_array();
  }

  void step(const Place& place, const Range& range, std::string_view words) {
    json_.begin_object().object("location");
    physical(place, range);
    text("message", sentence(words));
    json_.end_object().end_object();
  }

  void flow(const Item& item) {
    if (item.finding->chain.empty()) return;
    json_.array("codeFlows").begin_object().array("threadFlows").begin_object().array("locations");
    for (const Note& note : item.finding->chain) {
      step(note.place, locator_.spot(note.place).raw,
           note_of(note, item.rule, report_.rules, report_.language));
    }
    step(item.finding->place, item.spot.raw, item.message);
    json_.end_array().end_object().end_array().end_object().end_array();
  }

  void fix(const Fix& fix) {
    json_.array("fixes").begin_object();
    const bool safe = fix.applicability == Applicability::safe;
    text("description", safe ? "Safe fix." : "Fix that may change what the code does.");
    std::map<std::string_view, std::vector<const Edit*>> files;
    for (const Edit& edit : fix.edits) files[edit.place.path].push_back(&edit);
    json_.array("artifactChanges");
    for (const auto& [path, edits] : files) {
      json_.begin_object();
      artifact_location(edits.front()->place.path);
      json_.array("replacements");
      for (const Edit* edit : edits) {
        json_.begin_object();
        region("deletedRegion", locator_.spot(edit->place).raw, false, edit->place.path);
        if (!edit->text.empty()) text("insertedContent", edit->text);
        json_.end_object();
      }
      json_.end_array().end_object();
    }
    json_.end_array().end_object().end_array();
  }

  std::string line_hash(const std::string& path, uint32_t line) {
    const auto [it, added] = hashes_.try_emplace(path);
    if (added) {
      if (const File* file = locator_.file(path))
        it->second = line_hashes(secrets::masked(file->bytes));
    }
    return line <= it->second.size() ? it->second[line - 1] : stable_hash(path) + ":1";
  }

  const Report& report_;
  Locator locator_;
  JsonWriter json_;
  std::vector<Item> items_;
  size_t dropped_ = 0;
  std::map<std::string, const catalog::Rule*> rules_;
  std::map<std::string, size_t> rule_index_;
  std::map<std::string, size_t> artifacts_;
  std::vector<const std::string*> artifact_order_;
  std::map<std::string, std::vector<std::string>> hashes_;
};

}  // namespace

std::string render_sarif(const Report& report) {
  std::string out;
  Sarif(report, out).write();
  return out += '\n';
}

}  // namespace preflint::output
