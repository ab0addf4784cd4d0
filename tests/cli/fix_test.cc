#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "cli/program.h"
#include "cli/write_file.h"

namespace preflint::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// NET003 has a safe fix, ENV001 too.
constexpr const char* kBad = "#!/bin/bash\nset -e\nsource /etc/network_turbo\necho done\n";

TEST(Fix, AppliesSafeFixesAndSaysHowMany) {
  const TemporaryFolder folder;
  folder.write("a.sh", kBad, true);
  const auto mode = fs::status(folder / "a.sh").permissions();
  const Ran ran = run_in(folder.path(), {"check", "--fix"});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.error;
  EXPECT_THAT(ran.out, HasSubstr("Fixed 1 finding. No problems in 1 file."));
  EXPECT_THAT(folder.read("a.sh"), Not(HasSubstr("\nsource /etc/network_turbo\n")));
  EXPECT_EQ(fs::status(folder / "a.sh").permissions(), mode);
  const std::string once = folder.read("a.sh");
  EXPECT_EQ(run_in(folder.path(), {"check", "--fix"}).status, 0);
  EXPECT_EQ(folder.read("a.sh"), once);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1)
      << "something was left behind";
}

TEST(Fix, KeepsLineEndsAndAMissingLastNewline) {
  const TemporaryFolder folder;
  folder.write("a.sh", "#!/bin/bash\nset -e\nsource /etc/network_turbo");
  run_in(folder.path(), {"check", "--fix"});
  EXPECT_THAT(folder.read("a.sh"), Not(::testing::EndsWith("\n")));
  EXPECT_NE(folder.read("a.sh"), "#!/bin/bash\nset -e\nsource /etc/network_turbo");
}

TEST(Fix, DiffChangesNothing) {
  const TemporaryFolder folder;
  folder.write("a.sh", kBad);
  const Ran ran = run_in(folder.path(), {"check", "--diff"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr("--- a.sh\n+++ a.sh\n@@ -1,4 +1,4 @@\n"));
  EXPECT_THAT(ran.out, HasSubstr("\n-source /etc/network_turbo\n+"));
  EXPECT_EQ(ran.error, "Would fix 1 finding.\n");
  EXPECT_EQ(folder.read("a.sh"), kBad);
  // What it prints is what --fix does.
  folder.write("diff", ran.out);
  ASSERT_TRUE(shell(folder.path(), "patch -p0 < diff"));
  const std::string patched = folder.read("a.sh");
  folder.write("a.sh", kBad);
  run_in(folder.path(), {"check", "--fix"});
  EXPECT_EQ(folder.read("a.sh"), patched);
  EXPECT_EQ(run_in(folder.path(), {"check", "--diff"}).status, 0);
  EXPECT_THAT(run_in(folder.path(), {"check", "--diff"}).out, IsEmpty());
}

TEST(Fix, OfStandardInputIsTheOutput) {
  const TemporaryFolder folder;
  const Ran ran =
      run_in(folder.path(), {"check", "--fix", "--stdin-filename", "x/a.sh", "-"}, kBad);
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, ::testing::StartsWith("#!/bin/bash\nset -e\n"));
  EXPECT_THAT(ran.error, HasSubstr("Fixed 1 finding."));
  EXPECT_EQ(run_in(folder.path(), {"check", "--fix", "-"}, "echo hello").out, "echo hello");
}

TEST(Fix, OnlyWhatWasNamedIsTouched) {
  const TemporaryFolder folder;
  folder.write("preflint.yaml", "profile: autodl\n");
  folder.write("a.sh", kBad);
  folder.write("b.sh", kBad);
  run_in(folder.path(), {"check", "--fix", "a.sh"});
  EXPECT_NE(folder.read("a.sh"), kBad);
  EXPECT_EQ(folder.read("b.sh"), kBad);
}

