#include "syntax/document.h"

#include <gtest/gtest.h>

#include "support/chinese.h"

namespace preflint {
namespace {

using Kind = Document::Kind;

std::string_view at(std::string_view text, Span span) {
  return text.substr(span.begin, span.size());
}

Document yaml(std::string_view text) {
  auto parsed = parse_yaml(text);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
  return parsed ? *parsed : Document();
}

std::string yaml_error(std::string_view text) {
  const auto parsed = parse_yaml(text);
  if (parsed) return "";
  EXPECT_TRUE(holds_chinese(parsed.error().zh)) << parsed.error().message;
  const auto where = parsed.error().where;
  return parsed.error().message + "@" + (where ? std::to_string(where->begin) : "?");
}

TEST(DocumentYaml, KnowsWhereKeysAndValuesStand) {
  const std::string text = "# 注释\nname: 训练\nlist:\n  - \"a b\"\n  - 'it''s'\nn: 3.10\n";
  const Document root = yaml(text);
  ASSERT_TRUE(root.is_map());
  EXPECT_EQ(at(text, root.member("name")->key_span), "name");
  EXPECT_EQ(at(text, root.find("name")->span), "训练");
  const Document& list = *root.find("list");
  EXPECT_EQ(at(text, list.items[0].span), "\"a b\"");
  EXPECT_EQ(at(text, *list.items[0].exact), "a b");
  EXPECT_EQ(list.items[1].text, "it's");
  EXPECT_EQ(at(text, list.items[1].span), "'it''s'");
  EXPECT_FALSE(list.items[1].exact);
  EXPECT_EQ(root.find("n")->text, "3.10");
  EXPECT_EQ(root.find("n")->kind, Kind::real);
}

TEST(DocumentYaml, CountsBytesBehindAMarkAndCarriageReturns) {
  const std::string text = "\xEF\xBB\xBFkey: 值\r\nother: x y\r\n";
  const Document root = yaml(text);
  EXPECT_EQ(at(text, root.find("key")->span), "值");
  EXPECT_EQ(at(text, root.find("other")->span), "x y");
}

TEST(DocumentYaml, ScalarsFollowTheCoreSchema) {
  const Document root =
      yaml("[null, ~, true, no, 012, 12, -3, 1e3, \"12\", 0x1F, 2.8.0, .5, 99999999999999999999]");
  const Kind expected[] = {Kind::null,    Kind::null,    Kind::boolean, Kind::string, Kind::string,
                           Kind::integer, Kind::integer, Kind::real,    Kind::string, Kind::string,
                           Kind::string,  Kind::string,  Kind::string};
  ASSERT_EQ(root.items.size(), std::size(expected));
  for (size_t i = 0; i < root.items.size(); ++i) {
    EXPECT_EQ(root.items[i].kind, expected[i]) << root.items[i].text;
  }
  EXPECT_EQ(root.items[4].text, "012");
  EXPECT_EQ(root.items[6].integer, -3);
}

TEST(DocumentYaml, MergesMapsUnderTheirOwnKeys) {
  const Document root = yaml(
      "base: &base {a: 1, b: 2}\nmore: &more {b: 3, c: 4}\n"
      "one:\n  <<: *base\n  a: 9\ntwo: {<<: [*more, *base]}\n");
  EXPECT_EQ(root.at({"one", "a"})->integer, 9);
  EXPECT_EQ(root.at({"one", "b"})->integer, 2);
  EXPECT_EQ(root.at({"two", "b"})->integer, 3);
  EXPECT_EQ(root.at({"two", "a"})->integer, 1);
  EXPECT_EQ(root.at({"two", "<<"}), nullptr);
}

TEST(DocumentYaml, RefusesWhatTheLibraryWouldTake) {
  EXPECT_EQ(yaml_error("a: 1\nb: 2\na: 3\n"), "the key 'a' is given twice@10");
  EXPECT_EQ(yaml_error("a: \xff\n"), "not valid UTF-8@3");
  EXPECT_EQ(yaml_error("a: \x04\nb: 1\n"), "a control character is not allowed here@3");
  EXPECT_EQ(yaml_error("a: 1\n---\nb: 2\n"), "a second document ('---') is not read@?");
  EXPECT_EQ(yaml_error("? [a, b]\n: 1\n"), "a key must be a plain word@2");
  EXPECT_EQ(yaml_error("<<: 3\n"), "'<<' wants a mapping@4");
  EXPECT_NE(yaml_error("a: [1, 2\nb: }\n"), "");
  EXPECT_NE(yaml_error("a: &x [*x]\n"), "");
}

TEST(DocumentYaml, ErrorsCutNoCharacter) {
  const std::string text = "a: \"\\\xE3\x80\x82\"\n";
  const auto read = parse_yaml(text);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "unknown escape character");
  ASSERT_TRUE(read.error().where);
  EXPECT_FALSE(invalid_utf8(text.substr(read.error().where->begin)));
}

TEST(DocumentYaml, AliasBombsAndDeepNestingAreErrors) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 9; ++k) bomb += ", " + before;
    bomb += "]\n";
  }
  EXPECT_TRUE(yaml_error(bomb).starts_with("aliases expand to too many values"));
  EXPECT_NE(yaml_error(std::string(100'000, '[')), "");
  EXPECT_TRUE(yaml_error(std::string(200, '[') + std::string(200, ']')).starts_with("nested too"));
  std::string ladder = "a0: &a0 [x]\n";
  for (int i = 1; i < 300; ++i) {
    ladder += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" +
              std::to_string(i - 1) + "]\n";
  }
  EXPECT_TRUE(yaml_error(ladder).starts_with("nested too deeply"));
}

TEST(DocumentYaml, AnEmptyTextIsNothing) {
  EXPECT_TRUE(yaml("").is_null());
  EXPECT_TRUE(yaml("# only words\n").is_null());
}

TEST(DocumentToml, StringsHaveTheirExactPlace) {
  const std::string text =
      "[project]\nname = \"训练\"\ndependencies = [\"numpy\", \"torch<2.6\",\n  'a\\b', "
      "\"t\\tab\"]\n";
  const auto parsed = parse_toml(text);
  ASSERT_TRUE(parsed);
  const Document& list = *parsed->at({"project", "dependencies"});
  ASSERT_EQ(list.items.size(), 4u);
  EXPECT_EQ(at(text, *list.items[1].exact), "torch<2.6");
  EXPECT_EQ(at(text, list.items[1].span), "\"torch<2.6\"");
  EXPECT_EQ(at(text, *list.items[2].exact), "a\\b");
  EXPECT_FALSE(list.items[3].exact);
  EXPECT_EQ(at(text, *parsed->at({"project", "name"})->exact), "训练");
  EXPECT_EQ(at(text, parsed->find("project")->members[1].key_span), "dependencies");
}

TEST(DocumentToml, KeepsTheOrderOfTheFileAndTheTypes) {
  const std::string text = "\xEF\xBB\xBFz = 1\na = 2.50\nm = true\nd = 1979-05-27\ns = '''\nx'''\n";
  const auto parsed = parse_toml(text);
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->members.size(), 5u);
  EXPECT_EQ(parsed->members[0].key, "z");
  EXPECT_EQ(parsed->members[1].value.text, "2.50");
  EXPECT_EQ(parsed->members[3].value.text, "1979-05-27");
  EXPECT_EQ(at(text, *parsed->members[4].value.exact), "x");
}

TEST(DocumentToml, ErrorsPointAtTheirPlace) {
  const auto bad = parse_toml("a = 1\nb = = 2\n");
  ASSERT_FALSE(bad);
  ASSERT_TRUE(bad.error().where);
  EXPECT_GE(bad.error().where->begin, 10u);
  EXPECT_FALSE(parse_toml("a = 1\na = 2\n"));
  std::string deep = "a";
  for (int i = 0; i < 100'000; ++i) deep += ".a";
  EXPECT_FALSE(parse_toml(deep + " = 1\n"));
  EXPECT_FALSE(parse_toml("[" + deep + "]\n"));
  EXPECT_FALSE(parse_toml("a = " + std::string(100'000, '[')));
  EXPECT_FALSE(parse_toml("a = '\xff'\n"));
}

TEST(DocumentToml, NoBrokenTextAbortsTheLibrary) {
  for (const char* text : {"a.\n", "a.=1\n", "[a.\n", "[a.]\n", "a = {b.}\n", "a = {b. = 1}\n",
                           "a = {,}\n", "a. \t", "a = {b=1,中=2}\n", "a.[", "[[a.]]", "中 = 1\n",
                           ".a = 1\n", "a = \n", "a.中 = 1\n", "a = { \\ }\n", "a.\\=1"}) {
    EXPECT_FALSE(parse_toml(text)) << text;
  }
}

TEST(DocumentJson, KnowsPlacesAndEscapes) {
  const std::string text = R"({"a": ["x", "\u4f60\n", 1, -2.5e1, null, true], "b": {"c": {}}})";
  const auto parsed = parse_json(text);
  ASSERT_TRUE(parsed);
  const Document& list = *parsed->find("a");
  EXPECT_EQ(at(text, *list.items[0].exact), "x");
  EXPECT_EQ(list.items[1].text, "你\n");
  EXPECT_FALSE(list.items[1].exact);
  EXPECT_EQ(list.items[2].integer, 1);
  EXPECT_EQ(list.items[3].real, -25);
  EXPECT_EQ(at(text, parsed->at({"b", "c"})->span), "{}");
  EXPECT_EQ(at(text, parsed->find("b")->members[0].key_span), "\"c\"");
}

TEST(DocumentJson, RefusesWhatIsNoJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\":1,}", "01", "1.", "\"\n\"", "nul", "1 2",
                           "{\"a\":1,\"a\":2}", "\"\\x\"", "{a:1}", "\"\xff\"", "-"}) {
    EXPECT_FALSE(parse_json(text)) << text;
  }
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')));
  EXPECT_TRUE(parse_json("\"\\ud83d\\ude00\"")->text == "😀");
  EXPECT_TRUE(parse_json("\"\\ud83d\"")->text == "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace preflint
