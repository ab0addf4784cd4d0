// One engine: for every fixture and conformance case the server says what the command line says,
// whether files lie on disk or are open in the editor.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "lsp/editor.h"
#include "output/position.h"
#include "output/report.h"
#include "workspace/lint.h"

namespace preflint::lsp {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> projects() {
  std::vector<std::string> out;
  const fs::path root(PREFLINT_SOURCE_DIR);
  for (const fs::path& cases : {root / "fixtures", root / ".." / "shared" / "conformance"}) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(cases, none)) {
      if (entry.is_directory()) out.push_back(fs::canonical(entry.path()));
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string line(const std::string& path, const std::string& range, const std::string& rule,
                 int severity, const std::string& message) {
  return path + " " + range + " " + rule + " " + std::to_string(severity) + " " + message;
}

std::string range_text(const Json& range) {
  const auto at = [](const Json& one) {
    return std::to_string(one["line"].get<int>()) + ":" +
           std::to_string(one["character"].get<int>());
  };
  return at(range["start"]) + "-" + at(range["end"]);
}

/// What the command line finds, in the form of the protocol.
std::map<std::string, std::vector<std::string>> by_command_line(const std::string& folder) {
  workspace::LintRequest request;
  request.paths = {folder};
  const workspace::LintResult result = workspace::lint(request);
  std::map<std::string, std::vector<std::string>> out;
  for (const Finding& finding : result.findings) {
    if (finding.suppressed || finding.severity < Severity::warning) continue;
    const auto file = result.file(finding.place.path);
    if (!file) continue;
    const output::LineIndex index(file->bytes);
    const auto at = [&](uint32_t offset) {
      const output::Position position = index.position(offset);
      return std::to_string(position.line - 1) + ":" + std::to_string(position.column - 1);
    };
    const std::string range = at(finding.place.span.begin) + "-" + at(finding.place.span.end);
    out[finding.place.path].push_back(
        line(finding.place.path, range, finding.rule, finding.severity == Severity::error ? 1 : 2,
             output::message_of(finding, result.rule(finding.rule), Language::en)));
  }
  for (auto& [path, lines] : out) std::sort(lines.begin(), lines.end());
  return out;
}

std::vector<std::string> by_server(Editor& editor, const std::string& path) {
  std::vector<std::string> out;
  for (const Json& one : editor.pull(uri_of(path))) {
    out.push_back(
        line(path, range_text(one["range"]), one["code"], one["severity"], one["message"]));
  }
  std::sort(out.begin(), out.end());
  return out;
}

class Fixture : public ::testing::TestWithParam<std::string> {};

TEST_P(Fixture, IsTheSameForTheServerAndTheCommandLine) {
  auto expected = by_command_line(GetParam());
  Editor editor;
  editor.initialize(GetParam(), {{"general", {{"positionEncodings", {"utf-32"}}}},
                                 {"textDocument", {{"diagnostic", Json::object()}}}});
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(GetParam())) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  for (const std::string& path : files)
    EXPECT_EQ(by_server(editor, path), expected[path]) << "on disk";
  for (const std::string& path : files) {
    if (path.ends_with(".ipynb")) continue;  // those are opened as cells
    std::ifstream in(path, std::ios::binary);
    editor.open(uri_of(path), {std::istreambuf_iterator<char>(in), {}});
  }
  for (const std::string& path : files)
    EXPECT_EQ(by_server(editor, path), expected[path]) << "open";
  EXPECT_EQ(editor.leave(), 0);
}

std::string project_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string out = std::to_string(info.index) + "_";
  for (const char c : fs::path(info.param).filename().string()) {
    out += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  }
  return out;
}

INSTANTIATE_TEST_SUITE_P(Server, Fixture, ::testing::ValuesIn(projects()), project_name);

}  // namespace
}  // namespace preflint::lsp
