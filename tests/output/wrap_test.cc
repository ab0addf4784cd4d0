#include "output/wrap.h"

#include <gtest/gtest.h>

#include "output/width.h"

namespace preflint::output {
namespace {

TEST(Wrap, BreaksAtSpacesWithinTheColumns) {
  EXPECT_EQ(wrap("one two three", 9, "  "), "  one two\n  three\n");
  EXPECT_EQ(wrap("a\nb  c", 80, ""), "a b c\n");
  EXPECT_EQ(wrap("", 80, "  "), "");
  EXPECT_EQ(wrap("first\n\nsecond", 80, " "), " first\n\n second\n");
  EXPECT_EQ(wrap("averyveryverylongword x", 5, ""), "averyveryverylongword\nx\n");
}

TEST(Wrap, BreaksBetweenWideCharactersButNotBeforePunctuation) {
  EXPECT_EQ(wrap("管道掩盖了退出码", 8, ""), "管道掩盖\n了退出码\n");
  EXPECT_EQ(wrap("管道掩盖，退出码", 8, ""), "管道掩\n盖，退出\n码\n");
  EXPECT_EQ(wrap("看（这里）吧", 5, ""), "看\n（这\n里）\n吧\n");
  EXPECT_EQ(wrap("用 `set -e` 来中止", 12, ""), "用 `set -e`\n来中止\n");
}

TEST(Wrap, NoLineIsWiderThanAsked) {
  const std::string text =
      "解释器多半能接受这段代码，但 preflint "
      "的语法分析没能读懂。文件的其余部分照常检查，此处附近可能有漏报。";
  const std::string out = wrap(text, 40, "    ");
  for (size_t at = 0; at < out.size();) {
    const size_t end = out.find('\n', at);
    EXPECT_LE(display_width(std::string_view(out).substr(at, end - at)), 40u);
    at = end + 1;
  }
}

}  // namespace
}  // namespace preflint::output
