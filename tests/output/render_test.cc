#include "output/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "output/fingerprint.h"
#include "output/words.h"

namespace preflint::output {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kGotchas[] = {"AD1"};
constexpr catalog::NamedWords kNotes[] = {{"later", {"`{call}` also runs", "`{call}` 也会执行"}}};

catalog::Rule rule() {
  catalog::Rule rule;
  rule.id = "NET001";
  rule.name = "network-hook-missing";
  rule.gotchas = kGotchas;
  rule.severity = Severity::error;
  rule.precision = "high";
  rule.summary = {"A call without the hook", "未启用加速就访问外网"};
  rule.message = {"`{call}` runs before the hook", "`{call}` 在启用加速之前执行"};
  rule.why = {"It hangs.", "会卡住。"};
  rule.advice = {"Source the hook first.", "先启用加速。"};
  rule.notes = kNotes;
  return rule;
}

/// A report on files given as text.
class Sample {
 public:
  Sample() : rule_(rule()) {
    report.directory = report.root = "/p";
    report.version = "1.2.3";
    report.files = 1;
    report.file = [this](const std::string& path) {
      const auto it = files_.find(path);
      return it == files_.end() ? nullptr : it->second;
    };
    report.rules.rule = [this](std::string_view id) { return id == "NET001" ? &rule_ : nullptr; };
  }

  void file(const std::string& path, std::string bytes, FileKind kind = FileKind::shell) {
    files_[path] = std::make_shared<File>(File{path, kind, std::move(bytes)});
  }

  Finding& find(const std::string& path, std::string_view what) {
    const size_t at = files_.at(path)->bytes.find(what);
    Finding finding;
    finding.rule = "NET001";
    finding.severity = Severity::error;
    finding.place = {path, {static_cast<uint32_t>(at), static_cast<uint32_t>(at + what.size())}};
    finding.arguments["call"] = "git clone";
    return report.findings.emplace_back(std::move(finding));
  }

  Report report;

 private:
  catalog::Rule rule_;
  std::map<std::string, std::shared_ptr<const File>> files_;
};

TEST(Words, NameWhatPythonPutsIntoACommandAsItsAuthorDid) {
  EXPECT_EQ(fill("`{path}`", {{"path", "logs/$__py_Clone/a-${__py_step}.pth"}}, Language::en),
            "`logs/{Clone}/a-{step}.pth`");
  // pydantic.BaseModel.model_validate_json().request.job_id, time.time()
  EXPECT_EQ(fill("`{path}`",
                 {{"path",
                   "jobs/$__py_pydantic_BaseModel_model_validate_json___job_id/$__py_time_time__"}},
                 Language::en),
            "`jobs/{job_id}/{time_time}`");
}

TEST(Text, CaretStandsUnderWideText) {
  Sample sample;
  sample.file("/p/run.sh", "echo 你好 && git clone x\n");
  sample.find("/p/run.sh", "git clone x");
  EXPECT_EQ(render_text(sample.report),
            "error[NET001] network-hook-missing: `git clone` runs before the hook\n"
            " --> run.sh:1:12\n"
            "  |\n"
            "1 | echo 你好 && git clone x\n"
            "  |              ^^^^^^^^^^^\n"
            "help: Source the hook first.\n"
            "\n"
            "Found 1 error in 1 of 1 file.\n");
  sample.report.language = Language::zh;
  EXPECT_THAT(render_text(sample.report),
              HasSubstr("错误[NET001] network-hook-missing: `git clone` 在启用加速之前执行"));
}

TEST(Text, ColorOnlyWhenAsked) {
  Sample sample;
  sample.file("/p/run.sh", "git clone x\n");
  sample.find("/p/run.sh", "git clone x");
  EXPECT_THAT(render_text(sample.report), Not(HasSubstr("\x1b")));
  sample.report.color = true;
  EXPECT_THAT(render_text(sample.report), HasSubstr("\x1b[1;31merror[NET001]\x1b[0m"));
}

TEST(Text, HostileBytesAreShownNotObeyed) {
  Sample sample;
  sample.file("/p/a\x1b[2J.sh", "git \x1b[31m clone\x07 \xff x\n");
  sample.find("/p/a\x1b[2J.sh", "clone").arguments["call"] = "\x1b]0;owned\x07";
  for (const Format format : {Format::text, Format::concise}) {
    EXPECT_THAT(render(format, sample.report), Not(HasSubstr("\x1b")));
    EXPECT_THAT(render(format, sample.report), Not(HasSubstr("\x07")));
  }
}

TEST(Text, LongLinesAreShownAroundThePlace) {
  Sample sample;
  sample.file("/p/run.sh", std::string(100'000, 'a') + " git clone " + std::string(100'000, 'b'));
  sample.find("/p/run.sh", "git clone");
  const std::string text = render_text(sample.report);
  EXPECT_LT(text.size(), 2000u);
  EXPECT_THAT(text, HasSubstr("run.sh:1:100002"));
  EXPECT_THAT(text, HasSubstr("a git clone b"));
}

constexpr std::string_view kNotebook = R"({"cells": [
  {"cell_type": "markdown", "source": "# Run"},
  {"cell_type": "code", "outputs": [{"text": "git clone out"}], "source": [
    "x = \"\u4f60\"\n",
    "!echo \u4f60 && git clone x\n",
    "y = 1"]}
], "nbformat": 4})";

