// The step of the build that embeds rules and profiles: each mistake stops it and names the file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace preflint {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kRule = R"(id: NET001
name: hook-missing
severity: error
languages: [shell]
precision: high
triggers: [pip]
summary: {en: The hook is missing, zh: 缺少学术加速}
message: {en: "`{command}` goes out", zh: "`{command}` 访问外网"}
why: {en: Because., zh: 原因。}
advice: {en: Do., zh: 处理。}
examples:
  - bad: ⟦pip⟧ install x
  - good: ls
)";
constexpr const char* kCheck = R"(#include "project/context.h"
namespace preflint::checks {
void hook_missing(project::Context& c) { fill(c, "command"); }
}
)";

/// A tree with one good rule, to be spoilt.
class Generate : public testing::Test {
 protected:
  Generate()
      : tree_(fs::temp_directory_path() / ("preflint-generate-" + std::to_string(::getpid()))) {
    fs::remove_all(tree_);
    write("rules/notes.yaml", "here: {en: here, zh: 这里}\n");
    write("rules/net/NET001-hook-missing.yaml", kRule);
    write("src/checks/net/hook_missing.cc", kCheck);
    write("profiles/a.yaml", "source: docs\nchecked: 2026-11-01\npanel: {port: 1}\n");
  }
  ~Generate() override { fs::remove_all(tree_); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((tree_ / name).parent_path());
    std::ofstream(tree_ / name, std::ios::binary) << text;
  }
  std::string rule(const std::string& from, const std::string& to) const {
    std::string text = kRule;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }
  /// What it says; "" when all is well.
  std::string generate() const {
    const std::string tree = tree_.string();
    const std::string command = "'" PREFLINT_BINARY_DIR "/src/preflint_generate' '" + tree + "' '" +
                                tree + "/rules.out' '" + tree + "/documents.out' 2>&1";
    FILE* pipe = ::popen(command.c_str(), "r");
    std::string output;
    char buffer[4096];
    for (size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
      output.append(buffer, count);
    }
    const int status = ::pclose(pipe);
    EXPECT_EQ(status == 0, output.empty()) << output;
    return output;
  }

  fs::path tree_;
};

TEST_F(Generate, TakesWhatIsWhole) {
  EXPECT_EQ(generate(), "");
  EXPECT_TRUE(fs::exists(tree_ / "rules.out"));
}

TEST_F(Generate, WritesNothingAnewWithoutNeed) {
  generate();
  const auto before = fs::last_write_time(tree_ / "rules.out");
  fs::last_write_time(tree_ / "rules.out", before - std::chrono::hours(1));
  generate();
  EXPECT_EQ(fs::last_write_time(tree_ / "rules.out"), before - std::chrono::hours(1));
}

TEST_F(Generate, AMissingFunction) {
  fs::remove(tree_ / "src/checks/net/hook_missing.cc");
  EXPECT_THAT(generate(), AllOf(StartsWith("rules/net/NET001-hook-missing.yaml:1:5: error:"),
                                HasSubstr("src/checks/net/hook_missing.cc")));
}

TEST_F(Generate, AFunctionUnderAnotherName) {
  write("src/checks/net/hook_missing.cc",
        "void hook_mising(project::Context&) {} // \"command\"\n");
  EXPECT_THAT(generate(), StartsWith("src/checks/net/hook_missing.cc:1:1: error: does not define"));
}

TEST_F(Generate, ARuleThatDoesNotSayWhatItLooksFor) {
  write("rules/net/NET001-hook-missing.yaml", rule("triggers: [pip]\n", ""));
  EXPECT_THAT(generate(), HasSubstr("the rule has no 'triggers'"));
}

TEST_F(Generate, AFunctionWithoutARule) {
  write("src/checks/net/other.cc", kCheck);
  EXPECT_THAT(generate(), StartsWith("src/checks/net/other.cc:1:1: error: belongs to no rule"));
}

TEST_F(Generate, AMissingLanguage) {
  write("rules/net/NET001-hook-missing.yaml", rule(", zh: 原因。", ""));
  EXPECT_THAT(generate(),
              StartsWith("rules/net/NET001-hook-missing.yaml:9:6: error: 'why' has no 'zh'"));
}

TEST_F(Generate, APlaceholderThatNothingFills) {
  write("src/checks/net/hook_missing.cc", "void hook_missing(project::Context&) {}\n");
  EXPECT_THAT(generate(),
              HasSubstr("NET001-hook-missing.yaml:8:10: error: nothing fills '{command}'"));
}

TEST_F(Generate, APlaceholderThatAHelperFills) {
  write("src/checks/net/hook_missing.cc",
        "#include \"project/egress.h\"\nvoid hook_missing(project::Context&) {}\n");
  write("src/project/egress.h", "");
  write("src/project/egress.cc", "out[\"command\"] = x;\n");
  EXPECT_EQ(generate(), "");
}

TEST_F(Generate, AnIdUsedTwice) {
  write("rules/net/NET001-other.yaml", rule("hook-missing", "other"));
  write("src/checks/net/other.cc", "void other(project::Context&) {} // \"command\"\n");
  EXPECT_THAT(generate(), HasSubstr("the id NET001 is used by NET001-hook-missing.yaml too"));
}

TEST_F(Generate, ANameUsedTwice) {
  write("rules/net/NET002-hook-missing.yaml", rule("NET001", "NET002"));
  EXPECT_THAT(generate(), HasSubstr("the name hook-missing is used by"));
}

TEST_F(Generate, AnIdInTheWrongFolderOrFile) {
  write("rules/env/NET001-hook-missing.yaml", rule("NET001", "NET003"));
  EXPECT_THAT(generate(),
              AllOf(HasSubstr("begins with ENV"), HasSubstr("NET003-hook-missing.yaml")));
}

TEST_F(Generate, ABadQuery) {
  write("rules/net/NET002-q.yaml",
        rule("NET001", "NET002").replace(rule("NET001", "NET002").find("hook-missing"), 12, "q") +
            "match: {query: \"(nope) @match\", language: shell}\n");
  EXPECT_THAT(generate(), HasSubstr("NET002-q.yaml:14:18: error: the grammar has no such node"));
}

TEST_F(Generate, BrokenYaml) {
  write("rules/net/NET001-hook-missing.yaml", "id: [\n");
  EXPECT_THAT(generate(), HasSubstr("rules/net/NET001-hook-missing.yaml:"));
}

TEST_F(Generate, AFactWithoutEvidence) {
  write("profiles/a.yaml", "panel: {port: 1}\n");
  EXPECT_THAT(generate(), HasSubstr("profiles/a.yaml:1:1: error: 'panel.port' has no 'source'"));
}

TEST_F(Generate, AMistakeInAProfile) {
  write("profiles/b.yaml", "extends: a\nsource: docs\nchecked: 2026-11-01\npanel: {prot: 1}\n");
  EXPECT_THAT(generate(), StartsWith("profiles/b.yaml:4:9: error: 'panel' has no key 'prot'"));
}

}  // namespace
}  // namespace preflint
