#include "catalog/rule_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/chinese.h"

namespace preflint::catalog {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kRule = R"(id: SYN003
name: pipeline-hides-exit
gotcha: [U33]
severity: error
languages: [shell]
precision: high
fix: safe
triggers: [tee, "tail | head & python"]
summary: {en: A pipe hides the exit status, zh: 管道掩盖退出码}
message: {en: "`{last}` hides `{first}`", zh: "`{last}` 掩盖了 `{first}`"}
why: {en: Because., zh: 原因。}
advice: {en: Set pipefail., zh: 设置 pipefail。}
examples:
  - bad: |
      python train.py | ⟦tee log⟧ && echo done
    fixed: |
      set -o pipefail
  - good: |
      set -euo pipefail
)";

struct Read {
  std::string text;
  LoadedRule loaded;
  std::vector<std::string> errors;  // "the text that is marked: message"
};

Read read(std::string text, RuleOrigin origin = RuleOrigin::builtin) {
  Read out;
  out.text = std::move(text);
  auto parsed = parse_yaml(out.text);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
  if (!parsed) return out;
  out.loaded = load_rule(*parsed, origin, "syn");
  for (const Error& error : out.loaded.errors) {
    EXPECT_TRUE(holds_chinese(error.zh)) << error.message;
    const size_t line_end = out.text.find('\n', error.where->begin);
    const std::string line = out.text.substr(error.where->begin, line_end - error.where->begin);
    out.errors.push_back(line.substr(0, 20) + ": " + error.message);
  }
  return out;
}