TEST(Notebook, PlacesAreInTheCellAndInTheFile) {
  Sample sample;
  sample.file("/p/a.ipynb", std::string(kNotebook), FileKind::notebook);
  sample.find("/p/a.ipynb", "git clone x");
  Locator locator(sample.report);
  const Spot spot = items(sample.report, locator, true).front().spot;
  EXPECT_EQ(spot.cell, 1u);
  EXPECT_EQ(spot.range.begin, (Position{2, 12}));
  EXPECT_EQ(spot.range.end, (Position{2, 23}));
  EXPECT_EQ(spot.raw.begin, (Position{5, 22}));
  EXPECT_EQ(spot.text, "!echo 你 && git clone x");
  EXPECT_EQ(spot.text.substr(spot.mark.begin, spot.mark.size()), "git clone x");
  EXPECT_THAT(render_text(sample.report), HasSubstr("a.ipynb:cell 1:2:12\n"));
}

TEST(Notebook, APlaceThatGoesOnEndsWithItsCellOrLine) {
  Sample sample;
  sample.file("/p/a.ipynb", std::string(kNotebook), FileKind::notebook);
  sample.find("/p/a.ipynb", "git clone x\\n\",\n    \"y = 1\"]}\n], \"nbformat");
  Locator locator(sample.report);
  const Spot spot = items(sample.report, locator, true).front().spot;
  EXPECT_EQ(spot.range.begin, (Position{2, 12}));
  EXPECT_EQ(spot.range.end, (Position{3, 6}));
  EXPECT_TRUE(spot.more);
}

TEST(Notebook, APlaceOutsideOfItsSourceIsOneOfTheFile) {
  Sample sample;
  sample.file("/p/a.ipynb", std::string(kNotebook), FileKind::notebook);
  sample.find("/p/a.ipynb", "git clone out");
  Locator locator(sample.report);
  const Spot spot = items(sample.report, locator, true).front().spot;
  EXPECT_FALSE(spot.cell);
  EXPECT_EQ(spot.range.begin, (Position{3, 47}));
}

TEST(Text, RelatedPlacesAndManyLines) {
  Sample sample;
  sample.file("/p/run.sh", "git clone \\\n  x\n");
  sample.file("/p/sub/b.sh", "\n\ncurl y\n");
  Finding& finding = sample.find("/p/run.sh", "git clone \\\n  x");
  finding.related.push_back({{"/p/sub/b.sh", {2, 8}}, "later", {{"call", "curl y"}}});
  const std::string text = render_text(sample.report);
  EXPECT_THAT(text, HasSubstr("1 | git clone \\\n  | ^^^^^^^^^^^…\n"));
  EXPECT_THAT(
      text,
      HasSubstr("note: `curl y` also runs\n --> sub/b.sh:3:1\n  |\n3 | curl y\n  | ------\n"));
}

