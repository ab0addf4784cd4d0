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
