#include "cli/init.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace preflint::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class Init : public ::testing::Test {
 protected:
  Init() : root_(fs::temp_directory_path() / ("preflint-init-" + std::to_string(::getpid()))) {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~Init() override { fs::remove_all(root_); }

  int run(Language language = Language::en) {
    out_.str("");
    error_.str("");
    return init(root_, "1.2.3-4-gabc", language, out_, error_);
  }
  void write(const std::string& path, const std::string& text) {
    std::ofstream(root_ / path) << text;
  }
  std::string read(const std::string& path) {
    std::ifstream in(root_ / path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path root_;
  std::ostringstream out_, error_;
};

TEST_F(Init, WritesThreeFilesIntoAnEmptyProject) {
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(
      out_.str(),
      "wrote preflint.yaml\nwrote .pre-commit-config.yaml\nwrote .github/workflows/preflint.yml\n");
  EXPECT_THAT(read("preflint.yaml"), HasSubstr("\nprofile: autodl\n"));
  EXPECT_THAT(read(".pre-commit-config.yaml"), HasSubstr("rev: v1.2.3\n"));
  EXPECT_THAT(read(".github/workflows/preflint.yml"),
              HasSubstr("uses: preflint/preflint@v1.2.3\n"));
}

TEST_F(Init, OverwritesNothingAndSaysWhatToAdd) {
  write("preflint.yaml", "profile: runpod\n");
  write(".pre-commit-config.yaml", "repos: []\n");
  write(".gitlab-ci.yml", "stages: [test]\n");
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(read("preflint.yaml"), "profile: runpod\n");
  EXPECT_EQ(read(".pre-commit-config.yaml"), "repos: []\n");
  EXPECT_EQ(read(".gitlab-ci.yml"), "stages: [test]\n");
  EXPECT_FALSE(fs::exists(root_ / ".github"));
  EXPECT_THAT(out_.str(),
              HasSubstr("kept .pre-commit-config.yaml\n  add this to it:\n\n  - repo:"));
  EXPECT_THAT(out_.str(), HasSubstr("kept .gitlab-ci.yml\n  add this to it:\n\npreflint:\n"));
}

TEST_F(Init, SecondRunHasNothingToSay) {
  run();
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(
      out_.str(),
      "kept preflint.yaml\nkept .pre-commit-config.yaml\nkept .github/workflows/preflint.yml\n");
}

TEST_F(Init, SpeaksChinese) {
  EXPECT_EQ(run(Language::zh), 0);
  EXPECT_THAT(out_.str(), HasSubstr("已写入 preflint.yaml"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("wrote")));
  EXPECT_THAT(read("preflint.yaml"), HasSubstr("镜像"));
}

TEST_F(Init, NamesWhatItCannotWrite) {
  write(".github", "a file where a folder is needed");
  EXPECT_EQ(run(), 2);
  EXPECT_THAT(error_.str(), HasSubstr(".github/workflows/preflint.yml: Not a directory"));
  EXPECT_TRUE(fs::exists(root_ / "preflint.yaml"));
}

}  // namespace
}  // namespace preflint::cli
