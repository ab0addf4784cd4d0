// What rules say that files hold where they find something keeps other files from being parsed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "catalog/builtin.h"
#include "catalog/rule_loader.h"
#include "support/lint.h"

namespace preflint::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Where a rule with these triggers, which looks for the command `frob` and the call
/// `frob.io.send`, finds it.
std::vector<std::string> found(const std::string& triggers, const Files& files,
                               bool everything = false) {
  const std::string head = "id: MY001\nname: frob\nmessage: m\nlanguages: [shell, python]\n";
  std::vector<std::string> out;
  for (const char* match : {"{command: frob}", "{call: frob.io.send}"}) {
    const auto document = parse_yaml(head + triggers + "match: " + match + "\n");
    const auto loaded = catalog::load_rule(*document, catalog::RuleOrigin::user, "user");
    for (const Error& error : loaded.errors) ADD_FAILURE() << error.message;
    LintOptions options{.floor = Severity::info,
                        .user_rules = {&loaded.rule},
                        .everything = everything,
                        .only = "MY001"};
    for (const Found& one : lint(files, options)) out.push_back(one.path);
  }
  return out;
}

TEST(Triggers, ThatAreWrongLoseFindings) {
  const Files files = {{"run.sh", "frob\n"}};
  EXPECT_THAT(found("triggers: [nothing-of-the-kind]\n", files), IsEmpty());
  EXPECT_THAT(found("triggers: [nothing-of-the-kind]\n", files, true), ElementsAre("run.sh"));
}

TEST(Triggers, OfAMatcherAreItsNames) {
  EXPECT_THAT(found("", {{"a.sh", "frob\n"},
                         {"b.py", "import os\nos.system('frob')\n"},
                         {"c.py", "import frob.io as f\nf.send(1)\n"}}),
              ElementsAre("a.sh", "b.py", "c.py"));
}

TEST(Triggers, AreLookedForInWhatAScriptNames) {
  const Files files = {{"lib.sh", "F=frob\n"}, {"run.sh", ". ./lib.sh\n$F now\n"}};
  EXPECT_THAT(found("", files), ElementsAre("run.sh"));
  EXPECT_THAT(found("triggers: [\"frob & now\"]\n", files), ElementsAre("run.sh"));
}

TEST(Triggers, OfACommandThatAHelperRuns) {
  EXPECT_THAT(found("", {{"a.py", "from helper import run\nrun('frob now')\n"},
                         {"helper.py",
                          "import subprocess\ndef run(c):\n    subprocess.run(c, shell=True)\n"}}),
              ElementsAre("a.py"));
}

/// In a large project a library tells nothing of a job, and a program that nobody launches only
/// where the project is for the platform.
TEST(Triggers, OfProgramsAreLookedForInProgramsOfALargeProject) {
  const std::string call = "import frob.io\nfrob.io.send(1)\n";
  const std::string program = call + "if __name__ == '__main__':\n    pass\n";
  const std::string triggers = "triggers: {programs: [frob]}\n";
  Files files = {{"library.py", call}, {"program.py", program}};
  EXPECT_THAT(found(triggers, files), ElementsAre("library.py", "program.py"));
  files.insert({"data.py", std::string(size_t{4} << 20, '#')});
  EXPECT_THAT(found(triggers, files), IsEmpty());
  EXPECT_THAT(found("triggers: {python: [frob]}\n", files),
              ElementsAre("library.py", "program.py"));
  files.insert({"README.sh", "ls /root/autodl-tmp\n"});
  EXPECT_THAT(found(triggers, files), ElementsAre("program.py"));
  files.insert({"run.sh", "python train.py\n"});
  files.insert({"train.py", "import library\n"});
  EXPECT_THAT(found(triggers, files), ElementsAre("library.py", "program.py"));
}

/// What answers a rule's question may stand in a file in which it finds nothing.
TEST(Triggers, BringTheEvidenceWithThem) {
  const Files files = {
      {"setup.sh", "ln -s /root/tf-logs runs\n"},
      {"train.py",
       "from torch.utils.tensorboard import SummaryWriter\nSummaryWriter('/data/runs')\n"}};
  LintOptions options{.floor = Severity::info, .only = "LOG001"};
  const auto some = lint(files, options);
  options.everything = true;
  EXPECT_EQ(some.size(), lint(files, options).size());
}

TEST(Triggers, AreSaidByEveryRuleAboutCode) {
  for (const catalog::BuiltinRule& builtin : catalog::builtin_rules()) {
    const auto& languages = builtin.rule.languages;
    const bool code = std::any_of(languages.begin(), languages.end(), [](std::string_view one) {
      return one == "shell" || one == "python";
    });
    EXPECT_TRUE(builtin.rule.triggers.known || !code || !builtin.rule.emitted_by.empty())
        << builtin.rule.id;
  }
}

}  // namespace
}  // namespace preflint::testing