TEST(Fix, LeavesTheRestOfANotebookAsItIs) {
  const TemporaryFolder folder;
  const std::string before = "{\"cells\":   [\n\t{\"source\":[\"%%bash\\n\",\"set -e\\n\",\"";
  const std::string call = "python3 x.py";
  const std::string after =
      "\\n\",\"echo \\u4f60\\/\"],\"cell_type\":\"code\",\"outputs\":[ ] "
      "}],\"nbformat\":4,\"x\":1e+2}\n";
  folder.write("a.ipynb", before + call + after);
  run_in(folder.path(), {"check", "--fix", "--select", "ENV001"});
  const std::string text = folder.read("a.ipynb");
  EXPECT_NE(text, before + call + after);
  EXPECT_THAT(text, ::testing::StartsWith(before));
  EXPECT_THAT(text, ::testing::EndsWith(after));
}

/// A profile whose hook is no hook: its line would be inserted again and again.
TEST(Fix, ThatMendsNothingIsNotMade) {
  const TemporaryFolder folder;
  const std::string bad =
      "#!/bin/bash\npip install torch\nwget https://github.com/a\nsource "
      "/etc/network_turbo\npython3 x.py\n";
  for (const char* hook :
       {"{hook_guarded: \"\"}", "{hook_guarded: \"true\"}", "{hook_guarded: echo hook}"}) {
    folder.write("box.yaml", std::string("extends: autodl\nname: box\nnetwork: ") + hook + "\n");
    folder.write("a.sh", bad);
    const auto fix = [&] {
      return run_in(folder.path(), {"check", "--fix", "--unsafe-fixes", "--profile", "./box.yaml"});
    };
    const Ran ran = fix();
    EXPECT_LE(ran.status, 1) << ran.error;
    EXPECT_THAT(folder.read("a.sh"), ::testing::StartsWith("#!/bin/bash\npip install torch\n"))
        << hook;
    EXPECT_THAT(folder.read("a.sh"), Not(HasSubstr("\npython3 x.py")))
        << "another fix was hindered";
    const std::string once = folder.read("a.sh");
    fix();
    EXPECT_EQ(folder.read("a.sh"), once) << hook;
  }
}

TEST(Fix, OfUtf16SaysWhyItIsNotMade) {
  const TemporaryFolder folder;
  const std::string text = "torch==1.0\n";
  std::string wide = "\xff\xfe";
  for (const char c : text) (wide += c) += '\0';
  folder.write("requirements.txt", wide);
  const Ran ran = run_in(folder.path(), {"check", "--fix", "--unsafe-fixes"});
  EXPECT_EQ(ran.status, 2) << ran.out;
  EXPECT_THAT(ran.error, HasSubstr("it is UTF-16: what is written is UTF-8"));
  EXPECT_EQ(folder.read("requirements.txt"), wide);
}

/// The number of a closed stream is that of the next file: what we say must not get into it.
TEST(Fix, WithClosedStreamsWritesNothingElseIntoTheFile) {
  const TemporaryFolder folder, other;
  other.write("a.sh", kBad);
  run_in(other.path(), {"check", "--fix"});
  for (const std::vector<int>& closed :
       std::vector<std::vector<int>>{{1}, {2}, {1, 2}, {0}, {0, 1, 2}}) {
    folder.write("a.sh", kBad);
    const Ran ran = run_in(folder.path(), {"check", "--fix", "--verbose"}, "", [&] {
      for (const int stream : closed) ::close(stream);
    });
    EXPECT_LE(ran.status, 2);
    EXPECT_EQ(folder.read("a.sh"), other.read("a.sh")) << ::testing::PrintToString(closed);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1)
        << "something was left behind";
  }
}

TEST(Fix, WhereAFileMayNotGrowChangesNothing) {
  const TemporaryFolder folder;
  folder.write("a.sh", kBad);
  // Into a pipe, because the limit holds for what the test reads as well.
  const Ran ran = run_in(folder.path(), {"check", "--fix", "--quiet"}, "", [] {
    int ends[2];
    if (::pipe(ends) != 0) ::_exit(99);
    ::dup2(ends[1], STDOUT_FILENO);
    const rlimit none = {0, 0};
    ::setrlimit(RLIMIT_FSIZE, &none);
  });
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(folder.read("a.sh"), kBad);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1)
      << "something was left behind";
}

