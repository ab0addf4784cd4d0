// What a project costs: texts that many programs share are not gone through for each of them, and
// what is left out loses no finding.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "support/lint.h"
#include "support/slower.h"

namespace preflint::testing {
namespace {

using ::testing::ElementsAre;

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::vector<std::string> places(const Files& files) {
  std::vector<std::string> out;
  for (const Found& one : lint(files, {.only = "DEP015"}))
    out.push_back(one.path + ":" + std::to_string(one.line));
  return out;
}

const char* const kLibrary = "prepare() {\n  pip install torch>=2.0\n}\n";

TEST(Cost, FunctionsThatNobodyCallsAreFoundInOneOfTheirReaders) {
  EXPECT_THAT(places({{"lib.sh", kLibrary}, {"a.sh", ". ./lib.sh\n"}, {"b.sh", ". ./lib.sh\n"}}),
              ElementsAre("lib.sh:2"));
}

// `a.sh` is seen through `run.sh`: its own look at the library is not kept.
TEST(Cost, FunctionsThatNobodyCallsAreFoundWhereTheFirstReaderIsReadItself) {
  EXPECT_THAT(places({{"lib.sh", kLibrary}, {"a.sh", ". ./lib.sh\n"}, {"run.sh", ". ./a.sh\n"}}),
              ElementsAre("lib.sh:2"));
  EXPECT_THAT(places({{"lib.sh", kLibrary}, {"a.sh", ". ./lib.sh\n"}, {"run.sh", "bash a.sh\n"}}),
              ElementsAre("lib.sh:2"));
}

// A program of two thousand lines, whose functions call each other's helpers over and over.
TEST(Cost, ALongScriptIsReadToItsEnd) {
  std::string script = "say() { echo a; echo b; echo c; echo d; echo e; echo f; }\n", calls;
  for (int i = 0; i < 120; ++i) {
    const std::string name = "step" + std::to_string(i);
    script += name + "() {\n";
    for (int n = 0; n < 40; ++n) script += "  say x" + std::to_string(n) + "\n";
    script += "}\n";
    calls += name + "\n";
  }
  script += "last() {\n  pip install torch==2.0.1\n}\n";
  const auto found = lint({{"run.sh", script + calls + "last\n"}}, {.only = "DEP004"});
  EXPECT_EQ(found.size(), 1U);
  EXPECT_TRUE(lint({{"run.sh", script + calls + "last\n"}}, {.only = "PFL006"}).empty());
}

// A sweep over fifteen lists is not gone through for each combination, nor twice for each loop.
TEST(Cost, LoopsWithinEachOther) {
  std::string heads, ends, names;
  for (int i = 0; i < 15; ++i) {
    const std::string name = "v" + std::to_string(i);
    heads += "for " + name + " in 1 2 3 4; do\n";
    names += " --" + name + " $" + name;
    ends += "done\n";
  }
  const std::string script =
      "#!/bin/bash\n" + heads + "python3 train.py" + names + "\n" + ends + "pip3 list\n";
  std::vector<int> lines;
  for (const Found& one : lint({{"run.sh", script}}, {.only = "ENV001"})) lines.push_back(one.line);
  EXPECT_THAT(lines, ElementsAre(17, 33));
  EXPECT_TRUE(lint({{"run.sh", script}}, {.only = "PFL006"}).empty());
}

TEST(Cost, BranchesThatSetAVariableEach) {
  std::string script = "#!/bin/bash\ncase \"$1\" in\n";
  for (int i = 0; i < 6000; ++i) {
    const std::string number = std::to_string(i);
    script += "  item" + number + ") name" + number + "=" + number + "; python train.py ;;\n";
  }
  const double before = seconds();
  lint({{"run.sh", script + "esac\n"}});
  EXPECT_LT(seconds() - before, 6 * kSlower);  // 0.3 s; 12 s when each is joined with all before
}

// A picture in base64 has a run of word characters every few dozen bytes; each was read to its end.
TEST(Cost, APictureIsReadOnce) {
  std::string picture;
  uint32_t state = 1;
  for (int i = 0; i < 1'000'000; ++i) {
    state = state * 1664525 + 1013904223;
    picture += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[state >> 26];
  }
  const double before = seconds();
  const auto found =
      lint({{"a.py", "picture = '" + picture + "'\napi_key = 'q8Zr4Tn1Vb7Xc2Lm9Ws5Kd3Hf6'\n"}},
           {.only = "SEC001"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 2);
  EXPECT_LT(seconds() - before, 5 * kSlower);  // 0.03 s; 40 s when each run is read to the end
}

// A program that costs some 50 000 steps and downloads its weights unless told to start afresh.
std::string costly_program() {
  std::string out =
      "import argparse\nfrom torchvision import models\n"
      "parser = argparse.ArgumentParser()\n"
      "parser.add_argument('--seed', type=int, default=0)\n"
      "parser.add_argument('--weights', default='imagenet')\n"
      "args = parser.parse_args()\n"
      "def step0(x):\n    return x + 1\n";
  for (int i = 1; i < 6; ++i) {
    const std::string call = "    x = step" + std::to_string(i - 1) + "(x)\n";
    out += "def step" + std::to_string(i) + "(x):\n";
    for (int n = 0; n < 6; ++n) out += call;
    out += "    return x\n";
  }
  return out +
         "step5(args.seed)\n"
         "if args.weights == 'imagenet':\n    models.resnet18(pretrained=True)\n";
}

std::string launches(int from, int to, const std::string& more = "") {
  std::string out = "#!/bin/bash\n";
  for (int seed = from; seed < to; ++seed)
    out += "python train.py --seed " + std::to_string(seed) + more + "\n";
  return out;
}

std::vector<std::string> scripts_that_download(const Files& files) {
  std::vector<std::string> out;
  for (const Found& one : lint(files, {.only = "NET001"}))
    out.push_back(one.path + ":" + std::to_string(one.line));
  return out;
}

// One script's sweep takes nothing from the next script that starts the same program.
TEST(Cost, ASweepLeavesOtherScriptsTheirLook) {
  EXPECT_THAT(scripts_that_download({{"train.py", costly_program()},
                                     {"a.sh", launches(0, 60)},
                                     {"b.sh", launches(100, 160)},
                                     {"c.sh", launches(200, 201)}}),
              ElementsAre("a.sh:2", "b.sh:2", "c.sh:2"));
}

// Nor do many scripts: what is past all limits is seen with what the launches have in common.
TEST(Cost, EachOfManyScriptsIsFollowed) {
  Files files = {{"train.py", costly_program()}};
  for (int i = 100; i < 160; ++i) files["run" + std::to_string(i) + ".sh"] = launches(i, i + 1);
  EXPECT_EQ(scripts_that_download(files).size(), 60U);
}

// What the sweep downloads, others with another option do not: neither one script nor many.
TEST(Cost, ALaunchBeyondTheLimitIsNotTakenForAnother) {
  const std::string none = " --weights none";
  Files files = {{"a.sh", launches(0, 60, " --weights imagenet")}, {"train.py", costly_program()}};
  for (int i = 100; i < 160; ++i)
    files["run" + std::to_string(i) + ".sh"] = launches(i, i + 1, none);
  EXPECT_THAT(scripts_that_download(files), ElementsAre("a.sh:2"));
  EXPECT_THAT(scripts_that_download({{"train.py", costly_program()},
                                     {"a.sh", launches(0, 60, " --weights imagenet")},
                                     {"b.sh", launches(100, 160, none)},
                                     {"c.sh", launches(200, 201, none)}}),
              ElementsAre("a.sh:2"));
}

TEST(Cost, DownloadsThatAskWhatWasConfigured) {
  std::string script = "#!/bin/bash\n";
  for (int i = 0; i < 6000; ++i) {
    const std::string number = std::to_string(i);
    script += "pip install a" + number + "\ngit clone https://github.com/a/b" + number + "\n";
  }
  const double before = seconds();
  lint({{"run.sh", script}});
  EXPECT_LT(seconds() - before, 6 * kSlower);  // 0.6 s; 16 s when each looks at all before it
}

}  // namespace
}  // namespace preflint::testing
