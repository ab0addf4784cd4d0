#include <gmock/gmock.h>

#include "cli/git_changes.h"
#include "cli/program.h"

namespace preflint::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kCommit = "git -c user.email=a@b -c user.name=n commit -qam x";

TEST(Baseline, HidesWhatWasThereAndSurvivesMovedLines) {
  const TemporaryFolder folder;
  folder.write("sub/a.sh", "git clone https://github.com/a/b\n");
  Ran ran = run_in(folder.path(), {"check", "--write-baseline", "base.json"});
  EXPECT_EQ(ran.status, 0) << ran.error;
  EXPECT_EQ(ran.out, "Wrote 1 findings to base.json.\n");
  EXPECT_EQ(run_in(folder.path(), {"check", "--baseline", "base.json"}).status, 0);
  folder.write("sub/a.sh", "echo 1\n\necho 2\n  git clone https://github.com/a/b\n");
  ran = run_in(folder.path() + "/sub", {"check", "--baseline", "../base.json"});
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_THAT(ran.error, IsEmpty());
  // A second one like it is new.
  folder.write("sub/b.sh", "git clone https://github.com/a/b\n");
  ran = run_in(folder.path(), {"check", "--baseline", "base.json"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr("sub/b.sh:1:1"));
  EXPECT_THAT(ran.out, Not(HasSubstr("sub/a.sh")));
}

TEST(Baseline, SaysWhatIsStale) {
  const TemporaryFolder folder;
  folder.write("a.sh", "git clone https://github.com/a/b\n");
  folder.write("b.sh", "git clone https://github.com/a/b\n");
  run_in(folder.path(), {"check", "--write-baseline", "base.json"});
  folder.write("a.sh", "echo\n");
  const Ran ran = run_in(folder.path(), {"check", "--baseline", "base.json"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.error, HasSubstr("base.json: NET001 is no longer found in a.sh"));
  EXPECT_THAT(run_in(folder.path(), {"check", "--baseline", "base.json", "b.sh"}).error, IsEmpty());
}

TEST(Baseline, ThatIsNoneIsAnError) {
  const TemporaryFolder folder;
  folder.write("a.sh", "echo\n");
  EXPECT_EQ(run_in(folder.path(), {"check", "--baseline", "none.json"}).status, 2);
  folder.write("base.json", "{\"version\": 1,\n \"findings\": [7]}");
  const Ran ran = run_in(folder.path(), {"check", "--baseline", "base.json"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.error, HasSubstr("base.json:2:15: "));
}

/// A repository with one commit.
class Changed : public ::testing::Test {
 protected:
  Changed() {
    folder_.write("old.sh", "git clone https://github.com/a/b\n\n\npython3 x.py\n");
    EXPECT_TRUE(shell(folder_.path(), std::string("git init -q . && git add . && ") + kCommit));
  }
  Ran check(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"check", "--changed", "--output-format", "concise"});
    return run_in(folder_.path(), more);
  }
  TemporaryFolder folder_;
};

TEST_F(Changed, OnlyChangedLinesAndNewFiles) {
  EXPECT_EQ(check().status, 0) << check().out << check().error;
  folder_.write("old.sh", "git clone https://github.com/a/b\n\n\npython3 y.py\n");
  folder_.write("new \xe4\xbd\xa0.sh", "conda create -n x --clone base\n");
  folder_.write("sub/.gitignore", "out.sh\n");
  folder_.write("sub/out.sh", "conda create -n x --clone base\n");
  const Ran ran = check();
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr("old.sh:4:1"));
  EXPECT_THAT(ran.out, HasSubstr("new \xe4\xbd\xa0.sh:1:1"));
  EXPECT_THAT(ran.out, Not(HasSubstr("old.sh:1:")));
  EXPECT_THAT(ran.out, Not(HasSubstr("out.sh")));
}

TEST_F(Changed, SinceARevision) {
  folder_.write("old.sh", "git clone https://github.com/a/b\n\n\npython3 y.py\n");
  ASSERT_TRUE(shell(folder_.path(), kCommit));
  EXPECT_EQ(check().status, 0);
  const Ran ran = run_in(folder_.path(), {"check", "--changed=HEAD~1", "."});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr("old.sh:4:1"));
  EXPECT_THAT(ran.out, Not(HasSubstr("old.sh:1:1")));
}

TEST_F(Changed, AFindingOfSeveralFilesCountsWhenAnyOfThemChanged) {
  folder_.write("run.sh", "echo\nbash old.sh\n");
  const Ran ran = check();
  EXPECT_EQ(ran.status, 1) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("old.sh:1:1"));
}

TEST_F(Changed, FixesOnlyThose) {
  folder_.write("old.sh", "git clone https://github.com/a/b\n\n\npython3 x.py\npython3 y.py\n");
  check({"--fix"});
  EXPECT_THAT(folder_.read("old.sh"), HasSubstr("\npython3 x.py\n"));
  EXPECT_THAT(folder_.read("old.sh"), Not(HasSubstr("\npython3 y.py\n")));
}

TEST_F(Changed, WhatGitDoesNotKnowIsAnError) {
  EXPECT_EQ(run_in(folder_.path(), {"check", "--changed=nowhere"}).status, 2);
  EXPECT_EQ(run_in(folder_.path(), {"check", "--changed=--output=x"}).status, 2);
  const TemporaryFolder plain;
  plain.write("a.sh", "echo\n");
  const Ran ran = run_in(plain.path(), {"check", "--changed"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.error, HasSubstr("not a git repository"));
}

TEST(ChangedBeforeTheFirstCommit, EverythingIsNew) {
  const TemporaryFolder folder;
  folder.write("a.sh", "git clone https://github.com/a/b\n");
  ASSERT_TRUE(shell(folder.path(), "git init -q . && git add ."));
  EXPECT_EQ(run_in(folder.path(), {"check", "--changed"}).status, 1);
}

TEST(GitChanges, ALineThatLooksLikeAHeaderIsNone) {
  const GitChanges changes = GitChanges::of_diff(
      "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -2 +2,2 @@\n--- a\n+++ b/y\n+z\n@@ -9,0 +11 "
      "@@\n+w\n",
      "/p");
  EXPECT_FALSE(changes.file("/p/y"));
  EXPECT_TRUE(changes.lines("/p/x", 3, 3));
  EXPECT_FALSE(changes.lines("/p/x", 4, 10));
  EXPECT_TRUE(changes.lines("/p/x", 4, 11));
}

}  // namespace
}  // namespace preflint::cli
