#include "lsp/text.h"

#include <gtest/gtest.h>

#include <random>

#include "lsp/cells.h"
#include "lsp/uri.h"

namespace preflint::lsp {
namespace {

using output::Encoding;

Json change(int line, int begin, int end_line, int end, const std::string& text) {
  return {{"range",
           {{"start", {{"line", line}, {"character", begin}}},
            {"end", {{"line", end_line}, {"character", end}}}}},
          {"text", text}};
}

std::string applied(const std::string& text, const Json& one, Encoding encoding) {
  auto result = apply_changes(text, Json::array({one}), encoding);
  return result ? *result : "error: " + result.error().message;
}

TEST(Text, ColumnsCountWhatWasAgreedOn) {
  const std::string text = "# 训练🚀 x\nnext";
  EXPECT_EQ(applied(text, change(0, 7, 0, 8, "y"), Encoding::utf16), "# 训练🚀 y\nnext");
  EXPECT_EQ(applied(text, change(0, 6, 0, 7, "y"), Encoding::utf32), "# 训练🚀 y\nnext");
  EXPECT_EQ(applied(text, change(0, 13, 0, 14, "y"), Encoding::utf8), "# 训练🚀 y\nnext");
}

TEST(Text, APositionInsideACharacterTakesAllOfIt) {
  const std::string text = "🚀x";
  EXPECT_EQ(applied(text, change(0, 1, 0, 2, ""), Encoding::utf8), "x");
  EXPECT_EQ(applied(text, change(0, 0, 0, 1, ""), Encoding::utf16), "x");
}

TEST(Text, PositionsPastTheEndAreTheEnd) {
  EXPECT_EQ(applied("a\nb", change(0, 99, 0, 99, "!"), Encoding::utf16), "a!\nb");
  EXPECT_EQ(applied("a\nb", change(9, 0, 9, 0, "!"), Encoding::utf16), "a\nb!");
  EXPECT_EQ(applied("a", change(0, 2147483647, 4294967, 3, "!"), Encoding::utf32), "a!");
}

TEST(Text, EveryLineEndingEndsALine) {
  EXPECT_EQ(applied("a\r\nb\rc\nd", change(3, 0, 3, 1, "D"), Encoding::utf16), "a\r\nb\rc\nD");
  EXPECT_EQ(applied("a\r\nb", change(0, 1, 1, 0, "|"), Encoding::utf16), "a|b");
}

TEST(Text, ChangesWithoutSenseLeaveTheText) {
  EXPECT_FALSE(apply_changes("a", Json(5), Encoding::utf16));
  EXPECT_FALSE(apply_changes("a", Json::array({Json::object()}), Encoding::utf16));
  EXPECT_FALSE(apply_changes("a", Json::array({change(-1, 0, 0, 0, "")}), Encoding::utf16));
  EXPECT_TRUE(apply_changes("a", Json::array({{{"text", "whole"}}}), Encoding::utf16));
}

/// A text as its code points, edited the slow way.
struct Slow {
  std::vector<std::u32string> lines{U""};

