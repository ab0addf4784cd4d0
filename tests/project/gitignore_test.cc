#include "project/gitignore.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <sstream>

#include "project/discover.h"
#include "project/temporary_folder.h"
#include "project/wild_match.h"

namespace preflint::project {
namespace {

TEST(WildMatch, ReadsGlobsAsGitDoes) {
  const std::tuple<const char*, const char*, bool> kCases[] = {
      {"foo", "foo", true},         {"*.sh", "a.sh", true},
      {"*.sh", "d/a.sh", false},    {"a/*/c", "a/b/c", true},
      {"a/*/c", "a/b/d/c", false},  {"a/**/c", "a/c", true},
      {"a/**/c", "a/b/d/c", true},  {"**/c", "c", true},
      {"**/c", "a/b/c", true},      {"a/**", "a/b/c", true},
      {"a/**", "a", false},         {"**", "x/y", true},
      {"a**/c", "ax/c", true},      {"a**/c", "ax/y/c", false},
      {"?x", "ax", true},           {"?x", "/x", false},
      {"[a-c]x", "bx", true},       {"[!a-c]x", "bx", false},
      {"[^a]", "b", true},          {"[]a]", "]", true},
      {"[a", "a", false},           {"[[:digit:]]", "7", true},
      {"[[:nope:]]", "7", false},   {"\\*", "*", true},
      {"\\*", "x", false},          {"[\\]]", "]", true},
      {"a*b*c", "aXbYbZc", true},   {"**/a/**/b", "x/a/y/z/b", true},
      {"**/*a*/b", "x/ya/b", true}, {"*", "", true},
      {"a/**/**/b", "a/b", true},   {"[a/]b", "/b", false},
      {"x\\", "x\\", false},
  };
  for (const auto& [pattern, path, expected] : kCases) {
    EXPECT_EQ(wild_match(pattern, path), expected) << pattern << " against " << path;
  }
}

TEST(WildMatch, ManyStarsTakeNoTime) {
  std::string pattern, path;
  for (int i = 0; i < 200; ++i) pattern += "**/a*a*a*/";
  for (int i = 0; i < 2000; ++i) path += "aaaaaaaa/";
  EXPECT_FALSE(wild_match(pattern + "b", path));
}

/// Every path that git itself would not ignore among `paths`.
std::set<std::string> kept_by_git(const TemporaryFolder& folder,
                                  const std::set<std::string>& paths) {
  std::string list;
  for (const std::string& path : paths) list += path + '\n';
  folder.write("../" + std::filesystem::path(folder.path()).filename().string() + ".list", list);
  const std::string file = folder.path() + ".list";
  const std::string command = "cd '" + folder.path() +
                              "' && git check-ignore --no-index --stdin < '" + file +
                              "' 2>/dev/null";
  FILE* pipe = ::popen(command.c_str(), "r");
  std::string out;
  char buffer[4096];
  while (const size_t got = ::fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, got);
  ::pclose(pipe);
  std::filesystem::remove(file);
  std::set<std::string> kept = paths;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) kept.erase(line);
  return kept;
}

std::set<std::string> kept_by_us(const TemporaryFolder& folder) {
  std::set<std::string> kept;
  for (const auto& file : discover({folder.path()}, {}).files) {
    kept.insert(file->path.substr(folder.path().size() + 1));
  }
  return kept;
}

void init_repository(const TemporaryFolder& folder) {
  ASSERT_EQ(std::system(("git init -q '" + folder.path() + "'").c_str()), 0);
}

TEST(GitIgnore, NestedNegatedAndOwnExcludesAsGitDoes) {
  const TemporaryFolder folder;
  init_repository(folder);
  folder.write(".gitignore",
               "*.sh\n!keep.sh\n/top.py\nlogs/\n# no\n\\#odd.py\nspace.py  \nsp\\ "
               "\r\ndoc/**/x.py\n!doc/a/x.py\n");
  folder.write("sub/.gitignore", "!*.sh\nkeep.sh\n/deep/*.py\n!/deep/b.py\n");
  folder.write(".git/info/exclude", "excluded.py\n");
  std::set<std::string> paths;
  for (const char* path : {"a.sh", "keep.sh", "top.py", "sub/top.py", "logs/a.py", "sub/logs/b.py",
                           "#odd.py", "space.py", "doc/x.py", "doc/a/x.py", "doc/a/b/x.py",
                           "sub/a.sh", "sub/keep.sh", "sub/deep/a.py", "sub/deep/b.py",
                           "sub/deep/c/a.py", "excluded.py", "sub/excluded.py", "文件.py"}) {
    folder.write(path, "x\n");
    paths.insert(path);
  }
  EXPECT_EQ(kept_by_us(folder), kept_by_git(folder, paths));
}

TEST(GitIgnore, RandomTreesAsGitDoes) {
  std::mt19937 random(7);
  const auto pick = [&](const std::vector<std::string>& from) {
    return from[random() % from.size()];
  };
  for (int round = 0; round < 12; ++round) {
    const TemporaryFolder folder;
    init_repository(folder);
    std::set<std::string> paths;
    for (int i = 0; i < 40; ++i) {
      std::string path;
      for (int depth = static_cast<int>(random() % 4); depth > 0; --depth)
        path += pick({"a/", "b/", "ab/", "c d/"});
      path += pick({"a", "b", "ab", "x y"}) + pick({".py", ".sh"});
      folder.write(path, "x\n");
      paths.insert(path);
    }
    for (const char* where : {"", "a/", "b/a/"}) {
      std::string text;
      for (int i = 0; i < 6; ++i) {
        text += pick({"", "", "!"}) + pick({"", "/", "**/"}) +
                pick({"a", "*", "b*", "?", "[ab]", "a/*", "a/**", "*/b", "c\\ d", "**"}) +
                pick({"", "/", ".py", ".sh", "/**/*.py", "/*.sh"}) + "\n";
      }
      folder.write(std::string(where) + ".gitignore", text);
    }
    EXPECT_EQ(kept_by_us(folder), kept_by_git(folder, paths)) << folder.read(".gitignore") << "--\n"
                                                              << folder.read("a/.gitignore");
  }
}

}  // namespace
}  // namespace preflint::project
