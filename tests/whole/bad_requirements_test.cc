// Requirements files that are no such thing, or too much of one: each gets a finding, and the
// others are still linted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/lint.h"

namespace preflint::testing {
namespace {

namespace fs = std::filesystem;

class BadRequirements : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("preflint-requirements-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("preflint.yaml", "image: pytorch-2.8.0-cu128-py3.12\n");
    write("requirements.txt", "torch==2.3.1\n");  // what is found whatever lies beside it
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::vector<std::string> found() const {
    std::vector<std::string> out;
    for (const Found& one : lint_folder(folder_, Severity::warning))
      out.push_back(one.path + " " + one.rule);
    return out;
  }

  fs::path folder_;
};

using ::testing::Contains;
using ::testing::ElementsAre;

TEST_F(BadRequirements, BinaryOnes) {
  write("requirements-x.txt", std::string("numpy\0\1\2", 8));
  EXPECT_THAT(found(), ElementsAre("requirements-x.txt PFL003", "requirements.txt DEP001"));
}

TEST_F(BadRequirements, OneLineOfFiftyMegabytes) {
  write("requirements-x.txt", std::string(50 << 20, 'x'));
  EXPECT_THAT(found(), ElementsAre("requirements-x.txt PFL006", "requirements.txt DEP001"));
}

TEST_F(BadRequirements, OneLineWithinTheLimit) {
  write("requirements-x.txt", "numpy>=1," + std::string(3 << 20, ',') + "\nnumpy==\n");
  EXPECT_THAT(found(), ElementsAre("requirements-x.txt DEP008", "requirements-x.txt DEP008",
                                   "requirements.txt DEP001"));
}

TEST_F(BadRequirements, Circles) {
  write("requirements-a.txt", "-r requirements-b.txt\n");
  write("requirements-b.txt", "-r requirements-a.txt\ntorch<2.6\n");
  write("setup.sh", "#!/bin/bash\nsource /etc/network_turbo\npip install -r requirements-a.txt\n");
  EXPECT_THAT(found(), ElementsAre("requirements-a.txt DEP008", "requirements-b.txt DEP008",
                                   "requirements-b.txt DEP001", "requirements.txt DEP001",
                                   "setup.sh DEP003"));
}

TEST_F(BadRequirements, IncludesOfNothing) {
  write("requirements-x.txt", "-r gone.txt\n-c ../../outside.txt\n-r https://example.com/r.txt\n");
  EXPECT_THAT(found(), ElementsAre("requirements-x.txt DEP009", "requirements.txt DEP001"));
}

TEST_F(BadRequirements, OtherEncodings) {
  write("requirements-gbk.txt", "numpy\n# \xb0\xb2\xd7\xb0\n");
  std::string utf16 = "\xFF\xFE";
  for (const char c : std::string("torch==2.3.1\r\nnumpy\r\n")) (utf16 += c) += '\0';
  write("requirements-utf16.txt", utf16);
  write("requirements-odd.txt", "\xFF\xFEt");
  EXPECT_THAT(found(), ElementsAre("requirements-gbk.txt PFL003", "requirements-odd.txt PFL003",
                                   "requirements-utf16.txt DEP001", "requirements.txt DEP001"));
}

TEST_F(BadRequirements, DataThatCannotBeParsed) {
  write("environment.yml", "dependencies: [a\n");
  write("pyproject.toml", "[project\n");
  EXPECT_THAT(found(), ElementsAre("environment.yml PFL003", "pyproject.toml PFL003",
                                   "requirements.txt DEP001"));
}

TEST_F(BadRequirements, FiftyThousandPins) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "torch==2.0.1\n";
  write("requirements-x.txt", text);
  EXPECT_THAT(found(), Contains("requirements.txt DEP001"));
}

}  // namespace
}  // namespace preflint::testing
