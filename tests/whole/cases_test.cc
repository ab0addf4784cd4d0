// Whole projects whose findings are marked, compared exhaustively: fixtures/ and the conformance
// cases beside the checkout; and every example of every rule.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "catalog/builtin.h"
#include "support/lint.h"
#include "support/marks.h"
#include "workspace/examples.h"

namespace preflint::testing {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> folders(const fs::path& parent) {
  std::vector<std::string> list;
  if (!fs::is_directory(parent)) return list;
  for (const auto& entry : fs::directory_iterator(parent)) {
    if (entry.is_directory()) list.push_back(fs::canonical(entry.path()));
  }
  std::sort(list.begin(), list.end());
  return list;
}

std::vector<std::string> conformance() {
  const fs::path cases = fs::path(PREFLINT_SOURCE_DIR) / ".." / "shared" / "conformance";
  if (!fs::is_directory(cases)) std::puts("note: no conformance cases beside this checkout");
  return folders(cases);
}

std::vector<std::string> fixtures() { return folders(fs::path(PREFLINT_SOURCE_DIR) / "fixtures"); }

/// Every mark of a case, from its files and from expected.txt.
std::vector<Mark> marks_of(const std::string& folder) {
  std::vector<Mark> marks;
  for (const auto& [path, text] : read_folder(folder)) {
    for (Mark& mark : inline_marks(path, text)) marks.push_back(std::move(mark));
  }
  std::vector<std::string> errors;
  for (Mark& mark : listed_marks(content(fs::path(folder) / "expected.txt"), errors))
    marks.push_back(std::move(mark));
  for (const std::string& error : errors) ADD_FAILURE() << folder << "/expected.txt: " << error;
  return marks;
}

/// The lowest severity that counts in a case: severity.txt, warning without one.
Severity floor_of(const std::string& folder) {
  const std::string text = content(fs::path(folder) / "severity.txt");
  return text.starts_with("info")    ? Severity::info
         : text.starts_with("error") ? Severity::error
                                     : Severity::warning;
}

std::string case_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = fs::path(info.param).filename();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); },
      '_');
  return name;
}

class Case : public ::testing::TestWithParam<std::string> {};

TEST_P(Case, HasExactlyItsMarks) {
  const std::string& folder = GetParam();
  std::vector<Mark> found;
  std::string details;
  for (const Found& one : lint_folder(folder, floor_of(folder))) {
    if (one.suppressed) continue;
    found.push_back(one.mark());
    details += "  " + to_string(one.mark()) + " " + one.message + "\n";
  }
  std::vector<Mark> expected = marks_of(folder);
  const auto unbuilt =
      std::erase_if(expected, [](const Mark& mark) { return !catalog::find_builtin(mark.rule); });
  if (unbuilt > 0)
    std::printf("note: %s: %zu marks of rules that are not built yet\n", folder.c_str(), unbuilt);
  const auto wrong = differences(std::move(expected), found);
  for (const std::string& sentence : wrong) ADD_FAILURE() << sentence;
  if (!wrong.empty()) ADD_FAILURE() << "what was found in " << folder << ":\n" << details;
}

/// Does bash read the text without a complaint?
bool accepted(const fs::path& scratch, const std::string& text) {
  std::ofstream(scratch, std::ios::binary) << text;
  return std::system(("bash -n " + scratch.string() + " 2>/dev/null").c_str()) == 0;
}

