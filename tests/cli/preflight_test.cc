// Lint and probe as one: the box that was captured stands for what the configuration says of the
// image.
#include "cli/preflight.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/probe.h"
#include "cli/save_file.h"

namespace preflint::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kBox = PREFLINT_SOURCE_DIR "/tests/probe/boxes/rtx5090.facts";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Preflight : public ::testing::Test {
 protected:
  Preflight()
      : root_(fs::temp_directory_path() / ("preflint-flight-" + std::to_string(::getpid()))) {
    fs::remove_all(root_);
    fs::create_directories(root_ / "project");
    write("project/preflint.yaml", "profile: autodl\nrules: [pin.yaml]\nselect: [USR, ENV]\n");
    // A rule of one's own that asks for the image's torch: it shows what the lint was given.
    write("project/pin.yaml",
          "id: USR001\nname: image-is-known\nseverity: error\nmessage: '`{text}`'\n"
          "match: {command: [echo], arguments: [{position: 0, value: '${image.torch}'}]}\n");
  }
  ~Preflight() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(root_ / name) << text;
  }
  std::string box(const std::string& from = "", const std::string& to = "") {
    std::string text = read(kBox);
    if (!from.empty()) text.replace(text.find(from), from.size(), to);
    write("box.facts", text);
    return root_ / "box.facts";
  }
  int fly(const std::string& facts, const std::string& format = "json",
          const std::string& save = "") {
    PreflightOptions options;
    options.paths = {root_ / "project"};
    options.box.from = facts;
    options.format = format;
    options.output_file = root_ / "out";
    options.save = save;
    const int status = preflight(options);
    text_ = read(root_ / "out");
    if (format == "json") json_ = Json::parse(text_);
    return status;
  }

  fs::path root_;
  std::string text_;
  Json json_;
};

TEST_F(Preflight, AGoodBoxAndAGoodProjectAreAGo) {
  write("project/run.sh", "#!/bin/bash\necho hello\n");
  EXPECT_EQ(fly(box()), 0);
  EXPECT_EQ(json_["verdict"], "GO");
  EXPECT_TRUE(json_["first"].empty());
  EXPECT_EQ(json_["box"]["image"]["torch"], "2.8.0");
  EXPECT_EQ(json_["box"]["image"]["gpu"], "RTX 5090");
}

TEST_F(Preflight, TheLintKnowsTheImageOfTheBoxAndNotThatOfTheConfiguration) {
  write("project/run.sh", "#!/bin/bash\necho 2.3.1\necho 2.8.0\n");
  write(
      "project/preflint.yaml",
      "profile: autodl\nrules: [pin.yaml]\nselect: [USR]\nimage: {torch: 2.3.1, python: '3.12'}\n");
  EXPECT_EQ(fly(box()), 1);
  EXPECT_EQ(json_["verdict"], "NO-GO");
  EXPECT_EQ(json_["first"][0]["rule"], "USR001");
  EXPECT_THAT(json_["first"][0]["where"].get<std::string>(), HasSubstr("run.sh:3:1"));
  EXPECT_EQ(json_["lint"]["findings"].size(), 1u);
}

TEST_F(Preflight, WhatStopsTheRunSoonestComesFirst) {
  write("project/setup.sh",
        "#!/bin/bash\nconda create -n x --clone base -y\nconda create -n y --clone base -y\n");
  write("project/run.sh", "#!/bin/bash\necho 2.8.0\n");
  EXPECT_EQ(fly(box("hook.file=present", "hook.file=absent"), "text"), 1);
  EXPECT_THAT(text_, HasSubstr("\nDo first:\n  1. PRB002 "));
  EXPECT_THAT(text_, HasSubstr("  2. ENV004 "));
  EXPECT_THAT(text_, HasSubstr("(and 1 more)"));
  EXPECT_THAT(text_, HasSubstr("  3. USR001 "));
  EXPECT_THAT(text_, ::testing::EndsWith("\npreflight: NO-GO\n"));
}

TEST_F(Preflight, ABoxThatIsNotKnownIsNoGo) {
  EXPECT_EQ(fly(box("preflint.end=ok", "")), 2);
  EXPECT_EQ(json_["verdict"], "UNKNOWN");
  EXPECT_EQ(json_["first"][0]["rule"], "PRB001");
  // But what is wrong for certain stays so.
  EXPECT_EQ(fly(box("hook.file=present\n", "hook.file=absent\n")), 1);
}

