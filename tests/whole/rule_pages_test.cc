// docs/rules is made from rules/: PREFLINT_UPDATE=1 writes it anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "catalog/builtin.h"
#include "catalog/profile.h"
#include "output/profile_page.h"
#include "output/rule_page.h"
#include "workspace/examples.h"

namespace preflint::output {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::vector<const catalog::Rule*> rules() {
  std::vector<const catalog::Rule*> out;
  for (const catalog::BuiltinRule& entry : catalog::builtin_rules()) out.push_back(&entry.rule);
  return out;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

/// Every page by its path below docs/rules.
std::map<std::string, std::string> pages() {
  std::map<std::string, std::string> out;
  for (const auto& [folder, language] :
       {std::pair("en", Language::en), std::pair("zh", Language::zh)}) {
    out[fs::path(folder) / "README.md"] = rule_index(rules(), language);
    for (const catalog::Rule* rule : rules()) {
      out[fs::path(folder) / (std::string(rule->id) + ".md")] =
          rule_markdown(*rule, workspace::sample_of(*rule), language);
    }
  }
  return out;
}

TEST(RulePages, AreFresh) {
  const fs::path folder = fs::path(PREFLINT_SOURCE_DIR) / "docs/rules";
  const auto expected = pages();
  const bool update = std::getenv("PREFLINT_UPDATE") != nullptr;
  for (const auto& [name, text] : expected) {
    if (read(folder / name) == text) continue;
    if (update) {
      fs::create_directories((folder / name).parent_path());
      std::ofstream(folder / name, std::ios::binary) << text;
    } else {
      ADD_FAILURE() << "docs/rules/" << name << " is stale: PREFLINT_UPDATE=1 ./dev test RulePages";
    }
  }
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = fs::relative(entry.path(), folder);
    if (expected.contains(name)) continue;
    if (update)
      fs::remove(entry.path());
    else
      ADD_FAILURE() << "docs/rules/" << name << " is of no rule";
  }
}

TEST(RulePages, OnlyLinkToRulesThatExist) {
  for (const catalog::Rule* rule : rules()) {
    for (const std::string_view id : rule->related) {
      if (catalog::find_builtin(id)) continue;
      // `./dev test` prints lines that begin so: a link to a rule that is still to be written.
      std::cout << "note: " << rule->id << " is related to " << id << ", which is no rule yet\n";
    }
  }
}

TEST(RulePages, JsonHoldsEveryRuleInBothLanguages) {
  const auto json = nlohmann::json::parse(rules_json(rules()));
  ASSERT_EQ(json.size(), rules().size());
  for (const auto& rule : json) {
    EXPECT_FALSE(rule["summary"]["en"].get<std::string>().empty()) << rule["id"];
    EXPECT_FALSE(rule["summary"]["zh"].get<std::string>().empty()) << rule["id"];
  }
}

TEST(RulePages, TheTerminalShowsAllParts) {
  catalog::Rule rule;
  const catalog::Example examples[] = {
      {true, "shell", "", "a | ⟦b⟧ && c\n", "set -o pipefail\na | b && c\n", "", {}},
      {false, "shell", "", "a && c\n", "", "", {}}};
  const std::string_view gotchas[] = {"U33"};
  rule.id = "SYN003";
  rule.name = "pipeline-hides-exit";
  rule.severity = Severity::error;
  rule.has_fix = true;
  rule.gotchas = gotchas;
  rule.summary = {"A pipe hides the exit status", "管道掩盖退出码"};
  rule.why = {"Because.", "原因。"};
  rule.advice = {"Set it.", "设置。"};
  rule.examples = examples;
  EXPECT_EQ(rule_text(rule, std::nullopt, Language::zh, false, 60),
            "SYN003 pipeline-hides-exit\n  管道掩盖退出码\n\n"
            "  级别：错误    自动修复：安全（`--fix`）    避坑编号：U33\n"
            "\n原因\n  原因。\n\n处理方法\n  设置。\n"
            "\n会报告的写法\n    a | ⟦b⟧ && c\n\n修复之后\n    set -o pipefail\n    a | b && c\n"
            "\n不会报告的写法\n    a && c\n"
            "\n配置\n    ignore: [SYN003]\n    severity: {SYN003: warning}\n"
            "    per-file-ignores: {\"tests/**\": [SYN003]}\n"
            "    # preflint: ignore[SYN003]  写在该行\n");
  EXPECT_THAT(rule_text(rule, std::nullopt, Language::en, true, 60),
              HasSubstr("a | \x1b[1;31mb\x1b[0m && c"));
  EXPECT_THAT(rule_markdown(rule, std::nullopt, Language::en),
              HasSubstr("## Found\n\n```bash\na | b && c\n```\n\nAfter the fix:\n"));
}

TEST(ProfilePage, ShowsEvidenceUnknownsAndSleepingRules) {
  catalog::Rule rule;
  const std::string_view needs[] = {"network.hook", "panel.directory"};
  rule.id = "NET001";
  rule.name = "network-hook-missing";
  rule.needs = needs;
  const auto show = [&](std::string_view name) {
    return profile_text(**catalog::builtin_profile(name), {&rule}, Language::en, false);
  };
  const std::string autodl = show("autodl");
  EXPECT_THAT(autodl, HasSubstr("panel.directory = /root/tf-logs [seed §3, AD7, 2026-11-20]"));
  EXPECT_THAT(autodl, HasSubstr("pytorch-2.8.0-cu128-py3.12"));
  EXPECT_THAT(autodl, testing::Not(HasSubstr("sleep")));
  const std::string runpod = show("runpod");
  EXPECT_THAT(runpod, HasSubstr("network.hook = none"));
  EXPECT_THAT(runpod, HasSubstr("NET001 network-hook-missing: network.hook, panel.directory"));
  EXPECT_THAT(profile_text(**catalog::builtin_profile("autodl"), {}, Language::zh, false),
              HasSubstr("存储分层"));
  const auto json =
      nlohmann::json::parse(profile_json(**catalog::builtin_profile("runpod"), {&rule}));
  EXPECT_EQ(json["sleeping"][0]["rule"], "NET001");
  EXPECT_TRUE(json["facts"]["network.hook"]["value"].is_null());
  EXPECT_THAT(profile_list({*catalog::builtin_profile("autodl")}, {&rule}, Language::en),
              HasSubstr("AutoDL"));
}

}  // namespace
}  // namespace preflint::output
