// Random texts made of what the formats are made of: a parse ends, and every place lies in the
// text.
#include <gtest/gtest.h>

#include <random>

#include "syntax/document.h"

namespace preflint {
namespace {

constexpr const char* kParts[] = {
    "a",    "b: ",    "- ",   "\n",   "  ",      "[",   "]",          "{",
    "}",    ",",      "&x ",  "*x",   "<<: *x",  "\"",  "'",          "|\n",
    "> \n", "!!str ", "#c",   "=",    "\"\"\"",  "'''", "[a.b]\n",    "a.b=",
    "1",    "1.5e3",  "true", "null", "\\u4f60", "\\",  "中",         "\xEF\xBB\xBF",
    "\r\n", "---\n",  "? ",   ": ",   "%YAML\n", "\t",  "1979-05-27", "\x80"};

bool lies_in(Span span, size_t size) { return span.begin <= span.end && span.end <= size; }

bool well_placed(const Document& value, size_t size) {
  if (!lies_in(value.span, size) || (value.exact && !lies_in(*value.exact, size))) return false;
  for (const Document& item : value.items) {
    if (!well_placed(item, size)) return false;
  }
  for (const Document::Member& member : value.members) {
    if (!lies_in(member.key_span, size) || !well_placed(member.value, size)) return false;
  }
  return true;
}

TEST(DocumentRandom, PlacesLieInTheText) {
  std::mt19937 random(20261120);  // the same texts on every machine
  size_t good = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto parts = random() % 25; parts > 0; --parts)
      text += kParts[random() % std::size(kParts)];
    for (const auto& parsed : {parse_yaml(text), parse_toml(text), parse_json(text)}) {
      if (parsed) {
        ++good;
        EXPECT_TRUE(well_placed(*parsed, text.size())) << text;
        if (parsed->exact) {
          EXPECT_EQ(parsed->text, text.substr(parsed->exact->begin, parsed->exact->size()));
        }
      } else if (parsed.error().where) {
        EXPECT_TRUE(lies_in(*parsed.error().where, text.size())) << text;
      }
    }
  }
  EXPECT_GT(good, 1000u);
}

}  // namespace
}  // namespace preflint
