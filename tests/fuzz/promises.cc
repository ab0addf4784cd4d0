#include "fuzz/promises.h"

#include <cstdio>
#include <cstdlib>
#include <map>

#include "catalog/builtin.h"
#include "catalog/setup.h"
#include "engine/engine.h"
#include "engine/fixes.h"
#include "fuzz/mutate.h"
#include "nlohmann/json.hpp"
#include "output/render.h"
#include "syntax/document.h"

namespace preflint::fuzz {
namespace {

constexpr std::string_view kRoot = "/project";

/// One project and what linting it takes.
class Linter {
 public:
  Linter(const testing::Files& files, std::string_view config) : files_(files), reader_(files) {
    catalog::FileAccess access;
    const std::string path = std::string(kRoot) + "/preflint.yaml";
    access.read = [&](const std::string& wanted) -> std::optional<std::string> {
      if (wanted == path) return std::string(config);
      const auto file = reader_.open(wanted);
      return file ? std::optional(file->bytes) : std::nullopt;
    };
    setup_ = config.empty() ? catalog::default_setup(std::string(kRoot))
                            : catalog::read_setup(path, access);
  }

  bool usable() const { return setup_->profile != nullptr; }

  std::vector<Finding> lint(const engine::Contents& changed = {}, bool everything = false) const {
    testing::Files now = files_;
    for (const auto& [path, text] : changed) now[path.substr(kRoot.size() + 1)] = text;
    const testing::MemoryReader reader(now);
    engine::Request request;
    request.root = kRoot;
    request.files = reader.linted();
    request.reader = &reader;
    request.config = &setup_->config;
    request.profile = setup_->profile;
    for (const catalog::LoadedRule& rule : setup_->user_rules)
      request.user_rules.push_back(&rule.rule);
    request.selected = [](const catalog::Rule&) { return true; };
    request.cancelled = [] { return false; };
    request.everything = everything;
    request.questions = questions(request);
    return engine::analyse(request);
  }

  std::shared_ptr<const File> open(const std::string& path) const { return reader_.open(path); }
  const catalog::Rule* rule(std::string_view id) const { return setup_->rule(id); }

 private:
  /// Put together once, they take most of the time of a small project: those of the built-in
  /// profile for all inputs.
  std::shared_ptr<const project::Questions> questions(const engine::Request& request) const {
    static const std::shared_ptr<const catalog::Setup> kDefault =
        catalog::default_setup(std::string(kRoot));
    static std::shared_ptr<const project::Questions> of_default;
    const bool plain = setup_->profile == kDefault->profile && setup_->user_rules.empty();
    std::shared_ptr<const project::Questions>& known = plain ? of_default : questions_;
    if (!known) known = engine::questions(request);
    return known;
  }

