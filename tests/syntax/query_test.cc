#include "syntax/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/chinese.h"

namespace preflint::tree_sitter {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The text of every @match.
std::vector<std::string> found(Grammar grammar, std::string_view query, std::string_view text) {
  const auto compiled = Query::compile(grammar, query);
  EXPECT_TRUE(compiled) << (compiled ? "" : compiled.error().message);
  std::vector<std::string> out;
  if (!compiled) return out;
  for (const Query::Match& match : compiled->run(text)) {
    for (const Query::Capture& capture : match) {
      if (capture.name == "match") {
        out.emplace_back(text.substr(capture.span.begin, capture.span.size()));
      }
    }
  }
  return out;
}

constexpr std::string_view kCode = "exec(a)\neval(b)\nprint(c)\nx == x\nx == y\n";

TEST(Query, PredicatesAreEvaluated) {
  const auto calls = [](std::string_view predicate) {
    return found(Grammar::python,
                 "((call function: (identifier) @name) @match " + std::string(predicate) + ")",
                 kCode);
  };
  EXPECT_THAT(calls(""), ElementsAre("exec(a)", "eval(b)", "print(c)"));
  EXPECT_THAT(calls("(#eq? @name \"exec\")"), ElementsAre("exec(a)"));
  EXPECT_THAT(calls("(#not-eq? @name \"exec\")"), ElementsAre("eval(b)", "print(c)"));
  EXPECT_THAT(calls("(#match? @name \"^e\")"), ElementsAre("exec(a)", "eval(b)"));
  EXPECT_THAT(calls("(#not-match? @name \"^e\")"), ElementsAre("print(c)"));
  EXPECT_THAT(calls("(#any-of? @name \"eval\" \"print\")"), ElementsAre("eval(b)", "print(c)"));
  EXPECT_THAT(calls("(#match? @name \"^e\") (#not-eq? @name \"eval\")"), ElementsAre("exec(a)"));
  EXPECT_THAT(
      found(Grammar::python,
            "((comparison_operator (identifier) @a (identifier) @b) @match (#eq? @a @b))", kCode),
      ElementsAre("x == x"));
}

TEST(Query, ReadsShellToo) {
  EXPECT_THAT(
      found(Grammar::bash, "((command_name) @match (#eq? @match \"rm\"))", "ls\nrm -rf x\n"),
      ElementsAre("rm"));
}

TEST(Query, MistakesHaveAPlace) {
  const auto error = [](std::string_view text) {
    const auto compiled = Query::compile(Grammar::python, text);
    EXPECT_TRUE(compiled || holds_chinese(compiled.error().zh)) << compiled.error().message;
    return compiled
               ? ""
               : std::to_string(compiled.error().where->begin) + " " + compiled.error().message;
  };
  EXPECT_EQ(error("(call) @m (cal) @x"), "11 the grammar has no such node");
  EXPECT_THAT(error("(call"), HasSubstr("syntax is wrong"));
  EXPECT_THAT(error("(call funktion: (identifier))"), HasSubstr("no such field"));
  EXPECT_THAT(error("((call) @m (#lua-match? @m \"x\"))"), HasSubstr("no predicate #lua-match?"));
  EXPECT_THAT(error("((call) @m (#match? @m \"(\"))"), HasSubstr("not a regular expression"));
  EXPECT_THAT(error("((call) @m (#eq? @m))"), HasSubstr("wants a capture and"));
  EXPECT_EQ(error("(call) @m"), "");
}

TEST(Query, HostileTextIsBounded) {
  const auto compiled = Query::compile(Grammar::python, "(call) @match");
  ASSERT_TRUE(compiled);
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "f()\n";
  EXPECT_LE(compiled->run(many).size(), 4096u);
  for (const char* part : {"[", "(", "x,", "f(", "-", "a.", "not ", "{1:"}) {
    std::string text;
    for (int i = 0; i < 50'000; ++i) text += part;
    EXPECT_LE(compiled->run(text).size(), 4096u) << part;
  }
  EXPECT_THAT(compiled->run(""), IsEmpty());
  EXPECT_THAT(compiled->captures(), ElementsAre("match"));
}

}  // namespace
}  // namespace preflint::tree_sitter
