#include "output/diff.h"

#include <gmock/gmock.h>

#include <random>

namespace preflint::output {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Diff, FindsTheFewestChanges) {
  EXPECT_THAT(changes("a\nb\nc\n", "a\nb\nc\n"), IsEmpty());
  EXPECT_THAT(changes("", "a\n"), ElementsAre(Change{0, 0, 0, 1}));
  EXPECT_THAT(changes("a\nb\nc\n", "a\nx\nc\n"), ElementsAre(Change{1, 2, 1, 2}));
  EXPECT_THAT(changes("a\nb\nc\nd\n", "b\nc\ne\nd\n"),
              ElementsAre(Change{0, 1, 0, 0}, Change{3, 3, 2, 3}));
  EXPECT_THAT(changes("a\nb", "a\nb\n"), ElementsAre(Change{1, 2, 1, 2}));
}

TEST(Diff, IsPrintedAsPatchReadsIt) {
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\nx\n6\n7\n8\n9", "a b.sh"),
            "--- a b.sh\n+++ a b.sh\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  EXPECT_EQ(unified_diff("a\nb", "a\nc", "f"),
            "--- f\n+++ f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
            "\\ No newline at end of file\n");
  EXPECT_EQ(unified_diff("", "a\n", "f"), "--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(unified_diff("a\n", "a\n", "f"), "");
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    lines.push_back(text.substr(at, text.find('\n', at) + 1 - at));
  }
  return lines;
}

TEST(Diff, AppliedToTheOldTextGivesTheNewOne) {
  std::mt19937 random(7);
  const auto text = [&] {
    std::string out;
    for (auto i = random() % 30; i > 0; --i)
      out += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
    return out;
  };
  for (int i = 0; i < 2000; ++i) {
    const std::string before = text(), after = text();
    const std::vector<std::string> old_lines = split(before), new_lines = split(after);
    std::string made;
    size_t at = 0;
    for (const Change& change : changes(before, after)) {
      for (; at < change.old_begin; ++at) made += old_lines[at];
      for (uint32_t line = change.new_begin; line < change.new_end; ++line) made += new_lines[line];
      at = change.old_end;
    }
    for (; at < old_lines.size(); ++at) made += old_lines[at];
    ASSERT_EQ(made, after) << before;
  }
}

TEST(Diff, OfTextsWithoutAnythingInCommonIsOneChange) {
  std::string before, after;
  for (int i = 0; i < 3000; ++i) {
    before += "old " + std::to_string(i) + "\n";
    after += "new " + std::to_string(i) + "\n";
  }
  EXPECT_THAT(changes(before, after), ElementsAre(Change{0, 3000, 0, 3000}));
}

}  // namespace
}  // namespace preflint::output