TEST(Fix, FollowsNoLinkOutOfTheProject) {
  const TemporaryFolder folder, elsewhere;
  elsewhere.write("real.sh", kBad);
  folder.write("preflint.yaml", "profile: autodl\n");
  fs::create_symlink(elsewhere / "real.sh", folder / "a.sh");
  const Ran ran = run_in(folder.path(), {"check", "--fix", "a.sh"});
  EXPECT_EQ(elsewhere.read("real.sh"), kBad);
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.error,
              HasSubstr("a.sh: not fixed: it is a link to a file outside of the project"));
}

TEST(ReplaceFile, RefusesWhatHasChangedMeanwhile) {
  const TemporaryFolder folder;
  folder.write("a.sh", "new\n");
  EXPECT_EQ(
      replace_file(folder / "a.sh", folder.path(), "old\n", "fixed\n").value_or(Sentence()).en,
      "it has changed since it was read");
  EXPECT_EQ(folder.read("a.sh"), "new\n");
  EXPECT_EQ(replace_file(folder / "a.sh", folder.path(), "new\n", "fixed\n"), std::nullopt);
  EXPECT_EQ(folder.read("a.sh"), "fixed\n");
  // Somebody else has done the same: fine.
  EXPECT_EQ(replace_file(folder / "a.sh", folder.path(), "new\n", "fixed\n"), std::nullopt);
}

TEST(ReplaceFile, FollowsALinkWithinTheProject) {
  const TemporaryFolder folder;
  folder.write("sub/real.sh", "old\n");
  fs::create_symlink("sub/real.sh", folder / "a.sh");
  EXPECT_EQ(replace_file(folder / "a.sh", folder.path(), "old\n", "fixed\n"), std::nullopt);
  EXPECT_TRUE(fs::is_symlink(folder / "a.sh"));
  EXPECT_EQ(folder.read("sub/real.sh"), "fixed\n");
}

TEST(ReplaceFile, KeepsModeAndOwner) {
  const TemporaryFolder folder;
  folder.write("a.sh", "old\n");
  ASSERT_EQ(::chmod((folder / "a.sh").c_str(), 02751), 0);
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::chown((folder / "a.sh").c_str(), 12345, 12346), 0);
    ASSERT_EQ(::chmod((folder / "a.sh").c_str(), 02751), 0);
  }
  EXPECT_EQ(replace_file(folder / "a.sh", folder.path(), "old\n", "fixed\n"), std::nullopt);
  struct stat status;
  ASSERT_EQ(::stat((folder / "a.sh").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 02751U);
  if (root) {
    EXPECT_EQ(std::pair(status.st_uid, status.st_gid), std::pair(uid_t{12345}, gid_t{12346}));
  }
}

TEST(ReplaceFile, TwoAtOnceLeaveOneWholeFile) {
  const TemporaryFolder folder;
  const std::string old(200'000, 'o');
  for (int round = 0; round < 20; ++round) {
    folder.write("a.sh", old);
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
      const pid_t child = ::fork();
      if (child == 0)
        ::_exit(replace_file(folder / "a.sh", folder.path(), old,
                             std::string(300'000, static_cast<char>('a' + i)))
                    ? 1
                    : 0);
      children.push_back(child);
    }
    int done = 0;
    for (const pid_t child : children) {
      int status = 0;
      ::waitpid(child, &status, 0);
      done += status == 0;
    }
    EXPECT_EQ(done, 1);
    const std::string text = folder.read("a.sh");
    EXPECT_EQ(text.size(), 300'000U);
    EXPECT_EQ(text.find_first_not_of(text[0]), std::string::npos);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
  }
}

}  // namespace
}  // namespace preflint::cli
