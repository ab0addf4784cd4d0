#include "engine/comments.h"

#include <gmock/gmock.h>

#include "engine/directive.h"

namespace preflint::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> comments(std::string_view text, bool quotes) {
  std::vector<std::string> out;
  for (const Span span : hash_comments(text, quotes))
    out.emplace_back(text.substr(span.begin, span.size()));
  return out;
}

TEST(Comments, OfRequirements) {
  EXPECT_THAT(comments("torch==2.0  # a\n# b\nx @ git+https://h/r#egg=x\r\n  # c\r\n", false),
              ElementsAre("# a", "# b", "# c"));
}

TEST(Comments, OfYamlAndToml) {
  EXPECT_THAT(
      comments("a: 'x # no'  # yes\nb: it's # yes\nc: \"# no\" # \"yes\"\n- '# no'\n", true),
      ElementsAre("# yes", "# yes", "# \"yes\""));
  EXPECT_THAT(comments("dependencies = [\n  \"torch # no\", # yes\n]\n", true),
              ElementsAre("# yes"));
}

TEST(Directives, HaveKindSelectorsAndReason) {
  const std::string text = "# so, # preflint: ignore[NET001, ENV] because # preflint: ignore-file";
  const std::vector<Directive> found = directives_of(text, {0, static_cast<uint32_t>(text.size())});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].kind, DirectiveKind::ignore);
  ASSERT_EQ(found[0].selectors.size(), 2u);
  EXPECT_EQ(found[0].selectors[1].text, "ENV");
  EXPECT_EQ(text.substr(found[0].selectors[1].span.begin, found[0].selectors[1].span.size()),
            "ENV");
  EXPECT_EQ(found[0].reason, "because");
  EXPECT_EQ(text.substr(found[0].head.begin, found[0].head.size()),
            "preflint: ignore[NET001, ENV]");
  EXPECT_FALSE(found[0].bare);
  EXPECT_EQ(found[1].kind, DirectiveKind::ignore_file);
  EXPECT_TRUE(found[1].bare);
}

TEST(Directives, OfAnotherLanguageAreNone) {
  for (const std::string& text :
       std::vector<std::string>{"# noqa", "# preflint", "# preflint:", "# preflint: is a linter",
                                "# see preflint: ignore"}) {
    EXPECT_THAT(directives_of(text, {0, static_cast<uint32_t>(text.size())}), IsEmpty()) << text;
  }
  for (const std::string& text :
       std::vector<std::string>{"# preflint: ignores[X]", "# preflint: ignore[X", "#preflint:of"}) {
    const auto found = directives_of(text, {0, static_cast<uint32_t>(text.size())});
    ASSERT_EQ(found.size(), 1u) << text;
    EXPECT_EQ(found[0].kind, DirectiveKind::malformed) << text;
  }
}

}  // namespace
}  // namespace preflint::engine
