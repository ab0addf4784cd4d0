#include "cli/narrow.h"

#include <algorithm>
#include <set>

#include "cli/emit.h"
#include "output/diff.h"
#include "project/read_bytes.h"

namespace preflint::cli {
namespace {

constexpr size_t kMaxBaselineBytes = size_t{64} << 20;

using Lines = std::vector<std::pair<uint32_t, uint32_t>>;

/// Lines that are changed in `after`: those that were in `before`, and those that differ from it.
Lines mapped_lines(const Lines& lines, const std::string& before, const std::string& after) {
  Lines out;
  size_t at = 0;
  int64_t shift = 0;
  const std::vector<output::Change> changes = output::changes(before, after);
  const auto move_until =
      [&](uint32_t end) {  // lines of `before` (from 1) below `end` keep their words
        for (; at < lines.size() && lines[at].first < end; ++at) {
          const uint32_t last = std::min(lines[at].second, end - 1);
          out.emplace_back(static_cast<uint32_t>(lines[at].first + shift),
                           static_cast<uint32_t>(last + shift));
          if (lines[at].second >= end) break;
        }
      };
  for (const output::Change& change : changes) {
    move_until(change.old_begin + 1);
    if (change.new_end > change.new_begin) out.emplace_back(change.new_begin + 1, change.new_end);
    shift +=
        int64_t{change.new_end - change.new_begin} - int64_t{change.old_end - change.old_begin};
  }
  for (; at < lines.size(); ++at) {
    const int64_t last = lines[at].second == UINT32_MAX ? UINT32_MAX : lines[at].second + shift;
    out.emplace_back(static_cast<uint32_t>(std::max<int64_t>(1, lines[at].first + shift)),
                     static_cast<uint32_t>(last));
  }
  return out;
}

uint32_t line_of(const std::string& text, uint32_t offset) {
  const auto end =
      text.begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(offset, text.size()));
  return 1 + static_cast<uint32_t>(std::count(text.begin(), end, '\n'));
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::optional<output::Baseline> read_baseline(const std::string& name) {
  const std::string path = absolute(name);
  const project::ReadBytes read = project::read_bytes(path, kMaxBaselineBytes);
  if (read.trouble) {
    complain({name + ": this baseline cannot be read; --write-baseline makes one",
              name + "：无法读取该基线文件；可用 --write-baseline 生成"});
    return std::nullopt;
  }
  Result<output::Baseline> parsed = output::Baseline::parse(read.bytes, folder_of(path));
  if (parsed) return std::move(*parsed);
  std::string where = name;
  if (parsed.error().where) {
    const output::Position at = output::LineIndex(read.bytes).position(parsed.error().where->begin);
    where += ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  }
  complain({where + ": " + parsed.error().message, where + "：" + parsed.error().in(Language::zh)});
  return std::nullopt;
}

}  // namespace

std::unique_ptr<Narrow> Narrow::of(const CheckOptions& options,
                                   const std::vector<std::string>& folders) {
  auto out = std::make_unique<Narrow>();
  if (!options.baseline.empty()) {
    out->baseline_ = read_baseline(options.baseline);
    if (!out->baseline_) return nullptr;
  }
  if (!options.changed) return out;
  out->changes_.emplace();
  for (const std::string& folder : std::set<std::string>(folders.begin(), folders.end())) {
    Result<GitChanges> changes = GitChanges::since(*options.changed, folder);
    if (!changes) {
      complain({"--changed: " + changes.error().message,
                "--changed：" + changes.error().in(Language::zh)});
      return nullptr;
    }
    out->changes_->merge(std::move(*changes));
  }
  return out;
}

bool Narrow::changed(const Finding& finding, const output::Report& report,
                     const workspace::LintResult& original,
                     std::map<std::string, GitChanges>& mapped) const {
  const std::string& path = finding.place.path;
  // A finding of several files counts when any other file that leads to it has changed.
  for (const auto* notes : {&finding.chain, &finding.related}) {
    for (const Note& note : *notes) {
      if (note.place.path != path && changes_->file(note.place.path)) return true;
    }
  }
  if (!changes_->file(path)) return false;
  const auto now = report.file(path);
  if (!now) return true;
  const auto [it, fresh] = mapped.try_emplace(path);
  if (fresh) {
    const auto disk = original.file(path);
    const bool same = !disk || disk->bytes == now->bytes;
    it->second.set(path, same ? changes_->of(path)
                              : mapped_lines(changes_->of(path), disk->bytes, now->bytes));
  }
  const GitChanges& changes = it->second;
  const auto touched = [&](Span span) {
    return changes.lines(path, line_of(now->bytes, span.begin),
                         line_of(now->bytes, span.empty() ? span.begin : span.end - 1));
  };
  return touched(finding.place.span) ||
         std::any_of(finding.related.begin(), finding.related.end(), [&](const Note& note) {
           return note.key == "again-here" && note.place.path == path && touched(note.place.span);
         });
}

void Narrow::apply_changes(std::vector<Finding>& findings, const output::Report& report,
                           const workspace::LintResult& original) const {
  if (!changes_) return;
  std::map<std::string, GitChanges> mapped;
  std::erase_if(findings, [&](const Finding& finding) {
    return !changed(finding, report, original, mapped);
  });
}

void Narrow::apply(std::vector<Finding>& findings, const output::Report& report,
                   const workspace::LintResult& original, Severity floor) const {
  apply_changes(findings, report, original);
  if (baseline_) baseline_->hide(findings, report);
  std::erase_if(findings, [&](const Finding& finding) { return finding.severity < floor; });
}

}  // namespace preflint::cli
