// docs/user-rules.md is run: each YAML block on it is a rule whose examples have to come out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "catalog/rule_loader.h"
#include "workspace/examples.h"

namespace preflint {
namespace {

std::vector<std::string> blocks() {
  std::ifstream in(PREFLINT_SOURCE_DIR "/docs/user-rules.md", std::ios::binary);
  std::vector<std::string> out;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line == "```yaml")
      out.emplace_back();
    else if (inside && line != "```")
      out.back() += line + "\n";
    inside = line == "```yaml" || (inside && line != "```");
  }
  return out;
}

std::vector<std::string> outcome(std::string_view text) {
  std::vector<std::string> out;
  const auto document = parse_yaml(text);
  if (!document) return {document.error().message};
  const auto loaded = catalog::load_rule(*document, catalog::RuleOrigin::user, "user");
  for (const Error& error : loaded.errors) out.push_back(error.message);
  if (!out.empty()) return out;
  EXPECT_GE(loaded.rule.examples.size(), 2u) << loaded.rule.id;
  for (const workspace::ExampleResult& result : workspace::run_examples(loaded.rule)) {
    for (const std::string& sentence : result.sentences) {
      out.push_back(std::string(loaded.rule.id) + " example " + std::to_string(result.number) +
                    ": " + sentence);
    }
  }
  return out;
}

TEST(UserRules, DocumentedOnesWork) {
  const auto documented = blocks();
  EXPECT_GE(documented.size(), 5u);
  for (const std::string& block : documented) {
    EXPECT_THAT(outcome(block), testing::IsEmpty()) << block;
  }
}

TEST(UserRules, WrongExamplesAreTold) {
  const std::string rule =
      "id: MY001\nname: no-foo\nmessage: m\nlanguages: [shell]\nmatch: {command: foo}\nexamples:\n";
  EXPECT_THAT(outcome(rule + "  - bad: ⟦foo⟧\n  - good: bar\n"), testing::IsEmpty());
  EXPECT_THAT(
      outcome(rule + "  - bad: ⟦bar⟧\n  - good: foo a\n"),
      testing::ElementsAre("MY001 example 1: marked, but not found: example.sh:1: `bar`",
                           "MY001 example 2: found, but not marked: example.sh:1: `foo a`"));
}

TEST(UserRules, SleepWhileTheProfileDoesNotKnow) {
  const std::string rule =
      "id: MY001\nname: no-foo\nmessage: m\nlanguages: [shell]\nneeds: [panel.directory]\n"
      "match: {command: foo}\nexamples:\n";
  EXPECT_THAT(outcome(rule + "  - bad: ⟦foo⟧\n  - {good: foo, config: 'profile: runpod'}\n"),
              testing::IsEmpty());
}

TEST(UserRules, QueriesAreRunOnBothLanguages) {
  EXPECT_THAT(
      outcome("id: MY001\nname: a\nmessage: \"{name}\"\nlanguages: [python]\n"
              "match:\n  language: python\n  query: '((call function: (identifier) @name) @match "
              "(#eq? @name \"exec\"))'\n"
              "examples:\n  - bad: ⟦exec(1)⟧\n  - good: eval(1)\n"),
      testing::IsEmpty());
  EXPECT_THAT(outcome("id: MY001\nname: a\nmessage: m\nlanguages: [shell]\n"
                      "match: {language: shell, query: '(file_redirect) @match'}\n"
                      "examples:\n  - bad: 'ls ⟦> x⟧'\n  - good: ls\n"),
              testing::IsEmpty());
}

}  // namespace
}  // namespace preflint
