#include "support/lint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "catalog/builtin.h"
#include "catalog/setup.h"
#include "engine/engine.h"
#include "engine/fixes.h"
#include "output/report.h"
#include "project/file_kind.h"
#include "workspace/lint.h"

namespace preflint::testing {
namespace {

constexpr std::string_view kRoot = "/project";

/// Mutation: a rule that finds nothing, so that a test should fail (tests/mutation/run.sh).
bool left_out(std::string_view rule) {
  static const char* const kWithout = std::getenv("PREFLINT_TEST_WITHOUT");
  return kWithout && rule == kWithout;
}

std::string absolute(const std::string& path) { return std::string(kRoot) + "/" + path; }

}  // namespace

MemoryReader::MemoryReader(const Files& files) {
  for (const auto& [path, text] : files) {
    FileKind kind = FileKind::other;
    if (const auto named = project::kind_by_name(path)) {
      kind = *named;
    } else if (const auto shebang = project::kind_by_shebang(text)) {
      kind = *shebang;
    }
    files_[absolute(path)] = std::make_shared<const File>(File{absolute(path), kind, text});
  }
}

std::shared_ptr<const File> MemoryReader::open(const std::string& path) const {
  const auto it = files_.find(path);
  return it == files_.end() ? nullptr : it->second;
}

bool MemoryReader::directory(const std::string& path) const {
  const auto it = files_.lower_bound(path + "/");
  return path == kRoot || (it != files_.end() && it->first.starts_with(path + "/"));
}

std::vector<std::string> MemoryReader::names(const std::string& folder) const {
  return project::names_in(files_, folder);
}

std::vector<std::shared_ptr<const File>> MemoryReader::linted() const {
  std::vector<std::shared_ptr<const File>> list;
  for (const auto& [path, file] : files_) {
    if (file->kind != FileKind::other && file->kind != FileKind::config) list.push_back(file);
  }
  return list;
}

namespace {

/// The configuration in force under /project.
std::shared_ptr<const catalog::Setup> setup_of(const MemoryReader& reader,
                                               const LintOptions& options) {
  const std::string path = absolute("preflint.yaml");
  const auto own = reader.open(path);
  if (options.config.empty() && !own) return catalog::default_setup(std::string(kRoot));
  catalog::FileAccess access;
  access.read = [&](const std::string& wanted) -> std::optional<std::string> {
    if (wanted == path && !options.config.empty()) return options.config;
    const auto file = reader.open(wanted);
    return file ? std::optional(file->bytes) : std::nullopt;
  };
  return catalog::read_setup(path, access);
}

using Lookup = std::function<std::shared_ptr<const File>(const std::string&)>;

/// Findings in the terms of a test, with paths seen from `root`.
std::vector<Found> describe(std::vector<Finding> findings, const Lookup& file,
                            const std::function<const catalog::Rule*(std::string_view)>& rule,
                            const std::string& root, Severity floor) {
  output::Report report;
  report.findings = std::move(findings);
  report.file = file;
  report.rules.rule = rule;
  report.rules.note = catalog::common_note;
  report.directory = report.root = root;
  output::Locator locator(report);
  std::vector<Found> found;
  for (const output::Item& item : output::items(report, locator, false)) {
    const Finding& finding = *item.finding;
    if (finding.severity < floor || left_out(finding.rule)) continue;
    Found one;
    one.rule = finding.rule;
    one.path = output::relative(finding.place.path, root);
    one.severity = finding.severity;
    one.line = static_cast<int>(item.spot.range.begin.line);
    one.column = static_cast<int>(item.spot.range.begin.column);
    one.cell = item.spot.cell ? static_cast<int>(*item.spot.cell) : -1;
    one.span = finding.place.span;
    if (const auto in = file(finding.place.path); in && one.span.end <= in->bytes.size()) {
      one.text = in->bytes.substr(one.span.begin, one.span.size());
    }
    one.message = item.message;
    one.finding = finding;
    found.push_back(std::move(one));
  }
  return found;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::vector<Found> lint(const Files& files, const LintOptions& options) {
  const MemoryReader reader(files);
  const auto setup = setup_of(reader, options);
  for (const catalog::SetupProblem& problem : setup->problems) {
    ADD_FAILURE() << problem.path << ": " << problem.error.message;
  }
  engine::Request request;
  request.root = kRoot;
  request.files = reader.linted();
  request.reader = &reader;
  request.config = &setup->config;
  request.profile = setup->profile;
  request.user_rules = options.user_rules;
  request.everything = options.everything;
  request.selected = [&](const catalog::Rule& rule) {
    return options.only.empty() || rule.id == options.only;
  };
  request.cancelled = [] { return false; };
  const auto rule = [&](std::string_view id) -> const catalog::Rule* {
    for (const catalog::Rule* own : options.user_rules) {
      if (own->id == id) return own;
    }
    return setup->rule(id);
  };
  return describe(
      engine::analyse(request), [&](const std::string& path) { return reader.open(path); }, rule,
      std::string(kRoot), options.floor);
}

namespace {

workspace::LintResult result_of(const std::string& folder) {
  workspace::LintRequest request;
  request.paths = {folder};
  request.ceiling = folder;
  request.select = {"ALL"};
  workspace::LintResult result = workspace::lint(request);
  std::erase_if(result.findings, [&](const Finding& finding) {
    return finding.place.path.starts_with(folder + "/fixed/");
  });
  return result;
}

}  // namespace

std::string render_folder(const std::string& folder, output::Format format, Language language) {
  const workspace::LintResult result = result_of(folder);
  output::Report report;
  report.findings = result.findings;
  report.file = [&](const std::string& path) { return result.file(path); };
  report.rules.rule = [&](std::string_view id) { return result.rule(id); };
  report.rules.note = catalog::common_note;
  report.directory = report.root = folder;
  report.version = "0.0.0";
  report.language = language;
  report.show_suppressed = true;
  return output::render(format, report);
}

std::vector<Found> lint_folder(const std::string& folder, Severity floor) {
  workspace::LintResult result = result_of(folder);
  return describe(
      std::move(result.findings), [&](const std::string& path) { return result.file(path); },
      [&](std::string_view id) { return result.rule(id); }, folder, floor);
}

Files read_folder(const std::string& folder) {
  Files files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = std::filesystem::relative(entry.path(), folder);
    if (entry.is_regular_file() && !path.starts_with("fixed/") && path != "expected.txt" &&
        path != "severity.txt") {
      files[path] = read(entry.path());
    }
  }
  return files;
}

std::vector<std::string> mismatches(std::string_view rule, const std::string& path,
                                    std::string_view text, std::string_view config) {
  const Marked expected = marked(text);
  std::vector<std::string> sentences;
  std::vector<Span> spans;
  for (const Found& one :
       lint({{path, expected.text}}, {.config = std::string(config), .floor = Severity::info})) {
    if (one.rule != rule) continue;
    spans.push_back(one.span);
    if (std::find(expected.spans.begin(), expected.spans.end(), one.span) == expected.spans.end()) {
      sentences.push_back("unmarked: `" + one.text + "`: " + one.message);
    }
  }
  for (const Span span : expected.spans) {
    if (std::find(spans.begin(), spans.end(), span) == spans.end()) {
      sentences.push_back("missing: `" + expected.text.substr(span.begin, span.size()) + "`");
    }
  }
  return sentences;
}

Files fixed(const Files& files, const LintOptions& options, bool unsafe, std::string_view rule) {
  const auto with = [&](const engine::Contents& changed) {
    Files now = files;
    for (const auto& [path, text] : changed) now[output::relative(path, kRoot)] = text;
    return now;
  };
  const engine::LintRound round = [&](const engine::Contents& changed) {
    std::vector<Finding> findings;
    LintOptions shown = options;
    if (!rule.empty()) shown.floor = Severity::info;
    for (const Found& one : lint(with(changed), shown)) {
      if (rule.empty() || one.rule == rule || one.rule == "PFL002") findings.push_back(one.finding);
    }
    return findings;
  };
  const MemoryReader reader(files);
  return with(
      engine::fix_all(round, unsafe, [&](const std::string& path) { return reader.open(path); }));
}

}  // namespace preflint::testing