  testing::Files files_;
  testing::MemoryReader reader_;
  std::shared_ptr<const catalog::Setup> setup_;
  mutable std::shared_ptr<const project::Questions> questions_;
};

std::string sentence(const Finding& finding) {
  std::string out = finding.rule + " " + finding.place.path + " " +
                    std::to_string(finding.place.span.begin) + "-" +
                    std::to_string(finding.place.span.end) + " " + finding.message;
  for (const auto& [name, value] : finding.arguments) out += " " + name + "=" + value;
  if (!finding.fix) return out;
  for (const Edit& edit : finding.fix->edits) {
    out += " [" + edit.place.path + " " + std::to_string(edit.place.span.begin) + "-" +
           std::to_string(edit.place.span.end) + " " + edit.text + "]";
  }
  return out;
}

std::string sentences(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) out += sentence(finding) + "\n";
  return out;
}

void check_place(const Linter& linter, const Place& place, const Finding& finding) {
  const auto file = linter.open(place.path);
  require(file != nullptr, "the place of " + sentence(finding) + " is in no file of the project");
  check_span(place.span, file->bytes, sentence(finding));
}

void check_formats(const Linter& linter, const std::vector<Finding>& findings) {
  output::Report report;
  report.findings = findings;
  report.file = [&](const std::string& path) { return linter.open(path); };
  report.rules.rule = [&](std::string_view id) { return linter.rule(id); };
  report.rules.note = catalog::common_note;
  report.directory = report.root = kRoot;
  report.show_suppressed = true;
  for (const Language language : {Language::en, Language::zh}) {
    report.language = language;
    check_terminal(output::render(output::Format::text, report));
  }
  for (const output::Format format : {output::Format::json, output::Format::sarif}) {
    require(nlohmann::json::accept(output::render(format, report)), "the output is not JSON");
  }
}

size_t syntax_errors(const std::vector<Finding>& findings) {
  size_t out = 0;
  for (const Finding& finding : findings) out += finding.rule == "PFL002";
  return out;
}

void check_fixes(const Linter& linter, const std::vector<Finding>& findings) {
  bool some = false;
  for (const Finding& finding : findings) some = some || finding.fix;
  if (!some) return;
  // What a round finds is asked for again: after all fixes, and before the second time.
  std::map<engine::Contents, std::vector<Finding>> known{{{}, findings}};
  const auto lint = [&](const engine::Contents& changed) -> const std::vector<Finding>& {
    const auto it = known.find(changed);
    return it != known.end() ? it->second : known[changed] = linter.lint(changed);
  };
  const engine::Contents fixed =
      engine::fix_all(lint, true, [&](const std::string& path) { return linter.open(path); });
  if (fixed.empty()) return;
  const std::vector<Finding> after = lint(fixed);
  require(syntax_errors(after) <= syntax_errors(findings),
          "a fixed file parses worse: " + sentences(after));
  const engine::FileLookup then = [&](const std::string& path) -> std::shared_ptr<const File> {
    const auto file = linter.open(path);
    const auto text = fixed.find(path);
    if (!file || text == fixed.end()) return file;
    return std::make_shared<const File>(File{path, file->kind, text->second});
  };
  const engine::LintRound again = [&](const engine::Contents& changed) {
    engine::Contents all = fixed;
    for (const auto& [path, text] : changed) all[path] = text;
    return lint(all);
  };
  for (const auto& [path, text] : engine::fix_all(again, true, then)) {
    require(false, "fixing twice changes " + path + " again:\n" + fixed.at(path) + "\n→\n" + text);
  }
}

/// Is the input one of those that are looked at more closely?
bool chosen(const testing::Files& files) {
  uint64_t sum = 0;
  for (const auto& [path, text] : files) sum += hash(text);
  return sum % one_in == 0;
}

}  // namespace

void require(bool promise, std::string_view sentence) {
  if (promise) return;
  std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(sentence.size()),
               sentence.data());
  std::abort();
}

void check_span(Span span, std::string_view text, std::string_view what) {
  require(span.begin <= span.end, std::string("begins behind its end: ") + std::string(what));
  require(span.end <= text.size(),
          std::string("reaches past the end of the text: ") + std::string(what));
  if (invalid_utf8(text)) return;
  for (const uint32_t at : {span.begin, span.end}) {
    require(at == text.size() || (static_cast<uint8_t>(text[at]) & 0xC0) != 0x80,
            std::string("cuts a character: ") + std::string(what));
  }
}

void check_terminal(std::string_view text) {
  for (const char c : text) {
    require(static_cast<uint8_t>(c) >= 0x20 || c == '\n',
            "a control character in the text output: " + std::string(text));
    require(c != 0x7F, "DEL in the text output");
  }
  require(!invalid_utf8(text), "the text output is not UTF-8");
}

/// Without what tells how far a text could be followed: where no rule asks, nobody tries.
std::vector<Finding> about_code(std::vector<Finding> findings) {
  std::erase_if(findings, [](const Finding& finding) {
    return finding.rule == "PFL005" || finding.rule == "PFL006";
  });
  return findings;
}

void check_project(const testing::Files& files, std::string_view config) {
  const Linter linter(files, config);
  if (!linter.usable()) return;
  const std::vector<Finding> findings = linter.lint();
  for (const Finding& finding : findings) {
    check_place(linter, finding.place, finding);
    for (const Note& note : finding.related) check_place(linter, note.place, finding);
    for (const Note& note : finding.chain) check_place(linter, note.place, finding);
    if (!finding.fix) continue;
    for (const Edit& edit : finding.fix->edits) check_place(linter, edit.place, finding);
  }
  const bool closely = chosen(files);
  if (closely) {
    require(sentences(findings) == sentences(linter.lint()),
            "the same project was judged in two ways");
    check_formats(linter, findings);
  }
  const std::string some = sentences(about_code(findings)),
                    all = sentences(about_code(linter.lint({}, true)));
  require(some == all, "looking at every file finds something else:\n" + some + "→\n" + all);
  check_fixes(linter, findings);
}

}  // namespace preflint::fuzz
