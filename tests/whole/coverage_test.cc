// docs/coverage.yaml says what looks after each statement of the platform's description. The page
// is made from it (PREFLINT_UPDATE=1 writes it anew), and what it names has to exist.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "catalog/builtin.h"
#include "support/lint.h"
#include "support/marks.h"
#include "syntax/document.h"

namespace preflint {
namespace {

namespace fs = std::filesystem;
namespace testing_support = preflint::testing;

const fs::path kDocs = fs::path(PREFLINT_SOURCE_DIR) / "docs";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Claim {
  std::string text, map, unchecked, note;
  std::vector<std::string> rules, probes;
};

struct Section {
  std::string title, seed;
  std::vector<Claim> claims;
};

std::string text_of(const Document& map, std::string_view key) {
  const Document* value = map.find(key);
  return value ? value->text : "";
}

std::vector<std::string> list_of(const Document& map, std::string_view key) {
  std::vector<std::string> out;
  if (const Document* value = map.find(key)) {
    for (const Document& item : value->items) out.push_back(item.text);
  }
  return out;
}

std::vector<Section> sections() {
  const auto document = parse_yaml(read(kDocs / "coverage.yaml"));
  if (!document) {
    ADD_FAILURE() << "docs/coverage.yaml: " << document.error().message;
    return {};
  }
  std::vector<Section> out;
  for (const Document& item : document->items) {
    Section& section =
        out.emplace_back(Section{text_of(item, "section"), text_of(item, "seed"), {}});
    for (const Document& claim : item.find("claims")->items) {
      for (const Document::Member& member : claim.members) {
        EXPECT_THAT(member.key,
                    ::testing::AnyOf("claim", "rules", "probes", "map", "unchecked", "note"))
            << text_of(claim, "claim");
      }
      section.claims.push_back({text_of(claim, "claim"), text_of(claim, "map"),
                                text_of(claim, "unchecked"), text_of(claim, "note"),
                                list_of(claim, "rules"), list_of(claim, "probes")});
    }
  }
  return out;
}

/// Ids of rules that are published, whether they are written yet or not.
std::set<std::string> known_ids() {
  std::set<std::string> out;
  std::ifstream in(PREFLINT_SOURCE_DIR "/tests/catalog/catalogue.txt");
  for (std::string line; std::getline(in, line);) out.insert(line.substr(0, line.find(' ')));
  for (const catalog::BuiltinRule& entry : catalog::builtin_rules())
    out.insert(std::string(entry.rule.id));
  return out;
}

std::string linked(const std::vector<std::string>& ids) {
  std::string out;
  for (const std::string& id : ids) {
    if (!out.empty()) out += ", ";
    out += fmt::format("[{}](rules/en/{}.md)", id, id);
  }
  return out;
}

std::string cell(const Claim& claim) {
  std::string out;
  const auto add = [&](std::string_view part) {
    if (part.empty()) return;
    if (!out.empty()) out += "; ";
    out += part;
  };
  add(linked(claim.rules));
  add(linked(claim.probes));
  if (!claim.map.empty()) add(fmt::format("`preflint map`: {}", claim.map));
  if (!claim.unchecked.empty()) add("not checkable: " + claim.unchecked);
  add(claim.note);
  return out;
}

std::string page() {
  size_t claims = 0, unchecked = 0;
  std::string body;
  for (const Section& section : sections()) {
    body += fmt::format("\n## {} ({})\n\n| statement | looked after by |\n|---|---|\n",
                        section.title, section.seed);
    for (const Claim& claim : section.claims) {
      ++claims;
      unchecked += !claim.unchecked.empty();
      body += fmt::format("| {} | {} |\n", claim.text, cell(claim));
    }
  }
  return fmt::format(
             "# What looks after which statement\n\n"
             "The AutoDL profile rests on a description of the platform. Each of its {} statements "
             "is looked after by rules, by live\n"
             "probes (`preflint preflight`), by a column of `preflint map`, or it is said why no "
             "code can check it ({} of them).\n"
             "Made from `docs/coverage.yaml` by the tests.\n",
             claims, unchecked) +
         body;
}

TEST(Coverage, PageIsFresh) {
  const std::string expected = page();
  if (read(kDocs / "coverage.md") == expected) return;
  if (std::getenv("PREFLINT_UPDATE"))
    std::ofstream(kDocs / "coverage.md", std::ios::binary) << expected;
  else
    ADD_FAILURE() << "docs/coverage.md is stale: PREFLINT_UPDATE=1 ./dev test 'Coverage*'";
}

TEST(Coverage, EveryStatementIsLookedAfter) {
  const std::set<std::string> known = known_ids();
  std::set<std::string> texts;
  for (const Section& section : sections()) {
    for (const Claim& claim : section.claims) {
      EXPECT_FALSE(cell(claim).empty()) << claim.text;
      EXPECT_TRUE(texts.insert(section.title + claim.text).second) << "twice: " << claim.text;
      EXPECT_TRUE(claim.unchecked.empty() || (claim.rules.empty() && claim.probes.empty()))
          << claim.text;
      EXPECT_THAT(claim.map, ::testing::AnyOf("", "tier", "survives stop", "survives release"))
          << claim.text;
      for (const auto* ids : {&claim.rules, &claim.probes}) {
        for (const std::string& id : *ids) {
          EXPECT_TRUE(known.contains(id)) << id << " is no rule: " << claim.text;
        }
      }
      for (const std::string& id : claim.probes) EXPECT_TRUE(id.starts_with("PRB")) << id;
    }
  }
}

TEST(Coverage, EveryRuleHasItsStatement) {
  std::set<std::string> named;
  for (const Section& section : sections()) {
    for (const Claim& claim : section.claims) {
      named.insert(claim.rules.begin(), claim.rules.end());
      named.insert(claim.probes.begin(), claim.probes.end());
    }
  }
  for (const std::string& id : known_ids()) {
    if (!id.starts_with("PFL")) {
      EXPECT_TRUE(named.contains(id)) << id << " is named nowhere in docs/coverage.yaml";
    }
  }
}

/// Rules that the marks of the fixtures expect somewhere.
std::set<std::string> marked_rules() {
  std::set<std::string> out;
  for (const auto& folder : fs::directory_iterator(fs::path(PREFLINT_SOURCE_DIR) / "fixtures")) {
    if (!folder.is_directory()) continue;
    std::vector<testing_support::Mark> marks;
    for (const auto& [path, text] : testing_support::read_folder(folder.path())) {
      for (auto& mark : testing_support::inline_marks(path, text)) marks.push_back(std::move(mark));
    }
    std::vector<std::string> errors;
    for (auto& mark : testing_support::listed_marks(read(folder.path() / "expected.txt"), errors))
      marks.push_back(std::move(mark));
    for (const auto& mark : marks) out.insert(mark.rule);
  }
  return out;
}

TEST(Coverage, EveryRuleFiresInAFixtureAndIsSilentInNearMisses) {
  const std::set<std::string> marked = marked_rules();
  for (const catalog::BuiltinRule& entry : catalog::builtin_rules()) {
    const catalog::Rule& rule = entry.rule;
    if (!rule.emitted_by.empty()) continue;
    EXPECT_TRUE(marked.contains(std::string(rule.id))) << "no fixture expects " << rule.id;
    const auto good = std::count_if(rule.examples.begin(), rule.examples.end(),
                                    [](const catalog::Example& example) { return !example.bad; });
    EXPECT_GE(good, 2) << rule.id << " needs two near misses among its examples";
  }
}

}  // namespace
}  // namespace preflint
