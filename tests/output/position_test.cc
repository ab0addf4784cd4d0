#include "output/position.h"

#include <gtest/gtest.h>

#include "output/width.h"

namespace preflint::output {
namespace {

TEST(LineIndex, CountsLinesOfEveryEnding) {
  const std::string text = "a\r\nb\rc\n\nd";
  const LineIndex index(text);
  EXPECT_EQ(index.lines(), 5u);
  EXPECT_EQ(index.line(1), "a");
  EXPECT_EQ(index.line(2), "b");
  EXPECT_EQ(index.line(3), "c");
  EXPECT_EQ(index.line(4), "");
  EXPECT_EQ(index.line(5), "d");
  EXPECT_EQ(index.position(3), (Position{2, 1}));
  EXPECT_EQ(index.position(1), (Position{1, 2}));
}

TEST(LineIndex, ColumnsCountWhatTheEncodingSays) {
  const std::string text = "é中😀x";  // 2, 3, 4 bytes
  const LineIndex index(text);
  EXPECT_EQ(index.position(9).column, 4u);
  EXPECT_EQ(index.position(9, Encoding::utf16).column, 5u);
  EXPECT_EQ(index.position(9, Encoding::utf8).column, 10u);
  EXPECT_EQ(index.position(6).column, 3u) << "inside a character is that character";
  for (const Encoding encoding : {Encoding::utf8, Encoding::utf16, Encoding::utf32}) {
    for (const uint32_t offset : {0u, 2u, 5u, 9u, 10u}) {
      EXPECT_EQ(index.offset(index.position(offset, encoding), encoding), offset);
    }
  }
  EXPECT_EQ(index.offset({1, 99}), 10u);
  EXPECT_EQ(index.offset({9, 1}), 10u);
}

TEST(LineIndex, ByteOrderMarkIsNoColumn) {
  const std::string text = "\xEF\xBB\xBFx=1";
  const LineIndex index(text);
  EXPECT_EQ(index.position(3), (Position{1, 1}));
  EXPECT_EQ(index.position(0), (Position{1, 1}));
  EXPECT_EQ(index.offset({1, 1}), 3u);
}

TEST(LineIndex, LongLinesCountTheSameAsShortOnes) {
  std::string text = "first\n";
  for (int i = 0; i < 5000; ++i) text += "中x😀";
  const LineIndex index(text);
  uint32_t points = 0, units = 0;
  for (uint32_t at = 6, i = 0; at < text.size(); ++i) {
    if (i % 997 == 0) {
      EXPECT_EQ(index.position(at), (Position{2, points + 1}));
      EXPECT_EQ(index.position(at, Encoding::utf16), (Position{2, units + 1}));
    }
    points += 1;
    units += i % 3 == 2 ? 2 : 1;
    at += i % 3 == 0 ? 3 : i % 3 == 1 ? 1 : 4;
  }
}

TEST(Width, WideCombiningAndEmoji) {
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("中文"), 4u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
  EXPECT_EQ(display_width("한"), 2u);
  EXPECT_EQ(display_width("😀"), 2u);
  EXPECT_EQ(display_width("👨‍👩‍👧"), 2u);
  EXPECT_EQ(display_width("❤\uFE0F"), 2u);
  EXPECT_EQ(display_width("，"), 2u);
}

TEST(Width, NothingReachesTheTerminalRaw) {
  EXPECT_EQ(visible("a\x1b[31mb\n\x7f"), "a␛[31mb␊␡");
  EXPECT_EQ(visible("a\tb"), "a    b");
  EXPECT_EQ(visible("x\u202Ey"), "x\uFFFDy");
  EXPECT_EQ(visible("\xff\xc0\x80z"), "\uFFFD\uFFFD\uFFFDz");
  EXPECT_EQ(visible("\xc2\x9b"), "\uFFFD") << "the one-byte escape of 8-bit terminals";
}

TEST(Utf8, RejectsWhatIsNone) {
  EXPECT_EQ(valid_utf8("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
  EXPECT_EQ(valid_utf8("\xf4\x90\x80\x80").substr(0, 3), "\uFFFD") << "past the last code point";
  EXPECT_EQ(valid_utf8("é中😀"), "é中😀");
}

}  // namespace
}  // namespace preflint::output
