#include "model/value.h"

#include <gtest/gtest.h>

namespace preflint {
namespace {

TEST(Value, JoinsAndConcatenates) {
  const Value either = Value::literal("a").joined(Value::literal("b"));
  EXPECT_EQ(either.constants(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(either.concatenated(Value::literal("/x")).constants(),
            (std::vector<std::string>{"a/x", "b/x"}));
  EXPECT_TRUE(Value::unknown().unknown_whole());
  EXPECT_EQ(Value().constant(), "");
}

TEST(Value, KeepsWhatTooManyAlternativesShare) {
  const auto any_of = [](const std::string& start) {
    Value out = Value::literal(start + "0");
    for (int i = 1; i < 8; ++i) out = out.joined(Value::literal(start + std::to_string(i)));
    return out;
  };
  const Value addresses = any_of("https://host.example.com/a/f"), words = any_of("a/f");
  for (const Text& text : addresses.alternatives())
    EXPECT_TRUE(text.known_prefix().starts_with("https://host.example.com/a/"));
  EXPECT_FALSE(addresses.alternatives()[0].known());
  EXPECT_TRUE(words.alternatives()[0].known_prefix().empty());
  Value folders = Value::literal("/a").joined(Value::literal("/b"));
  Value names = Value::literal("1").joined(Value::literal("2"));
  names = names.joined(Value::literal("3")).joined(Value::literal("4"));
  const Value paths = folders.concatenated(Value::literal("/")).concatenated(names);
  ASSERT_EQ(paths.alternatives().size(), 2u);
  EXPECT_EQ(paths.alternatives()[0].known_prefix(), "/a/");
}

TEST(Paths, NormaliseAndUnder) {
  EXPECT_EQ(paths::normalise("/root/tf-logs/../x//y/."), "/root/x/y");
  EXPECT_EQ(paths::normalise("a/../../b"), "../b");
  Text path = Text::literal("/root/tf-logs/");
  path.append(Text::hole("$1"));
  EXPECT_EQ(paths::under(path, "/root/tf-logs"), Tri::yes);
  EXPECT_EQ(paths::under(path, "/root/autodl-tmp"), Tri::no);
  EXPECT_EQ(paths::under(Text::hole("$1"), "/root"), Tri::maybe);
  Text glued = Text::literal("/root/tf");
  glued.append(Text::hole("$1"));
  EXPECT_EQ(paths::under(glued, "/root/tf-logs"), Tri::maybe);
  EXPECT_EQ(paths::under(glued, "/data"), Tri::no);
}

}  // namespace
}  // namespace preflint
