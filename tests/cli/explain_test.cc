#include "cli/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "catalog/builtin.h"

namespace preflint::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::internal::CaptureStderr;
using testing::internal::CaptureStdout;
using testing::internal::GetCapturedStderr;
using testing::internal::GetCapturedStdout;

struct Ran {
  int status = -1;
  std::string out, err;
};

template <typename Command>
Ran ran(Command command, const ExplainOptions& options) {
  CaptureStdout();
  CaptureStderr();
  Ran result;
  result.status = command(options);
  std::cout.flush();
  result.out = GetCapturedStdout();
  result.err = GetCapturedStderr();
  return result;
}

/// A file of its own, gone afterwards.
class Scratch {
 public:
  explicit Scratch(const std::string& text)
      : path_(fs::temp_directory_path() /
              ("preflint-explain-" + std::to_string(::getpid()) + ".yaml")) {
    std::ofstream(path_) << text;
  }
  ~Scratch() { fs::remove(path_); }
  std::string path() const { return path_; }

 private:
  fs::path path_;
};

TEST(Explain, ARuleByIdNameOrGotcha) {
  ExplainOptions options;
  options.names = {"PFL002"};
  EXPECT_THAT(ran(explain_rules, options).out, HasSubstr("PFL002 syntax-error"));
  options.names = {"syntax-error"};
  options.language = Language::zh;
  EXPECT_THAT(ran(explain_rules, options).out, HasSubstr("级别：错误"));
  options.names = {"NOPE99"};
  const Ran unknown = ran(explain_rules, options);
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("no rule is selected by 'NOPE99'"));
}

/// What the program prints for `--output-format json`: the ids, in its order.
std::vector<std::string> ids_of(ExplainOptions options) {
  options.format = "json";
  const auto json = nlohmann::json::parse(ran(explain_rules, options).out);
  std::vector<std::string> ids;
  for (const auto& rule : json) ids.push_back(rule["id"]);
  return ids;
}

TEST(Explain, AGotchaIsItsTitleAndTheRulesThatWatchIt) {
  std::vector<std::string> watching;
  for (const catalog::BuiltinRule& builtin : catalog::builtin_rules()) {
    const auto gotchas = builtin.rule.gotchas;
    if (std::find(gotchas.begin(), gotchas.end(), "AD6") != gotchas.end())
      watching.emplace_back(builtin.rule.id);
  }
  ASSERT_GT(watching.size(), 5U);
  ExplainOptions options;
  options.names = {"AD6"};
  EXPECT_EQ(ids_of(options), watching);
  const Ran english = ran(explain_rules, options);
  EXPECT_EQ(english.status, 0);
  EXPECT_TRUE(english.out.starts_with("AD6: The base environment is the environment\n\n"))
      << english.out.substr(0, 80);
  options.language = Language::zh;
  const Ran chinese = ran(explain_rules, options);
  EXPECT_TRUE(chinese.out.starts_with("AD6: base 环境就是要用的环境\n\n"))
      << chinese.out.substr(0, 80);
  for (const std::string& id : watching) {
    EXPECT_THAT(english.out, HasSubstr("\n" + id + " "));
    EXPECT_THAT(chinese.out, HasSubstr("\n" + id + " "));
  }
}

TEST(Explain, AllRulesAsJsonAreTheCatalogue) {
  ExplainOptions options;
  options.all = true;
  std::vector<std::string> catalogue;
  for (const catalog::BuiltinRule& builtin : catalog::builtin_rules())
    catalogue.emplace_back(builtin.rule.id);
  EXPECT_EQ(ids_of(options), catalogue);
  // What the specification lists is all there.
  std::ifstream listed(fs::path(PREFLINT_SOURCE_DIR) / "tests" / "catalog" / "catalogue.txt");
  int rows = 0;
  for (std::string row; std::getline(listed, row);) {
    if (row.empty() || row[0] == '#') continue;
    ++rows;
    EXPECT_THAT(catalogue, testing::Contains(row.substr(0, row.find(' ')))) << row;
  }
  EXPECT_GT(rows, 90);
}

TEST(Explain, Profiles) {
  ExplainOptions options;
  EXPECT_THAT(ran(list_profiles, options).out, AllOf(HasSubstr("autodl"), HasSubstr("kaggle")));
  options.names = {"autodl"};
  EXPECT_THAT(ran(show_profile, options).out, HasSubstr("/etc/network_turbo"));
  options.format = "json";
  EXPECT_EQ(nlohmann::json::parse(ran(show_profile, options).out)["name"], "autodl");
  options.names = {"autodll"};
  const Ran unknown = ran(show_profile, options);
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'autodl'?"));
}

TEST(Explain, ProfilesAreValidated) {
  ExplainOptions options;
  {
    const Scratch good("extends: autodl\npanel: {port: 1}\n");
    options.names = {good.path()};
    EXPECT_EQ(ran(validate_profile, options).status, 0);
  }
  {
    const Scratch bad("panel:\n  prot: 1\n  port: [2]\n");
    options.names = {bad.path()};
    const Ran result = ran(validate_profile, options);
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, AllOf(HasSubstr(bad.path() + ":2:3: error: 'panel' has no key 'prot'"),
                                  HasSubstr(":3:9: error: 'panel.port' must be a whole number")));
  }
  options.names = {"/nowhere.yaml"};
  EXPECT_EQ(ran(validate_profile, options).status, 2);
}

TEST(Explain, ExamplesOfOnesOwnRulesAreRun) {
  const std::string rule =
      "id: MY001\nname: no-foo\nmessage: m\nlanguages: [shell]\nmatch: {command: foo}\n";
  ExplainOptions options;
  {
    const Scratch file(rule + "examples:\n  - bad: ⟦foo⟧\n  - good: bar\n");
    options.test = {file.path()};
    const Ran result = ran(explain_rules, options);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.out, "MY001 no-foo: 2 of 2 examples passed\n");
  }
  {
    const Scratch file(rule + "examples:\n  - bad: ⟦foo⟧\n  - good: foo\n");
    options.test = {file.path()};
    EXPECT_EQ(ran(explain_rules, options).status, 1);
  }
  {
    const Scratch file(rule + "exmples: []\n");
    options.test = {file.path()};
    const Ran result = ran(explain_rules, options);
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr(":6:1: error: the rule has no key 'exmples'"));
  }
}

}  // namespace
}  // namespace preflint::cli
