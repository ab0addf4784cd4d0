#include "catalog/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/builtin.h"
#include "catalog/setup.h"
#include "support/chinese.h"

namespace preflint::catalog {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Files in memory.
FileAccess disk(std::map<std::string, std::string> files) {
  auto kept = std::make_shared<const std::map<std::string, std::string>>(std::move(files));
  FileAccess access;
  access.read = [kept](const std::string& path) -> std::optional<std::string> {
    const auto it = kept->find(path);
    return it == kept->end() ? std::nullopt : std::optional(it->second);
  };
  access.list = [kept](const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& [path, text] : *kept) {
      if (path.starts_with(folder + "/")) names.push_back(path.substr(folder.size() + 1));
    }
    return names;
  };
  return access;
}

std::vector<std::string> problems(const Setup& setup) {
  std::vector<std::string> out;
  for (const SetupProblem& problem : setup.problems) {
    const uint32_t at = problem.error.where ? problem.error.where->begin : 0;
    EXPECT_TRUE(holds_chinese(problem.error.zh)) << problem.error.message;
    out.push_back(problem.path + "@" + problem.text->substr(at, 6) + ": " + problem.error.message);
  }
  return out;
}

std::shared_ptr<const Setup> setup_of(std::string text) {
  return read_setup("/p/preflint.yaml", disk({{"/p/preflint.yaml", std::move(text)}}));
}

