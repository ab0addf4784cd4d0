#include "output/baseline.h"

#include <algorithm>

#include "base/text.h"
#include "output/fingerprint.h"
#include "output/json_writer.h"
#include "syntax/document.h"
#include "syntax/secrets.h"

namespace preflint::output {
namespace {

constexpr int64_t kVersion = 1;

Error misshapen(Span where) {
  return {"this is no baseline that preflint wrote", where, "这不是 preflint 生成的基线文件"};
}

}  // namespace

Result<Baseline> Baseline::parse(std::string_view text, std::string folder) {
  const Result<Document> document = parse_json(text);
  if (!document) return document.error();
  const Document* version = document->find("version");
  const Document* findings = document->find("findings");
  if (!version || version->kind != Document::Kind::integer || !findings || !findings->is_list()) {
    return misshapen(document->span);
  }
  if (version->integer != kVersion)
    return Error{"this baseline is of another version of preflint", version->span,
                 "该基线文件出自另一版本的 preflint"};
  Baseline out(std::move(folder));
  for (const Document& item : findings->items) {
    Entry entry;
    for (const auto& [key, value] :
         {std::pair("path", &entry.path), {"rule", &entry.rule}, {"hash", &entry.hash}}) {
      const Document* member = item.find(key);
      if (!member || !member->is_string()) return misshapen(item.span);
      *value = member->text;
    }
    const Document* count = item.find("count");
    if (count && (count->kind != Document::Kind::integer || count->integer < 1))
      return misshapen(count->span);
    out.counts_[entry] += count ? static_cast<size_t>(count->integer) : 1;
  }
  return out;
}

Baseline::Entry Baseline::entry_of(const Finding& finding, Locator& locator) const {
  Entry entry{relative(finding.place.path, folder_), finding.rule, {}};
  if (const LineIndex* index = locator.index(finding.place.path)) {
    const std::string_view line = index->line(index->line_of(finding.place.span.begin));
    entry.hash = stable_hash(finding.rule + '\0' + secrets::masked(trimmed(line)));
  }
  return entry;
}

void Baseline::add(const Report& report) {
  Locator locator(report);
  for (const Finding& finding : report.findings) {
    if (!finding.suppressed) ++counts_[entry_of(finding, locator)];
  }
}

void Baseline::hide(std::vector<Finding>& findings, const Report& report) const {
  Locator locator(report);
  std::map<Entry, size_t> left = counts_;
  std::erase_if(findings, [&](const Finding& finding) {
    if (finding.suppressed) return false;
    const auto it = left.find(entry_of(finding, locator));
    if (it == left.end() || it->second == 0) return false;
    --it->second;
    return true;
  });
}

std::vector<Baseline::Entry> Baseline::stale(
    const Report& report, const std::function<bool(const std::string& path)>& in_focus) const {
  Locator locator(report);
  std::map<Entry, size_t> left = counts_;
  for (const Finding& finding : report.findings) {
    const auto it = left.find(entry_of(finding, locator));
    if (!finding.suppressed && it != left.end() && it->second > 0) --it->second;
  }
  std::vector<Entry> out;
  for (const auto& [entry, count] : left) {
    if (count > 0 && in_focus(entry.path)) out.push_back(entry);
  }
  return out;
}

std::string Baseline::written() const {
  std::string out = "{\n  \"version\": " + std::to_string(kVersion) + ",\n  \"findings\": [";
  bool first = true;
  for (const auto& [entry, count] : counts_) {
    out += first ? "\n    " : ",\n    ";
    first = false;
    JsonWriter json(out);
    json.begin_object()
        .member("path", entry.path)
        .member("rule", entry.rule)
        .member("hash", entry.hash);
    if (count > 1) json.member("count", count);
    json.end_object();
  }
  return out += first ? "]\n}\n" : "\n  ]\n}\n";
}

size_t Baseline::size() const {
  size_t sum = 0;
  for (const auto& [entry, count] : counts_) sum += count;
  return sum;
}

}  // namespace preflint::output
