// Both languages find the same at the same places, and a Chinese report is Chinese throughout.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "support/lint.h"

namespace preflint::testing {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> folders() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(fs::path(PREFLINT_SOURCE_DIR) / "fixtures")) {
    if (entry.is_directory()) out.push_back(fs::canonical(entry.path()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// `path:line:column` and the rule of every line of a concise report.
std::vector<std::string> places(const std::string& report) {
  std::vector<std::string> out;
  std::istringstream lines(report);
  std::string place, rule;
  for (std::string line; std::getline(lines, line);) {
    if (RE2::PartialMatch(line, R"(^(.*:\d+:\d+): \S+\[([A-Z]+\d+)\])", &place, &rule))
      out.push_back(place + " " + rule);
  }
  return out;
}

TEST(Languages, FindTheSame) {
  size_t findings = 0;
  for (const std::string& folder : folders()) {
    const auto english = places(render_folder(folder, output::Format::concise, Language::en));
    EXPECT_EQ(english, places(render_folder(folder, output::Format::concise, Language::zh)))
        << folder;
    findings += english.size();
  }
  EXPECT_GT(findings, 40u);
}

TEST(Languages, AChineseReportIsChinese) {
  for (const std::string& folder : folders()) {
    std::istringstream lines(render_folder(folder, output::Format::text, Language::zh));
    for (std::string line; std::getline(lines, line);) {
      // Frames show the user's own text; code in messages stands in backticks.
      if (line.empty() || line[0] == ' ' || RE2::PartialMatch(line, R"(^\d+ \|)")) continue;
      RE2::GlobalReplace(&line, "`[^`]*`", "");
      // A rule's name is one, and the reason of a suppression is the user's own text.
      RE2::GlobalReplace(&line, R"(\] [a-z0-9-]+:)", "]:");
      RE2::GlobalReplace(&line, "已忽略：.*", "");
      for (const std::string_view word : {"error", "warning", "info[", "help", "note", "suppressed",
                                          "Found ", " the ", " is ", " of ", "fixable"}) {
        const std::string pattern =
            (std::isalpha(static_cast<unsigned char>(word[0])) ? "\\b" : "") +
            RE2::QuoteMeta(word) +
            (std::isalpha(static_cast<unsigned char>(word.back())) ? "\\b" : "");
        EXPECT_FALSE(RE2::PartialMatch(line, pattern)) << folder << ": " << line;
      }
    }
  }
}

}  // namespace
}  // namespace preflint::testing
