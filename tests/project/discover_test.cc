#include "project/discover.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "project/disk_reader.h"
#include "project/file_kind.h"
#include "project/temporary_folder.h"

namespace preflint::project {
namespace {

std::vector<std::string> names(const TemporaryFolder& folder, const Discovered& found) {
  std::vector<std::string> names;
  for (const auto& file : found.files) names.push_back(file->path.substr(folder.path().size() + 1));
  return names;
}

using Names = std::vector<std::string>;

TEST(FileKind, ByNameAndShebang) {
  EXPECT_EQ(kind_by_name("a/run.sh.template"), FileKind::shell);
  EXPECT_EQ(kind_by_name(".bashrc"), FileKind::shell);
  EXPECT_EQ(kind_by_name("/x/requirements/base.txt"), FileKind::requirements);
  EXPECT_EQ(kind_by_name("dev-requirements.in"), FileKind::requirements);
  EXPECT_EQ(kind_by_name("MANIFEST.in"), std::nullopt);
  EXPECT_EQ(kind_by_name("notes.txt"), std::nullopt);
  EXPECT_EQ(kind_by_name("environment-gpu.yaml"), FileKind::conda_environment);
  EXPECT_EQ(kind_by_name("/root/.ssh/config"), FileKind::ssh_config);
  EXPECT_EQ(kind_by_name(".sh"), std::nullopt);
  for (const char* makefile :
       {"Makefile", "a/makefile", "GNUmakefile", "Makefile.cuda", "rules.mk"})
    EXPECT_EQ(kind_by_name(makefile), FileKind::other) << makefile;
  EXPECT_EQ(kind_by_name("Makefile.sh"), FileKind::shell);
  EXPECT_EQ(kind_by_name("makefiles"), std::nullopt);
  EXPECT_EQ(kind_by_shebang("#!/bin/bash -e\n"), FileKind::shell);
  EXPECT_EQ(kind_by_shebang("#! /usr/bin/env -S FOO=1 python3 -u\n"), FileKind::python);
  EXPECT_EQ(kind_by_shebang("#!/usr/bin/perl"), std::nullopt);
  EXPECT_EQ(kind_by_shebang("#!\n"), std::nullopt);
  EXPECT_EQ(kind_by_shebang("#!/usr/bin/env"), std::nullopt);
}

TEST(Discover, PassesOverWhatStandsForAnotherFile) {
  const TemporaryFolder folder;
  folder.write("train.py", "x = 1\n");
  folder.write("._train.py", std::string("\0\x05\x16\x07\0\x02\0\0Mac OS X", 16));
  folder.write("requirements.txt",
               "version https://git-lfs.github.com/spec/v1\noid sha256:2cb0075c\nsize 112\n");
  const Discovered found = discover({folder.path()}, {});
  EXPECT_EQ(names(folder, found), (Names{"train.py"}));
  EXPECT_TRUE(found.unreadable.empty());
  EXPECT_EQ(DiskReader(folder.path()).open(folder.path() + "/requirements.txt"), nullptr);
}

TEST(Discover, FindsWhatCanBeLintedInOrder) {
  const TemporaryFolder folder;
  folder.write("z.sh", "x");
  folder.write("a/train.py", "x");
  folder.write("a/readme.md", "x");
  folder.write("tool", "#!/bin/sh\n");
  folder.write("data",
               "\x7f"
               "ELF");
  folder.write("run.job", "#!/bin/bash\n", true);
  folder.write("run.txt", "#!/bin/bash\n");
  folder.write("node_modules/x.sh", "x");
  folder.write("wandb/x.sh", "x");
  EXPECT_EQ(names(folder, discover({folder.path()}, {})),
            (Names{"a/train.py", "run.job", "tool", "z.sh"}));
}

TEST(Discover, NamedPathsAreAlwaysLinted) {
  const TemporaryFolder folder;
  folder.write(".gitignore", "*\n");
  const std::string named = folder.write("build/x.sh", "x");
  const std::string text = folder.write("run.txt", "#!/bin/bash\n");
  const std::string other = folder.write("readme.md", "x");
  const Discovered found = discover({named, named, text, other, folder / "nope"}, {});
  EXPECT_EQ(names(folder, found), (Names{"build/x.sh", "run.txt"}));
  EXPECT_EQ(found.unknown, Names{other});
  EXPECT_EQ(found.missing, Names{folder / "nope"});
  EXPECT_EQ(names(folder, discover({folder / "build"}, {})), Names{"build/x.sh"});
}

TEST(Discover, OddFilesAreReportedAndHideNothing) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe.sh").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  ASSERT_EQ(::symlink(".", (folder / "loop").c_str()), 0);
  ASSERT_EQ(::symlink("self.sh", (folder / "self.sh").c_str()), 0);
  ASSERT_EQ(::symlink("/etc/passwd", (folder / "link.sh").c_str()), 0);
  folder.write("bin.py", std::string("a\0b", 3));
  folder.write("wide.py",
               "\xff\xfe"
               "a");
  folder.write("ok.sh", "x");
  const Discovered found = discover({folder.path()}, {});
  EXPECT_EQ(names(folder, found), Names{"ok.sh"});
  std::map<std::string, Trouble> troubles;
  for (const Unreadable& one : found.unreadable)
    troubles[one.path.substr(folder.path().size() + 1)] = one.trouble;
  const std::map<std::string, Trouble> expected = {
      {"pipe.sh", Trouble::not_regular}, {"bin.py", Trouble::binary}, {"wide.py", Trouble::utf16}};
  EXPECT_EQ(troubles, expected);
}

TEST(Discover, LargeFilesAreNotRead) {
  const TemporaryFolder folder;
  folder.write("big.sh", "");
  std::filesystem::resize_file(folder / "big.sh", kMaxSourceBytes + 1);
  const Discovered found = discover({folder.path()}, {});
  ASSERT_EQ(found.unreadable.size(), 1u);
  EXPECT_EQ(found.unreadable[0].trouble, Trouble::too_large);
}

/// Somebody works in the folder between the look at it and the reading of its files.
TEST(Discover, FilesThatChangeMeanwhile) {
  const TemporaryFolder folder;
  for (const char* name : {"gone.sh", "short.sh", "longer.sh", "folder.sh", "pipe.sh", "binary.sh"})
    folder.write(name, "echo text\n");
  folder.write("sub/a.sh", "x");
  DiscoverOptions options;
  options.excluded = [&](const std::string& path, bool) {
    const auto replace = [&](const char* name) {
      return path == folder / name && std::filesystem::remove(path);
    };
    if (replace("gone.sh")) return false;
    if (replace("folder.sh")) std::filesystem::create_directory(path);
    if (replace("pipe.sh")) ::mkfifo(path.c_str(), 0600);
    if (replace("longer.sh")) folder.write("longer.sh", std::string(200'000, '#'));
    if (replace("binary.sh")) folder.write("binary.sh", std::string(1, '\0'));
    if (path == folder / "short.sh") std::filesystem::resize_file(path, 4);
    if (path == folder / "sub") std::filesystem::remove_all(path);
    return false;
  };
  const Discovered found = discover({folder.path()}, options);
  EXPECT_EQ(names(folder, found), (Names{"longer.sh", "short.sh"}));
  EXPECT_EQ(found.files[0]->bytes.size(), 200'000u);
  EXPECT_EQ(found.files[1]->bytes, "echo");
  std::map<std::string, Trouble> troubles;
  for (const Unreadable& one : found.unreadable)
    troubles[one.path.substr(folder.path().size() + 1)] = one.trouble;
  const std::map<std::string, Trouble> expected = {{"gone.sh", Trouble::missing},
                                                   {"folder.sh", Trouble::not_regular},
                                                   {"pipe.sh", Trouble::not_regular},
                                                   {"binary.sh", Trouble::binary},
                                                   {"sub", Trouble::missing}};
  EXPECT_EQ(troubles, expected);
}

TEST(Discover, ManyThreadsFindTheSame) {
  const TemporaryFolder folder;
  for (int i = 0; i < 300; ++i)
    folder.write("d" + std::to_string(i % 7) + "/f" + std::to_string(i) + ".sh", "x");
  DiscoverOptions options;
  options.threads = 4;
  EXPECT_EQ(names(folder, discover({folder.path()}, options)),
            names(folder, discover({folder.path()}, {})));
}

TEST(DiskReader, StaysBelowItsRoot) {
  const TemporaryFolder folder;
  folder.write("outside.sh", "secret");
  folder.write("p/a.sh", "x");
  ASSERT_EQ(::symlink("../outside.sh", (folder / "p/leak.sh").c_str()), 0);
  ASSERT_EQ(::symlink("a.sh", (folder / "p/inside.sh").c_str()), 0);
  ASSERT_EQ(::symlink("/", (folder / "p/top").c_str()), 0);
  const DiskReader reader(folder / "p");
  EXPECT_TRUE(reader.open(folder / "p/a.sh"));
  EXPECT_EQ(reader.open(folder / "p/a.sh"), reader.open(folder / "p/a.sh"));
  EXPECT_TRUE(reader.open(folder / "p/inside.sh"));
  EXPECT_FALSE(reader.open(folder / "p/leak.sh"));
  EXPECT_FALSE(reader.exists(folder / "p/leak.sh"));
  EXPECT_FALSE(reader.directory(folder / "p/top"));
  EXPECT_FALSE(reader.open(folder / "outside.sh"));
  EXPECT_FALSE(reader.open("/etc/passwd"));
  EXPECT_FALSE(reader.open("/dev/zero"));
}

}  // namespace
}  // namespace preflint::project