TEST(Text, WhatIsTheSameInOneFileIsDrawnOnce) {
  Sample sample;
  sample.file("/p/run.sh", "git clone a\ngit clone b\n\ngit clone c\ngit clone d\n");
  for (const char* what : {"git clone a", "git clone b", "git clone c"})
    sample.find("/p/run.sh", what);
  EXPECT_THAT(render_text(sample.report), HasSubstr("run.sh:4:1"));
  sample.find("/p/run.sh", "git clone d");
  const std::string text = render_text(sample.report);
  EXPECT_THAT(text, HasSubstr("run.sh:1:1"));
  EXPECT_THAT(text, HasSubstr("  … and the same 3 times more in this file: lines 2, 4, 5\n"));
  EXPECT_THAT(text, Not(HasSubstr("run.sh:4:1")));
  EXPECT_THAT(text, HasSubstr("Found 4 errors"));
}

TEST(Text, WhatCostsMostIsAnnouncedAtBothEnds) {
  Sample sample;
  sample.file("/p/a.sh", "git clone x\npip y\nwget z\ncurl a\nnpm b\n");
  sample.file("/p/b.sh", "git clone x\n");
  for (const char* what : {"git clone x", "pip y", "wget z", "curl a", "npm b"})
    sample.find("/p/a.sh", what).severity = Severity::warning;
  EXPECT_THAT(render_text(sample.report), Not(HasSubstr("Look first")));
  sample.find("/p/b.sh", "git clone x");
  const std::string text = render_text(sample.report);
  constexpr std::string_view kLine = "Look first at b.sh:1:1 (NET001 network-hook-missing).\n";
  EXPECT_TRUE(text.starts_with(std::string(kLine) + "\n"));
  EXPECT_THAT(text, HasSubstr("\n" + std::string(kLine) + "Found "));
}

TEST(Concise, OneLineEach) {
  Sample sample;
  sample.file("/p/run.sh", "\n git clone x\n");
  sample.find("/p/run.sh", "git clone x");
  EXPECT_EQ(render_concise(sample.report),
            "run.sh:2:2: error[NET001] `git clone` runs before the hook\n");
}

TEST(Json, CarriesTheContract) {
  Sample sample;
  sample.file("/p/run.sh", "é git clone x\n");
  Finding& finding = sample.find("/p/run.sh", "git clone x");
  finding.fix = Fix{Applicability::safe, {{{"/p/run.sh", {0, 0}}, "source h\n"}}};
  const json all = json::parse(render_json(sample.report));
  const json one = all.at("findings").at(0);
  EXPECT_EQ(one, json::parse(render_jsonl(sample.report)));
  EXPECT_EQ(one.at("rule"), "NET001");
  EXPECT_EQ(one.at("gotcha"), json::array({"AD1"}));
  EXPECT_EQ(one.at("path"), "run.sh");
  EXPECT_EQ(one.at("line"), 1);
  EXPECT_EQ(one.at("column"), 3);
  EXPECT_EQ(one.at("endColumn"), 14);
  EXPECT_TRUE(one.at("cell").is_null());
  EXPECT_EQ(one.at("fix").at("edits").at(0).at("text"), "source h\n");
  EXPECT_EQ(one.at("suppressed"), false);
}

TEST(Json, InvalidUtf8NeverBreaksAFormat) {
  Sample sample;
  sample.file("/p/\xff.sh", "git clone \xfe\n");
  sample.find("/p/\xff.sh", "git clone \xfe").arguments["call"] = "\xc3\x28\x01";
  for (const Format format : {Format::json, Format::sarif, Format::gitlab, Format::rdjson}) {
    EXPECT_TRUE(json::accept(render(format, sample.report)));
  }
}

