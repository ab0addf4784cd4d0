#include "catalog/builtin.h"

#include <gtest/gtest.h>

#include "catalog/blob.h"
#include "catalog/selection.h"

namespace preflint::catalog {
namespace {

TEST(Builtin, RulesAreSortedAndFoundByIdAndName) {
  const auto rules = builtin_rules();
  ASSERT_GE(rules.size(), 6u);
  for (size_t i = 1; i < rules.size(); ++i) EXPECT_LT(rules[i - 1].rule.id, rules[i].rule.id);
  const BuiltinRule* rule = find_builtin("PFL002");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->rule.name, "syntax-error");
  EXPECT_EQ(rule->rule.category, "meta");
  EXPECT_EQ(rule->check, nullptr);
  EXPECT_EQ(find_builtin("syntax-error"), rule);
  EXPECT_EQ(find_builtin("NOPE"), nullptr);
}

TEST(Builtin, EveryRuleIsFoundByExactlyOneOfCheckMatcherAndEmitter) {
  for (const BuiltinRule& entry : builtin_rules()) {
    const int ways =
        (entry.check != nullptr) + (entry.rule.matcher != nullptr) + !entry.rule.emitted_by.empty();
    EXPECT_EQ(ways, 1) << entry.rule.id;
  }
}

TEST(Builtin, NotesAreInBothLanguages) {
  const Words* words = common_note("launched-here");
  ASSERT_NE(words, nullptr);
  EXPECT_EQ(words->en, "launched from here");
  EXPECT_EQ(words->zh, "从这里启动");
  EXPECT_EQ(common_note("nope"), nullptr);
}

TEST(Builtin, DocumentsReadBackAsTheyWere) {
  const auto parsed = parse_yaml(
      "a: [1, 2.50, true, ~, text]\nb: {c: \"\"}\nlong: " + std::string(300, 'x') + "\n");
  ASSERT_TRUE(parsed);
  const Document back = decode(encode(*parsed));
  EXPECT_EQ(encode(back), encode(*parsed));
  EXPECT_EQ(back.at({"a"})->items[1].text, "2.50");
  EXPECT_EQ(back.at({"a"})->items[1].real, 2.5);
  EXPECT_TRUE(back.at({"a"})->items[2].boolean);
  EXPECT_EQ(back.find("long")->text.size(), 300u);
  EXPECT_FALSE(builtin_document("nope.yaml"));
}

TEST(Selection, TheClosestSelectorDecides) {
  Rule rule;
  const std::string_view gotchas[] = {"AD1"};
  rule.id = "NET001";
  rule.name = "network-hook-missing";
  rule.gotchas = gotchas;
  EXPECT_TRUE(enabled(rule, {}, {}, {}));
  EXPECT_TRUE(enabled(rule, {"ALL"}, {}, {}));
  EXPECT_TRUE(enabled(rule, {"NET"}, {}, {"ALL"}));
  EXPECT_TRUE(enabled(rule, {"ad1"}, {}, {}));
  EXPECT_TRUE(enabled(rule, {"ENV"}, {"network-hook-missing"}, {}));
  EXPECT_TRUE(enabled(rule, {"net001"}, {}, {"NET"}));
  EXPECT_FALSE(enabled(rule, {"NET"}, {}, {"NET001"}));
  EXPECT_FALSE(enabled(rule, {"ENV"}, {}, {}));
  EXPECT_FALSE(enabled(rule, {}, {}, {"AD1"}));
  EXPECT_FALSE(enabled(rule, {"NET001"}, {}, {"NET001"}));
  EXPECT_FALSE(unknown_selector("NET", {&rule}));
  EXPECT_EQ(unknown_selector("NET01", {&rule}).value_or(Sentence()).en,
            "no rule is selected by 'NET01'; did you mean 'NET001'?");
  EXPECT_TRUE(unknown_selector("ZZZ", {&rule}));
}

}  // namespace
}  // namespace preflint::catalog