TEST(Config, ReadsEveryKey) {
  const auto setup = setup_of(R"(profile: autodl
image: pytorch-2.8.0-cu128-py3.12
gpu: RTX 5090
gpus: 2
select: [ALL]
extend-select: [PFL]
ignore: PFL005
severity: {PFL001: error, PFL: info}
per-file-ignores: {"tests/**": [PFL003]}
exclude: [third_party/**]
sites: {local: ["scripts/laptop/**"], instance: []}
network: {hook_files: ["scripts/env.sh"]}
durable: {extra: ["/mnt/my-nas"]}
launch: {required_overrides: [{entry: "src.train", option: "-o a.b="}]}
rules: []
)");
  EXPECT_THAT(problems(*setup), IsEmpty());
  const Config& config = setup->config;
  EXPECT_EQ(config.folder, "/p");
  EXPECT_EQ(config.image.torchvision, "0.23.0");
  EXPECT_EQ(config.gpu, "RTX 5090");
  EXPECT_EQ(config.gpus, 2);
  EXPECT_THAT(config.ignore, ElementsAre("PFL005"));
  EXPECT_THAT(config.sites.local, ElementsAre("scripts/laptop/**"));
  EXPECT_THAT(config.network.hook_files, ElementsAre("scripts/env.sh"));
  EXPECT_THAT(config.durable.extra, ElementsAre("/mnt/my-nas"));
  ASSERT_EQ(config.required_overrides.size(), 1u);
  EXPECT_EQ(config.required_overrides[0].option, "-o a.b=");
  EXPECT_EQ(config.severity_of(*setup->rule("PFL001")), Severity::error);
  EXPECT_EQ(config.severity_of(*setup->rule("PFL003")), Severity::info);
  EXPECT_TRUE(config.ignored_in(*setup->rule("PFL003"), "tests/a/b.sh"));
  EXPECT_FALSE(config.ignored_in(*setup->rule("PFL003"), "src/b.sh"));
  EXPECT_FALSE(config.ignored_in(*setup->rule("PFL001"), "tests/a/b.sh"));
}

TEST(Config, AnEmptyFileIsTheDefault) {
  const auto setup = setup_of("# nothing\n");
  EXPECT_THAT(problems(*setup), IsEmpty());
  EXPECT_EQ(setup->profile->name, "autodl");
  EXPECT_FALSE(setup->config.image.known());
}

struct Mistake {
  std::string text, expected;
};
class ConfigMistake : public testing::TestWithParam<Mistake> {};
TEST_P(ConfigMistake, IsNamedWithItsPlace) {
  EXPECT_THAT(problems(*setup_of(GetParam().text)), Contains(HasSubstr(GetParam().expected)));
}
INSTANTIATE_TEST_SUITE_P(
    All, ConfigMistake,
    testing::Values(Mistake{"profil: autodl\n",
                            "@profil: preflint.yaml has no key 'profil'; did you mean 'profile'?"},
                    Mistake{"profile: autodll\n",
                            "@autodl: no profile is called 'autodll'; did you mean 'autodl'?"},
                    Mistake{"profile: ./mine.yaml\n", "@./mine: the profile '/p/mine.yaml'"},
                    Mistake{"ignore: [PFL001, PFL01]\n",
                            "@PFL01]: no rule is selected by 'PFL01'; did you mean 'PFL001'?"},
                    Mistake{"severity: {PFL001: fatal}\n",
                            "'fatal' is not one of error, warning, info"},
                    Mistake{"severity: {NOPE1: error}\n", "@NOPE1:: no rule is selected"},
                    Mistake{"per-file-ignores: {a: [QQQ]}\n", "@QQQ]}"},
                    Mistake{"image: pytroch-2.8.0-cu128-py3.12\n",
                            "did you mean 'pytorch-2.8.0-cu128-py3.12'?"},
                    Mistake{"image: [a]\n", "'image' must be a name or a mapping"},
                    Mistake{"image: {torch: [1]}\n", "'torch' must be a text"},
                    Mistake{"select: {a: b}\n", "'select' must be a list, not a mapping"},
                    Mistake{"sites: {lokal: []}\n", "did you mean 'local'?"},
                    Mistake{"durable: {extra: [nas]}\n", "@nas]}"},
                    Mistake{"launch: {required_overrides: [{entry: a}]}\n", "has no 'option'"},
                    Mistake{"gpus: none\n", "'gpus' must be a whole number"},
                    Mistake{"extends: other.yaml\n", "cannot extend '/p/other.yaml'"},
                    Mistake{"rules: [nope.yaml]\n", "/p/nope.yaml@: this file cannot be read"},
                    Mistake{"a: b: c\n", "/p/preflint.yaml@"},
                    Mistake{"[]\n", "must be a mapping, not a list"}));

TEST(Config, ExtendsMergesMapsAndReplacesLists) {
  const auto access = disk({
      {"/p/a/preflint.yaml", "extends: ../base.yaml\nignore: [PFL005]\nseverity: {PFL001: info}\n"},
      {"/p/base.yaml", "profile: runpod\ngpu: A100\nignore: [PFL001]\nseverity: {PFL003: info}\n"},
      {"/q/preflint.yaml", "extends: preflint.yaml\n"},
  });
  const auto setup = read_setup("/p/a/preflint.yaml", access);
  EXPECT_THAT(problems(*setup), IsEmpty());
  EXPECT_EQ(setup->profile->name, "runpod");
  EXPECT_EQ(setup->config.gpu, "A100");
  EXPECT_THAT(setup->config.ignore, ElementsAre("PFL005"));
  EXPECT_EQ(setup->config.severity.size(), 2u);
  EXPECT_EQ(setup->config.folder, "/p/a");
  EXPECT_THAT(setup->files, ElementsAre("/p/a/preflint.yaml", "/p/base.yaml"));
  EXPECT_THAT(problems(*read_setup("/q/preflint.yaml", access)), Contains(HasSubstr("circle")));
}

TEST(Config, ProfilesRulesAndImagesFromFiles) {
  const auto access = disk({
      {"/p/preflint.yaml",
       "profile: ci/mine.yaml\nimage: box.yaml\nrules: [./lint/*.yaml]\n"
       "ignore: [MY001]\n"},
      {"/p/ci/mine.yaml", "extends: autodl\npanel: {port: 7000}\n"},
      {"/p/box.yaml", "image: {torch: 2.5.1, python: \"3.12\"}\ngpu: A100\n"},
      {"/p/lint/one.yaml", "id: MY001\nname: no-foo\nmessage: m\nmatch: {command: foo}\n"},
      {"/p/lint/two.yaml", "id: PFL001\nname: clash\nmessage: m\nmatch: {command: foo}\n"},
      {"/p/lint/note.txt", "not a rule"},
  });
  const auto setup = read_setup("/p/preflint.yaml", access);
  EXPECT_THAT(problems(*setup), ElementsAre(HasSubstr("/p/lint/two.yaml@id: PF: the rule PFL001")));
  EXPECT_EQ(setup->profile->panel.port, 7000);
  EXPECT_EQ(setup->profile->name, "mine");
  EXPECT_EQ(setup->config.image.torchvision, "0.20.1");
  EXPECT_EQ(setup->config.gpu, "A100");
  ASSERT_NE(setup->rule("MY001"), nullptr);
  EXPECT_EQ(setup->rule("no-foo")->category, "user");
}

TEST(Setups, TheNearestFileWins) {
  Setups setups(disk({{"/p/preflint.yaml", "gpu: A\n"}, {"/p/x/preflint.yaml", "gpu: B\n"}}));
  EXPECT_EQ(setups.for_folder("/p/x/y")->config.gpu, "B");
  EXPECT_EQ(setups.for_folder("/p/z")->config.gpu, "A");
  EXPECT_EQ(setups.for_folder("/p/z"), setups.for_folder("/p"));
  EXPECT_EQ(setups.for_folder("/else")->config.gpu, "");
  EXPECT_EQ(setups.for_folder("/else")->config.folder, "/else");
}

TEST(Profile, AFileIsValidatedAlone) {
  const auto access = disk({{"/a.yaml", "panel: {prot: 1}\n"}, {"/b.yaml", "extends: b.yaml\n"}});
  EXPECT_EQ(read_profile("/a.yaml", access).problems.size(), 1u);
  EXPECT_EQ(read_profile("/b.yaml", access).profile, nullptr);
  EXPECT_NE(read_profile("lambda", access).profile, nullptr);
  EXPECT_THAT(read_profile("lamda", access).problems[0].error.message, HasSubstr("'lambda'"));
}

TEST(Glob, MatchesLikeGitignore) {
  EXPECT_TRUE(glob_matches("*.sh", "a/b/c.sh"));
  EXPECT_TRUE(glob_matches("tests", "a/tests/x.sh"));
  EXPECT_TRUE(glob_matches("tests/", "a/tests/x.sh"));
  EXPECT_TRUE(glob_matches("tests/**", "tests/a/x.sh"));
  EXPECT_FALSE(glob_matches("tests/**", "a/tests/x.sh"));
  EXPECT_FALSE(glob_matches("tests/**", "tests"));
  EXPECT_TRUE(glob_matches("**/gen/*.py", "gen/a.py"));
  EXPECT_TRUE(glob_matches("**/gen/*.py", "a/b/gen/a.py"));
  EXPECT_FALSE(glob_matches("gen/*.py", "gen/x/a.py"));
  EXPECT_TRUE(glob_matches("a/**/z", "a/z"));
  EXPECT_TRUE(glob_matches("a/**/z", "a/b/c/z"));
  EXPECT_TRUE(glob_matches("./src/gen", "src/gen/x/y.py"));
  EXPECT_TRUE(glob_matches("/src", "src/x"));
  EXPECT_FALSE(glob_matches("/src", "a/src/x"));
  EXPECT_TRUE(glob_matches("run_[0-9]?.sh", "run_1a.sh"));
  EXPECT_FALSE(glob_matches("run_[!0-9].sh", "run_1.sh"));
  EXPECT_FALSE(glob_matches("", "a"));
  EXPECT_FALSE(glob_matches("*", ""));
  EXPECT_FALSE(glob_matches("[", "a"));
  const std::string many(2000, 'a');
  EXPECT_FALSE(glob_matches(std::string(200, '*') + "b", many));
}

}  // namespace
}  // namespace preflint::catalog
