#include "cli/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

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
  EXPECT_THAT(ran(explain_rules, options).out, HasSubstr("级别: 错误"));
  options.names = {"NOPE99"};
  const Ran unknown = ran(explain_rules, options);
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("no rule is selected by 'NOPE99'"));
}

TEST(Explain, AGotchaIsIntroduced) {
  ExplainOptions options;
  options.names = {"AD6"};
  EXPECT_THAT(ran(explain_rules, options).out,
              AllOf(HasSubstr("AD6: The base environment"), HasSubstr("ENV")));
}

TEST(Explain, AllRulesAsJson) {
  ExplainOptions options;
  options.all = true;
  options.format = "json";
  const auto json = nlohmann::json::parse(ran(explain_rules, options).out);
  EXPECT_GE(json.size(), catalog::builtin_rules().size());
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
