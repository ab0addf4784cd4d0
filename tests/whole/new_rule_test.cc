// What CONTRIBUTING promises: a data rule is one new file, a checked rule two, and the build takes
// both.
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace preflint {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class NewRule : public ::testing::Test {
 protected:
  NewRule()
      : tree_(fs::temp_directory_path() / ("preflint-new-rule-" + std::to_string(::getpid()))) {
    fs::remove_all(tree_);
    fs::create_directories(tree_ / "rules");
    fs::copy(PREFLINT_SOURCE_DIR "/rules/notes.yaml", tree_ / "rules");
    run(script("env other"));
  }
  ~NewRule() override { fs::remove_all(tree_); }

  struct Ran {
    int status = -1;
    std::string output;
  };
  static Ran run(const std::string& command) {
    Ran ran;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return ran;
    char buffer[4096];
    for (size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
      ran.output.append(buffer, count);
    }
    ran.status = ::pclose(pipe);
    return ran;
  }
  std::string script(const std::string& arguments) const {
    return "PREFLINT_TREE='" + tree_.string() +
           "' '" PREFLINT_SOURCE_DIR "/packaging/new_rule.sh' " + arguments;
  }
  /// The build's own step that embeds the rules and pairs them with their functions.
  Ran generate() const {
    const std::string tree = "'" + tree_.string() + "'";
    return run("'" PREFLINT_BINARY_DIR "/src/preflint_generate' " + tree + " " + tree +
               "/rules.out " + tree + "/documents.out");
  }
  std::vector<std::string> files() const {
    std::vector<std::string> list;
    for (const auto& entry : fs::recursive_directory_iterator(tree_)) {
      if (entry.is_regular_file() && entry.path().filename() != "notes.yaml")
        list.push_back(fs::relative(entry.path(), tree_));
    }
    std::sort(list.begin(), list.end());
    return list;
  }

  fs::path tree_;
};

TEST_F(NewRule, FromDataIsOneFileThatTheBuildTakes) {
  ASSERT_EQ(run(script("env proxy-left-on")).status, 0);
  EXPECT_THAT(files(),
              ElementsAre("rules/env/ENV001-other.yaml", "rules/env/ENV002-proxy-left-on.yaml"));
  EXPECT_EQ(generate().output, "");
}

TEST_F(NewRule, WithACheckIsTwoFilesThatTheBuildTakes) {
  ASSERT_EQ(run(script("env proxy-left-on --check")).status, 0);
  EXPECT_THAT(files(),
              ElementsAre("rules/env/ENV001-other.yaml", "rules/env/ENV002-proxy-left-on.yaml",
                          "src/checks/env/proxy_left_on.cc"));
  EXPECT_EQ(generate().output, "");
  EXPECT_EQ(
      run("c++ -std=c++20 -fsyntax-only -Wall -Wextra -Werror -I '" PREFLINT_SOURCE_DIR "/src' '" +
          (tree_ / "src/checks/env/proxy_left_on.cc").string() + "'")
          .output,
      "");
}

TEST_F(NewRule, WhoseFunctionIsMissingStopsTheBuild) {
  ASSERT_EQ(run(script("env proxy-left-on --check")).status, 0);
  fs::remove(tree_ / "src/checks/env/proxy_left_on.cc");
  const Ran ran = generate();
  EXPECT_NE(ran.status, 0);
  EXPECT_THAT(ran.output, HasSubstr("ENV002-proxy-left-on.yaml"));
}

TEST_F(NewRule, RefusesWhatIsThereOrNoName) {
  EXPECT_NE(run(script("env other")).status, 0);
  EXPECT_NE(run(script("env 'No Name'")).status, 0);
  EXPECT_NE(run(script("../x name")).status, 0);
  EXPECT_THAT(files(), ElementsAre("rules/env/ENV001-other.yaml"));
}

}  // namespace
}  // namespace preflint