/// `fixed/` is the whole tree after `--fix` (PREFLINT_UPDATE=1 writes it anew); a second run
/// changes nothing, and what bash could read before it can read now.
TEST_P(Case, IsFixedToItsTwin) {
  const fs::path twin = fs::path(GetParam()) / "fixed";
  if (!fs::is_directory(twin)) return;
  const LintOptions options{.floor = floor_of(GetParam())};
  const Files after = fixed(read_folder(GetParam()), options, false);
  const Files original = read_folder(GetParam());
  if (std::getenv("PREFLINT_UPDATE")) {
    for (const auto& [path, text] : after) {
      if (text == original.at(path)) continue;
      fs::create_directories((twin / path).parent_path());
      std::ofstream(twin / path, std::ios::binary) << text;
    }
  }
  const Files expected = read_folder(twin);
  const fs::path scratch =
      fs::temp_directory_path() / ("preflint-fixed-" + std::to_string(::getpid()) + ".sh");
  for (const auto& [path, text] : expected) {
    const auto at = after.find(path);
    if (at == after.end())
      ADD_FAILURE() << "fixed/" << path << " has no original";
    else
      EXPECT_EQ(at->second, text) << path;
  }
  for (const auto& [path, text] : after) {
    if (text == original.at(path)) continue;
    EXPECT_TRUE(expected.contains(path)) << path << " is changed and not in fixed/";
    if (!path.ends_with(".sh")) continue;
    EXPECT_TRUE(accepted(scratch, text) || !accepted(scratch, original.at(path))) << path;
  }
  fs::remove(scratch);
  EXPECT_EQ(fixed(after, options, false), after);
}

std::vector<std::string> summary(const Files& files, LintOptions options) {
  std::vector<std::string> list;
  options.floor = Severity::info;
  for (const Found& one : lint(files, options))
    list.push_back(to_string(one.mark()) + " " + one.message);
  return list;
}

/// Leaving out files in which no rule can find anything loses no finding: of all rules together,
/// and of each one that finds something here when it is asked alone.
TEST_P(Case, IsTheSameWhenEveryFileIsLookedAt) {
  const Files files = read_folder(GetParam());
  EXPECT_EQ(summary(files, {}), summary(files, {.everything = true}));
  std::set<std::string> rules;
  for (const Mark& mark : marks_of(GetParam())) rules.insert(mark.rule);
  for (const std::string& rule : rules) {
    EXPECT_EQ(summary(files, {.only = rule}), summary(files, {.everything = true, .only = rule}))
        << rule;
  }
}

INSTANTIATE_TEST_SUITE_P(Fixture, Case, ::testing::ValuesIn(fixtures()), case_name);
INSTANTIATE_TEST_SUITE_P(Conformance, Case, ::testing::ValuesIn(conformance()), case_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Case);

class RuleExamples : public ::testing::TestWithParam<size_t> {};

TEST_P(RuleExamples, AreAsDocumented) {
  const catalog::Rule& rule = catalog::builtin_rules()[GetParam()].rule;
  for (const workspace::ExampleResult& result : workspace::run_examples(rule)) {
    for (const std::string& sentence : result.sentences) {
      ADD_FAILURE() << rule.id << ", example " << result.number << ": " << sentence;
    }
  }
}

TEST_P(RuleExamples, FixesAreAsDocumented) {
  const catalog::Rule& rule = catalog::builtin_rules()[GetParam()].rule;
  for (const catalog::Example& example : rule.examples) {
    if (example.fixed.empty()) continue;
    const Files before = workspace::example_files(example);
    Files after = fixed(before, {.config = std::string(example.config)}, true, rule.id);
    std::string main(example.path);
    if (main.empty()) {
      for (const auto& one : before) {
        const bool other = std::any_of(example.files.begin(), example.files.end(),
                                       [&](const auto& file) { return file.first == one.first; });
        if (!other) main = one.first;
      }
    }
    EXPECT_EQ(after[main], example.fixed) << rule.id;
  }
}

std::vector<size_t> numbers() {
  std::vector<size_t> list(catalog::builtin_rules().size());
  for (size_t i = 0; i < list.size(); ++i) list[i] = i;
  return list;
}

std::string rule_id(const ::testing::TestParamInfo<size_t>& number) {
  return std::string(catalog::builtin_rules()[number.param].rule.id);
}

INSTANTIATE_TEST_SUITE_P(Rule, RuleExamples, ::testing::ValuesIn(numbers()), rule_id);

}  // namespace
}  // namespace preflint::testing