std::string changed(std::string_view from, std::string_view to) {
  std::string text(kRule);
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(RuleLoader, ReadsAWholeRule) {
  const Read result = read(std::string(kRule));
  EXPECT_THAT(result.errors, IsEmpty());
  const Rule& rule = result.loaded.rule;
  EXPECT_EQ(rule.id, "SYN003");
  EXPECT_EQ(rule.severity, Severity::error);
  EXPECT_TRUE(rule.has_fix);
  EXPECT_EQ(rule.message.zh, "`{last}` 掩盖了 `{first}`");
  ASSERT_EQ(rule.examples.size(), 2u);
  EXPECT_TRUE(rule.examples[0].bad);
  EXPECT_EQ(rule.examples[0].fixed, "set -o pipefail\n");
  EXPECT_EQ(rule.examples[1].language, "shell");
  EXPECT_EQ(rule.matcher, nullptr);
}

TEST(RuleLoader, PrecisionMayBeCounted) {
  const auto word = [](std::string_view counts) {
    const Read result = read(changed("precision: high", counts));
    EXPECT_THAT(result.errors, IsEmpty());
    return std::string(result.loaded.rule.precision);
  };
  EXPECT_EQ(word("precision: {n: 100, right: 97}"), "high");
  EXPECT_EQ(word("precision: {n: 100, right: 96}"), "medium");
  EXPECT_EQ(word("precision: {n: 10, right: 9}"), "medium");
  EXPECT_EQ(word("precision: {n: 10, right: 8}"), "low");
}

struct Mistake {
  std::string_view from, to, expected;
};

class RuleMistake : public testing::TestWithParam<Mistake> {};

TEST_P(RuleMistake, IsNamedWithItsPlace) {
  const Mistake& mistake = GetParam();
  EXPECT_THAT(read(changed(mistake.from, mistake.to)).errors,
              testing::Contains(HasSubstr(mistake.expected)));
}

INSTANTIATE_TEST_SUITE_P(
    All, RuleMistake,
    testing::Values(
        Mistake{"severity: error", "severity: eror",
                "eror: 'eror' is not one of error, warning, info; did you mean 'error'?"},
        Mistake{"severity: error\n", "", "the rule has no 'severity'"},
        Mistake{"precision:", "precison:", "has no key 'precison'; did you mean 'precision'?"},
        Mistake{"precision: high", "precision: {n: 3, right: 4}", "no more right than n"},
        Mistake{"precision: high", "precision: {n: 3}", "must be a word or {n: …, right: …}"},
        Mistake{"zh: 管道掩盖退出码", "de: Rohr", "'summary' has no key 'de'"},
        Mistake{", zh: 原因。", "", "'why' has no 'zh'"},
        Mistake{"zh: 原因。", "zh: Because.", "the 'zh' of 'why' is not Chinese"},
        Mistake{"掩盖了 `{first}`", "掩盖了", "differ in their placeholders"},
        Mistake{"id: SYN003", "id: syn3", "an id is 2 to 8 capital letters"},
        Mistake{"name: pipeline-hides-exit", "name: Pipeline_hides", "lower-case words"},
        Mistake{"languages: [shell]", "languages: [shel]", "shel]: 'shel' is no language"},
        Mistake{"⟧", "", "'⟦' without '⟧'"}, Mistake{"⟦tee log⟧", "tee log", "marks what is found"},
        Mistake{"set -euo pipefail", "⟦set⟧ -e", "only bad examples hold"},
        Mistake{"fix: safe", "fix: none", "'fixed' but the rule's 'fix' is none"},
        Mistake{"    fixed: |\n      set -o pipefail\n", "", "no example shows it under 'fixed'"},
        Mistake{"  - good: |", "  - godo: |", "an example has no key 'godo'; did you mean 'good'?"},
        Mistake{"why: {en: Because., zh: 原因。}", "why: Because.",
                "'why' must be {en: …, zh: …}"}));

TEST(RuleLoader, AUserRuleNeedsLittle) {
  const Read result = read(
      "id: MY001\nname: no-foo\nmessage: \"`{command}` is not ours\"\n"
      "match: {command: foo, arguments: [bar, {option: [--x, -x], value: [1, 2]}, {absent: -q}]}\n",
      RuleOrigin::user);
  EXPECT_THAT(result.errors, IsEmpty());
  const Rule& rule = result.loaded.rule;
  EXPECT_EQ(rule.message.zh, rule.message.en);
  ASSERT_NE(rule.matcher, nullptr);
  EXPECT_THAT(rule.matcher->names, ElementsAre("foo"));
  ASSERT_EQ(rule.matcher->arguments.size(), 3u);
  EXPECT_EQ(rule.matcher->arguments[0].kind, ArgumentTest::Kind::word);
  EXPECT_EQ(rule.matcher->arguments[1].kind, ArgumentTest::Kind::option);
  EXPECT_THAT(rule.matcher->arguments[1].names, ElementsAre("--x", "-x"));
  EXPECT_THAT(rule.matcher->arguments[1].value[0].values, ElementsAre("1", "2"));
  EXPECT_TRUE(rule.matcher->arguments[2].absent);
}

TEST(RuleLoader, ReadsCallsRequirementsAndQueries) {
  const auto rule = [](std::string match) {
    return read("id: MY001\nname: a\nmessage: m\nmatch: " + match + "\n", RuleOrigin::user);
  };
  const Read call = rule(
      "{call: [a.B, c.D], argument: {position: 0, keyword: [log_dir], default: runs}, "
      "where: {not: {under: \"${profile.panel.directory}\"}, matches: ^/}, site: any, at: "
      "argument}");
  EXPECT_THAT(call.errors, IsEmpty());
  const Matcher& matcher = *call.loaded.rule.matcher;
  EXPECT_EQ(matcher.kind, Matcher::Kind::call);
  EXPECT_EQ(matcher.site, Matcher::Site::any);
  EXPECT_EQ(matcher.at, Matcher::At::argument);
  ASSERT_EQ(matcher.call_arguments.size(), 1u);
  EXPECT_TRUE(matcher.call_arguments[0].has_fallback);
  ASSERT_EQ(matcher.call_arguments[0].value.size(), 2u);
  EXPECT_FALSE(matcher.call_arguments[0].value[0].negated);
  EXPECT_TRUE(matcher.call_arguments[0].value[1].negated);
  EXPECT_EQ(matcher.call_arguments[0].value[1].kind, ValueTest::Kind::under);

  const Read pin =
      rule("{requirement: torch, version: {excludes: \"${image.torch}\", pinned: true}}");
  EXPECT_THAT(pin.errors, IsEmpty());
  EXPECT_EQ(pin.loaded.rule.matcher->versions.size(), 2u);

  const Read query = rule("{query: \"(call) @match\", language: python}");
  EXPECT_THAT(query.errors, IsEmpty());
  EXPECT_EQ(query.loaded.rule.matcher->query, "(call) @match");
}

TEST(RuleLoader, MistakesInMatchersAreNamed) {
  const auto errors = [](std::string match) {
    return read("id: MY001\nname: a\nmessage: \"{value}\"\nmatch: " + match + "\n",
                RuleOrigin::user)
        .errors;
  };
  using testing::Contains;
  EXPECT_THAT(errors("{command: a, call: b}"), Contains(HasSubstr("exactly one of")));
  EXPECT_THAT(errors("{comand: a}"), Contains(HasSubstr("exactly one of")));
  EXPECT_THAT(errors("{command: a, where: x}"), Contains(HasSubstr("'match' has no key 'where'")));
  EXPECT_THAT(errors("{call: a, argument: {value: x}}"),
              Contains(HasSubstr("'position' or a 'keyword'")));
  EXPECT_THAT(errors("{call: a, argument: {position: 0, value: {matches: '['}}}"),
              Contains(HasSubstr("not a regular expression")));
  EXPECT_THAT(errors("{call: a, argument: {position: 0, value: {startswith: x}}}"),
              Contains(HasSubstr("did you mean 'starts-with'?")));
  EXPECT_THAT(errors("{command: a, arguments: [{any-of: [-x, y]}]}"), Contains(HasSubstr("mixes")));
  EXPECT_THAT(errors("{requirement: torch}"), Contains(HasSubstr("nothing fills '{value}'")));
  EXPECT_THAT(errors("{query: (cal) @match, language: python}"),
              Contains(HasSubstr("cal) @match, languag: the grammar has no such node")));
  EXPECT_THAT(errors("{query: (call), language: python}"), Contains(HasSubstr("@match")));
}

TEST(RuleLoader, FindsPlaceholders) {
  EXPECT_THAT(placeholders("`{last}` hides {first} and {last}, not ${HOME} or {a,b} or {}"),
              ElementsAre("last", "first"));
}

TEST(RuleLoader, HostileShapesAreErrorsNotCrashes) {
  for (const char* text :
       {"[]", "x", "", "id: [1]\nmatch: []\n", "examples: {a: 1}", "examples: [[]]",
        "match: {command: [[a]]}", "match: {command: {}}", "message: [a]", "messages: [a]",
        "match: {call: a, arguments: x, where: []}", "examples: [{bad: '⟧'}]",
        "examples: [{bad: a, files: []}]"}) {
    EXPECT_FALSE(read(text).errors.empty()) << text;
    EXPECT_FALSE(read(text, RuleOrigin::user).errors.empty()) << text;
  }
}

}  // namespace
}  // namespace preflint::catalog
