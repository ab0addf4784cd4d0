#include "lsp/actions.h"

#include <algorithm>
#include <vector>

#include "engine/fixes.h"
#include "syntax/notebook.h"

namespace preflint::lsp {
namespace {

using workspace::Overlay;

// A comment above a statement stands at most this many lines above a finding in it.
constexpr int kLinesAbove = 8;

std::shared_ptr<const File> with_text(const File& file, std::string text) {
  return std::make_shared<const File>(File{file.path, file.kind, std::move(text)});
}

/// An insertion into a text.
struct Insertion {
  uint32_t at;
  std::string text;
};

uint32_t line_begin(std::string_view text, uint32_t at) {
  const size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return newline == std::string_view::npos ? 0 : static_cast<uint32_t>(newline + 1);
}

uint32_t line_end(std::string_view text, uint32_t at) {
  size_t end = std::min(text.find('\n', at), text.size());
  if (end > at && text[end - 1] == '\r') --end;
  return static_cast<uint32_t>(end);
}

std::string comment(const std::string& rule, Language language) {
  return "# preflint: ignore[" + rule + "] " + (language == Language::zh ? "原因：…" : "reason: …");
}

/// Places for the comment, the best first.
std::vector<Insertion> places(std::string_view text, uint32_t at, const std::string& rule,
                              bool comment_lines_only, Language language) {
  std::vector<Insertion> out;
  uint32_t begin = line_begin(text, at);
  const uint32_t end = line_end(text, at);
  const std::string_view line = text.substr(begin, end - begin);
  constexpr std::string_view kIgnore = "preflint: ignore[";
  if (const size_t mark = line.find(kIgnore); mark != std::string_view::npos) {
    const size_t close = line.find(']', mark);
    if (close != std::string_view::npos) {
      out.push_back({begin + static_cast<uint32_t>(close), "," + rule});
    }
  }
  if (!comment_lines_only) out.push_back({end, "  " + comment(rule, language)});
  const std::string newline = text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
  for (int i = 0; i < kLinesAbove; ++i) {
    const size_t indent = std::min(text.find_first_not_of(" \t", begin), text.size());
    out.push_back({begin, std::string(text.substr(begin, indent - begin)) +
                              comment(rule, language) + newline});
    if (begin == 0) break;
    begin = line_begin(text, begin - 1);
  }
  return out;
}

/// How many findings are shown, of the rule and of all.
struct Shown {
  size_t rule = 0, all = 0;
};

Shown count(const std::vector<Finding>& findings, const Finding& like) {
  Shown out;
  for (const Finding& finding : findings) {
    if (finding.suppressed) continue;
    ++out.all;
    out.rule += finding.rule == like.rule && finding.place.path == like.place.path;
  }
  return out;
}

}  // namespace

Rewritten fixed_text(const Report& report, const std::string& path, const Analyse& analyse,
                     const std::function<bool()>& cancelled) {
  const auto original = report.file(path);
  if (!original) return std::nullopt;
  const engine::LintRound round = [&](const engine::Contents& changed) {
    Overlay overlay = *report.overlay;
    for (const auto& [name, text] : changed) {
      const auto file = report.file(name);
      overlay[name] = file ? with_text(*file, text) : nullptr;
      if (!file) overlay.erase(name);
    }
    std::vector<Finding> findings =
        Analyst::findings_with(report, path, overlay, analyse, cancelled);
    for (Finding& finding : findings) {
      if (!finding.fix) continue;
      const bool elsewhere = finding.place.path != path || finding.suppressed ||
                             std::any_of(finding.fix->edits.begin(), finding.fix->edits.end(),
                                         [&](const Edit& edit) { return edit.place.path != path; });
      if (elsewhere) finding.fix.reset();
    }
    return findings;
  };
  const engine::Contents result =
      engine::fix_all(round, false, [&](const std::string& name) { return report.file(name); });
  const auto it = result.find(path);
  if (cancelled() || it == result.end() || it->second == original->bytes) return std::nullopt;
  return it->second;
}

Rewritten suppressed_text(const Report& report, const Finding& finding, Language language,
                          const Analyse& analyse, const std::function<bool()>& cancelled) {
  const std::string& path = finding.place.path;
  const auto file = report.file(path);
  if (!file || file->kind == FileKind::config) return std::nullopt;
  Source source(*file);
  uint32_t at = finding.place.span.begin;
  if (file->kind == FileKind::notebook) {
    const auto book = notebook::read(*file);
    if (!book) return std::nullopt;
    bool found = false;
    for (const notebook::Cell& cell : book->cells) {
      if (!cell.raw.contains(finding.place.span.begin)) continue;
      const auto inner = cell.text.inner(finding.place.span.begin);
      if (!inner) continue;
      source = cell.text;
      at = *inner;
      found = true;
    }
    if (!found) return std::nullopt;
  }
  const Shown before =
      count(Analyst::findings_with(report, path, *report.overlay, analyse, cancelled), finding);
  const bool comment_lines_only =
      file->kind == FileKind::ssh_config || file->kind == FileKind::setup_cfg;
  for (const Insertion& place :
       places(source.text(), at, finding.rule, comment_lines_only, language)) {
    if (cancelled()) return std::nullopt;
    const auto edit = source.edit({place.at, place.at}, place.text);
    if (!edit) continue;
    std::string text = file->bytes;
    text.replace(edit->place.span.begin, edit->place.span.size(), edit->text);
    Overlay overlay = *report.overlay;
    overlay[path] = with_text(*file, text);
    const Shown after =
        count(Analyst::findings_with(report, path, overlay, analyse, cancelled), finding);
    if (after.rule < before.rule && after.all < before.all) return text;
  }
  return std::nullopt;
}

}  // namespace preflint::lsp