TEST(Sarif, RegionsAreOnOneLineAndFingerprintsAreGitHubs) {
  Sample sample;
  sample.file("/p/run.sh", " a\nb\n  \t\tc\n d");
  Finding& finding = sample.find("/p/run.sh", "b\n  \t\tc");
  finding.chain.push_back({{"/p/run.sh", {0, 2}}, "later", {{"call", "a"}}});
  const json run = json::parse(render_sarif(sample.report)).at("runs").at(0);
  const json result = run.at("results").at(0);
  EXPECT_EQ(result.at("locations").at(0).at("physicalLocation").at("region"),
            json::parse(R"({"startLine":2,"startColumn":1,"endLine":2,"endColumn":2})"));
  EXPECT_EQ(result.at("partialFingerprints").at("primaryLocationLineHash"), "54703d4cd895b18:1");
  EXPECT_EQ(result.at("codeFlows").at(0).at("threadFlows").at(0).at("locations").size(), 2u);
  EXPECT_EQ(run.at("columnKind"), "unicodeCodePoints");
}

TEST(Sarif, SuppressedFindingsSaySo) {
  Sample sample;
  sample.file("/p/run.sh", "git clone x\n");
  Finding& finding = sample.find("/p/run.sh", "git clone x");
  finding.suppressed = true;
  finding.suppression_reason = "mirror on this box";
  const json result = json::parse(render_sarif(sample.report)).at("runs").at(0).at("results").at(0);
  EXPECT_EQ(result.at("suppressions").at(0).at("justification"), "mirror on this box");
  EXPECT_EQ(render_concise(sample.report), "");
}

TEST(GitHub, EscapesWhatCommandsReserve) {
  Sample sample;
  sample.file("/p/a,b:c.sh", "git clone x\n");
  sample.find("/p/a,b:c.sh", "git clone x").arguments["call"] = "100%\n::error::x";
  EXPECT_EQ(
      render_github(sample.report),
      "::error file=a%2Cb%3Ac.sh,line=1,col=1,endColumn=12,title=NET001 network-hook-missing::"
      "`100%25 ::error::x` runs before the hook%0ASource the hook first.\n");
}

TEST(Xml, EscapesAndNeverHoldsControlCharacters) {
  Sample sample;
  sample.file("/p/a&b.sh", "git clone x\n");
  sample.find("/p/a&b.sh", "git clone x").arguments["call"] = "<a \"b\">\x01";
  for (const Format format : {Format::checkstyle, Format::junit}) {
    const std::string xml = render(format, sample.report);
    EXPECT_THAT(xml, HasSubstr("a&amp;b.sh"));
    EXPECT_THAT(xml, HasSubstr("&lt;a &quot;b&quot;&gt;\uFFFD"));
    EXPECT_THAT(xml, Not(HasSubstr("\x01")));
  }
}

TEST(Fingerprints, AreGitHubsForItsOwnExamples) {
  EXPECT_EQ(line_hashes(""), std::vector<std::string>{"c129715d7a2bc9a3:1"});
  EXPECT_EQ(line_hashes(" a\nb\n  \t\tc\n d"),
            (std::vector<std::string>{"271789c17abda88f:1", "54703d4cd895b18:1",
                                      "180aee12dab6264:1", "a23a3dc5e078b07b:1"}));
  const std::vector<std::string> greeting = {
      "e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1",
      "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1"};
  EXPECT_EQ(line_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n"), greeting);
  EXPECT_EQ(line_hashes(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r"), greeting);
  EXPECT_EQ(line_hashes(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n"), greeting);
}

TEST(Paths, AreRelativeToTheDirectory) {
  EXPECT_EQ(relative("/a/b/c", "/a/b"), "c");
  EXPECT_EQ(relative("/a/b/c", "/a/d/e"), "../../b/c");
  EXPECT_EQ(relative("/a/b", "/a/b"), ".");
  EXPECT_EQ(relative("/a/bc", "/a/b"), "../bc");
  EXPECT_EQ(relative("/x/y", "/a"), "/x/y");
  EXPECT_EQ(relative("/x", "/"), "x");
}

}  // namespace
}  // namespace preflint::output