TEST_F(Preflight, TheImageIsKeptForWhereThereIsNoBox) {
  EXPECT_EQ(fly(box(), "json", root_ / "project/box.yaml"), 0);
  EXPECT_THAT(read(root_ / "project/box.yaml"), HasSubstr("\nimage:\n  torch: \"2.8.0\"\n"));
  // And is read again.
  write("project/preflint.yaml",
        "profile: autodl\nrules: [pin.yaml]\nselect: [USR]\nimage: box.yaml\n");
  write("project/run.sh", "#!/bin/bash\necho 2.8.0\n");
  write("empty.facts", "preflint.begin=1\npreflint.end=ok\n");
  fly(root_ / "empty.facts");
  ASSERT_EQ(json_["lint"]["findings"].size(), 1u);
  EXPECT_EQ(json_["lint"]["findings"][0]["message"], "`echo 2.8.0`");
}

TEST_F(Preflight, SarifHasBoth) {
  write("project/setup.sh", "#!/bin/bash\nconda create -n x --clone base -y\n");
  EXPECT_EQ(fly(box("hook.file=present", "hook.file=absent"), "sarif"), 1);
  const Json results = Json::parse(text_)["runs"][0]["results"];
  std::vector<std::string> rules;
  for (const Json& result : results) rules.push_back(result["ruleId"]);
  EXPECT_THAT(rules, ::testing::IsSupersetOf({"PRB002", "ENV004"}));
}

// The two conformance cases at the ends of the scale, on a box with torch 2.8.0 and an RTX 5090.
TEST_F(Preflight, TheDesignCardIsNoGoWithThePinFirstAndTheCleanJobIsAGo) {
  const fs::path cases = fs::path(PREFLINT_SOURCE_DIR) / "../shared/conformance";
  if (!fs::is_directory(cases)) GTEST_SKIP() << "no conformance cases beside this checkout";
  PreflightOptions options;
  options.box.from = kBox;
  options.format = "json";
  options.output_file = root_ / "out";
  options.paths = {cases / "01-design-card"};
  EXPECT_EQ(preflight(options), 1);
  json_ = Json::parse(read(root_ / "out"));
  EXPECT_EQ(json_["verdict"], "NO-GO");
  EXPECT_EQ(json_["first"][0]["rule"], "DEP001");
  EXPECT_THAT(json_["first"][0]["reason"].get<std::string>(), HasSubstr("RTX 5090 (sm_120)"));
  // What goes with the pin is not a second thing to do.
  for (const Json& step : json_["first"]) {
    EXPECT_THAT(step["rule"], ::testing::AllOf(::testing::Ne("DEP003"), ::testing::Ne("DEP006")));
  }

  options.paths = {cases / "08-clean"};
  EXPECT_EQ(preflight(options), 0);
  json_ = Json::parse(read(root_ / "out"));
  EXPECT_EQ(json_["verdict"], "GO");
  EXPECT_TRUE(json_["first"].empty());
}

TEST_F(Preflight, ChineseIsChinese) {
  PreflightOptions options;
  options.paths = {root_ / "project"};
  options.box.from = box("hook.file=present", "hook.file=absent");
  options.language = Language::zh;
  options.output_file = root_ / "out";
  EXPECT_EQ(preflight(options), 1);
  EXPECT_THAT(read(root_ / "out"), HasSubstr("先做这些：\n  1. PRB002 "));
}

TEST_F(Preflight, MistakesInTheOptionsAreTold) {
  ProbeOptions options;
  options.output_file = root_ / "out";
  options.box.host = "-oProxyCommand=touch " + (root_ / "pwned").string();
  EXPECT_EQ(probe_box(options), 2);
  EXPECT_FALSE(fs::exists(root_ / "pwned"));
  options.box.host = "box";
  options.box.from = kBox;
  EXPECT_EQ(probe_box(options), 2);
  options.box.host = "";
  options.box.from = root_ / "nowhere";
  EXPECT_EQ(probe_box(options), 2);
  EXPECT_FALSE(fs::exists(root_ / "out"));
}

TEST_F(Preflight, AFileIsWrittenWholeOrNotAtAll) {
  EXPECT_EQ(save_file(root_ / "a", "text"), "");
  EXPECT_EQ(read(root_ / "a"), "text");
  fs::permissions(root_ / "a", fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(save_file(root_ / "a", "more"), "");
  EXPECT_EQ(fs::status(root_ / "a").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_THAT(save_file(root_ / "no/a", "text"), HasSubstr("No such file"));
  EXPECT_EQ(save_file("/dev/null", "text"), "");
}

}  // namespace
}  // namespace preflint::cli