  static size_t width(char32_t c, Encoding encoding) {
    if (encoding == Encoding::utf16) return c > 0xFFFF ? 2 : 1;
    if (encoding == Encoding::utf32) return 1;
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }
  size_t column(size_t line, size_t at, Encoding encoding) const {
    size_t sum = 0;
    for (size_t i = 0; i < at; ++i) sum += width(lines[line][i], encoding);
    return sum;
  }
  void replace(size_t l1, size_t c1, size_t l2, size_t c2, const std::u32string& text) {
    std::u32string joined = lines[l1].substr(0, c1) + text + lines[l2].substr(c2);
    std::vector<std::u32string> made{U""};
    for (const char32_t c : joined) {
      if (c == U'\n')
        made.emplace_back();
      else
        made.back() += c;
    }
    lines.erase(lines.begin() + static_cast<long>(l1), lines.begin() + static_cast<long>(l2) + 1);
    lines.insert(lines.begin() + static_cast<long>(l1), made.begin(), made.end());
  }
  static std::string utf8(const std::u32string& text) {
    std::string out;
    for (const char32_t c : text) {
      const auto low = [&](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
      if (c < 0x80)
        out += static_cast<char>(c);
      else if (c < 0x800)
        (out += static_cast<char>(0xC0 | (c >> 6))) += low(0);
      else if (c < 0x10000)
        ((out += static_cast<char>(0xE0 | (c >> 12))) += low(6)) += low(0);
      else
        (((out += static_cast<char>(0xF0 | (c >> 18))) += low(12)) += low(6)) += low(0);
    }
    return out;
  }
  std::string text() const {
    std::string out;
    for (const auto& line : lines)
      (out += out.empty() && &line == &lines[0] ? "" : "\n") += utf8(line);
    return out;
  }
};

TEST(Text, RandomEditsAgreeWithASlowEditorInEveryEncoding) {
  const std::u32string letters = U"ab \n\n#中文é🚀😀$";
  for (const Encoding encoding : {Encoding::utf8, Encoding::utf16, Encoding::utf32}) {
    std::mt19937 random(42);
    const auto below = [&](size_t n) { return n == 0 ? 0 : random() % n; };
    Slow slow;
    std::string text;
    for (int i = 0; i < 2000; ++i) {
      size_t l1 = below(slow.lines.size()), l2 = std::min(l1 + below(3), slow.lines.size() - 1);
      size_t c1 = below(slow.lines[l1].size() + 1), c2 = below(slow.lines[l2].size() + 1);
      if (l1 == l2 && c2 < c1) std::swap(c1, c2);
      std::u32string insert;
      for (size_t n = below(8); n > 0; --n) insert += letters[below(letters.size())];
      const Json edit =
          change(static_cast<int>(l1), static_cast<int>(slow.column(l1, c1, encoding)),
                 static_cast<int>(l2), static_cast<int>(slow.column(l2, c2, encoding)),
                 Slow::utf8(insert));
      slow.replace(l1, c1, l2, c2, insert);
      text = applied(text, edit, encoding);
      ASSERT_EQ(text, slow.text()) << i;
    }
  }
}

TEST(Text, TheDifferenceIsTheSmallestRangeOfLines) {
  const auto rebuilt = [](std::string before, std::string_view after) {
    const Difference change = difference(before, after);
    return before.replace(change.span.begin, change.span.size(), change.text);
  };
  for (const auto& [before, after] :
       std::vector<std::pair<std::string, std::string>>{{"a\nb\nc\n", "a\nX\nc\n"},
                                                        {"a\nb\n", "a\nb\nc\n"},
                                                        {"", "a"},
                                                        {"a", ""},
                                                        {"a\na\na\n", "a\na\n"},
                                                        {"x", "x\n"},
                                                        {"a\nb", "b"},
                                                        {"same\n", "same\n"}}) {
    EXPECT_EQ(rebuilt(before, after), after) << before << " -> " << after;
  }
  const std::string before = "a\nb\nc\n";
  const Difference change = difference(before, "a\nX\nc\n");
  EXPECT_EQ(before.substr(change.span.begin, change.span.size()), "b\n");
}

TEST(Text, UrisAndPathsComeBack) {
  EXPECT_EQ(path_of("file:///a%20b/%E4%B8%AD.sh"), "/a b/中.sh");
  EXPECT_EQ(path_of("file://localhost/a/../b"), "/b");
  EXPECT_FALSE(path_of("untitled:Untitled-1"));
  EXPECT_FALSE(path_of("file://host/share"));
  EXPECT_FALSE(path_of("file:///a%00b"));
  EXPECT_EQ(path_of("file:///100%"), "/100%");
  EXPECT_EQ(path_of(uri_of("/a b/中#?%.sh")), "/a b/中#?%.sh");
}

TEST(Cells, PlacesInTheFileArePlacesInACell) {
  const std::string second = "x = \"引号\\n\"\n\tprint('🚀')\n!pip install x";
  const NotebookFile book("/n.ipynb", {{"c:0", false, "# 标题"}, {"c:1", true, second}}, {});
  const std::string& bytes = book.file()->bytes;
  const Json parsed = Json::parse(bytes);
  EXPECT_EQ(parsed["cells"][1]["source"], second);
  EXPECT_EQ(parsed["cells"][0]["cell_type"], "markdown");
  const auto begin = static_cast<uint32_t>(bytes.find("!pip"));
  const auto place = book.place({begin, begin + 4});
  ASSERT_TRUE(place);
  EXPECT_EQ(place->cell, 1u);
  EXPECT_EQ(second.substr(place->span.begin, place->span.size()), "!pip");
  EXPECT_FALSE(book.place({0, 5}));
  EXPECT_EQ(NotebookFile::unescaped("a\\n\\\"b\\\""), "a\n\"b\"");
}

}  // namespace
}  // namespace preflint::lsp
