// What all rules have in common, and that their ids, names, severities and gotchas are the
// published ones: people have them in configurations and comments.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "catalog/builtin.h"
#include "support/chinese.h"

namespace preflint::catalog {
namespace {

struct Published {
  std::string name, severity, gotcha;
};

std::map<std::string, Published, std::less<>> published() {
  std::map<std::string, Published, std::less<>> out;
  std::ifstream in(PREFLINT_SOURCE_DIR "/tests/catalog/catalogue.txt");
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string id;
    Published entry;
    words >> id >> entry.name >> entry.severity >> entry.gotcha;
    out[id] = entry;
  }
  return out;
}

std::string_view word(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "info";
}

/// Every text of a rule in Chinese.
std::vector<std::string_view> chinese(const Rule& rule) {
  std::vector<std::string_view> out{rule.summary.zh, rule.message.zh, rule.why.zh, rule.advice.zh};
  for (const NamedWords& words : rule.messages) out.push_back(words.words.zh);
  for (const NamedWords& words : rule.notes) out.push_back(words.words.zh);
  return out;
}

/// Half-width punctuation right behind a Chinese character, with what stands before it.
std::string half_width(std::string_view text) {
  for (size_t i = 3; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i - 3]);
    const bool behind_chinese = lead >= 0xE4 && lead <= 0xE9 && (text[i - 1] & 0x80) != 0;
    if (behind_chinese && std::string_view(",;:?!").find(text[i]) != std::string_view::npos) {
      return std::string(text.substr(i - 3, 4));
    }
  }
  return "";
}

TEST(Catalogue, RulesAreThePublishedOnes) {
  auto left = published();
  for (const BuiltinRule& entry : builtin_rules()) {
    const Rule& rule = entry.rule;
    if (rule.emitted_by == "probe") continue;
    const auto it = left.find(rule.id);
    if (it == left.end()) {
      ADD_FAILURE() << rule.id << " is not in tests/catalog/catalogue.txt";
      continue;
    }
    EXPECT_EQ(rule.name, it->second.name) << rule.id;
    EXPECT_EQ(word(rule.severity), it->second.severity) << rule.id;
    if (!it->second.gotcha.empty()) {
      EXPECT_THAT(rule.gotchas, testing::Contains(it->second.gotcha)) << rule.id;
    }
    left.erase(it);
  }
  if (!left.empty()) {
    std::cout << "note: " << left.size() << " published rules are still to be written:";
    for (const auto& [id, entry] : left) std::cout << ' ' << id;
    std::cout << '\n';
  }
}

/// Ids, names and severities of the rules that a specification beside the checkout states, where
/// there is one.
std::map<std::string, Published, std::less<>> specified() {
  std::map<std::string, Published, std::less<>> out;
  std::ifstream in(PREFLINT_SOURCE_DIR "/../shared/spec/rules.md", std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  std::string id, name, severity, gotcha;
  // Rows of its tables; those of NET have a column of gotchas.
  const RE2 row(
      R"((?m)^\| ([A-Z]{3}\d{3}) \| ([a-z0-9-]+) \| (error|warning|info)[^|]*\|(?: (AD\d) \|)?)");
  for (re2::StringPiece rest(text);
       RE2::FindAndConsume(&rest, row, &id, &name, &severity, &gotcha);)
    out[id] = {name, severity, gotcha};
  // Those that came later, in running text.
  const RE2 later(R"(\*\*([A-Z]{3}\d{3}) ([a-z0-9-]+)\*\*\s+(error|warning|info))");
  for (re2::StringPiece rest(text); RE2::FindAndConsume(&rest, later, &id, &name, &severity);)
    out[id] = {name, severity, ""};
  return out;
}

TEST(Catalogue, IsTheSpecifiedOne) {
  const auto wanted = specified();
  if (wanted.empty()) {
    std::cout << "note: no specification beside this checkout\n";
    return;
  }
  const auto ours = published();
  EXPECT_GT(wanted.size(), 90u);
  for (const auto& [id, entry] : wanted) {
    const auto it = ours.find(id);
    if (it == ours.end()) {
      ADD_FAILURE() << id << " is not in tests/catalog/catalogue.txt";
      continue;
    }
    EXPECT_EQ(it->second.name, entry.name) << id;
    EXPECT_EQ(it->second.severity, entry.severity) << id;
    if (!entry.gotcha.empty()) {
      EXPECT_EQ(it->second.gotcha, entry.gotcha) << id;
    }
  }
  for (const auto& [id, entry] : ours) {
    if (!id.starts_with("PFL")) {
      EXPECT_TRUE(wanted.contains(id)) << id << " is specified nowhere";
    }
  }
}

/// A Chinese text without code and placeholders.
std::string prose(std::string_view text) {
  std::string out;
  bool code = false;
  int depth = 0;
  for (const char c : text) {
    if (c == '`') code = !code;
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (!code && depth <= 0 && c != '`' && c != '}')
      out += c;
    else
      out += ' ';
  }
  return out;
}

TEST(Catalogue, ChineseTextsHoldNoEnglishButNames) {
  std::set<std::string, std::less<>> names;
  std::ifstream in(PREFLINT_SOURCE_DIR "/tests/catalog/names.txt");
  std::vector<std::string> phrases;  // what programs print
  for (std::string name; std::getline(in, name);) {
    if (name.find(' ') == std::string::npos)
      names.insert(name);
    else
      phrases.push_back(name);
  }
  // Paths, names with underscores and versions are code, with or without quotes.
  const RE2 word("([A-Za-z0-9_./~+-]+)");
  for (const BuiltinRule& entry : builtin_rules()) {
    for (const std::string_view text : chinese(entry.rule)) {
      std::string plain = prose(text);
      for (const std::string& phrase : phrases) {
        for (size_t at = plain.find(phrase); at != std::string::npos; at = plain.find(phrase))
          plain.erase(at, phrase.size());
      }
      std::string found;
      for (re2::StringPiece rest(plain); RE2::FindAndConsume(&rest, word, &found);) {
        if (found.size() < 2 || found.find_first_of("/._~0123456789") != std::string::npos)
          continue;
        EXPECT_TRUE(names.contains(found))
            << entry.rule.id << ": \"" << found << "\" in: " << text
            << "\n(a name that Chinese engineers use? then tests/catalog/names.txt)";
      }
    }
  }
}

TEST(Catalogue, BothLanguagesAreWritten) {
  for (const BuiltinRule& entry : builtin_rules()) {
    const Rule& rule = entry.rule;
    for (const std::string_view text : chinese(rule))
      EXPECT_TRUE(holds_chinese(text)) << rule.id << ": " << text;
    for (const Words& words : {rule.summary, rule.message, rule.why, rule.advice})
      EXPECT_FALSE(holds_chinese(words.en)) << rule.id << ": " << words.en;
  }
}

TEST(Catalogue, ChineseTextsUseFullWidthPunctuation) {
  for (const BuiltinRule& entry : builtin_rules()) {
    for (const std::string_view text : chinese(entry.rule)) {
      EXPECT_EQ(half_width(text), "") << entry.rule.id << ": " << text;
    }
  }
}

TEST(Catalogue, WhatIsFoundIsExplained) {
  for (const BuiltinRule& entry : builtin_rules()) {
    const Rule& rule = entry.rule;
    EXPECT_FALSE(rule.precision.empty()) << rule.id << " has no 'precision'";
    EXPECT_LE(rule.summary.en.size(), 90u) << rule.id;
    EXPECT_FALSE(rule.summary.en.ends_with('.')) << rule.id << ": a summary is no sentence";
    if (!rule.emitted_by.empty()) continue;
    const auto bad = std::count_if(rule.examples.begin(), rule.examples.end(),
                                   [](const Example& example) { return example.bad; });
    const auto good = static_cast<long>(rule.examples.size()) - bad;
    if (bad < 2 || good < 2) {
      std::cout << "note: " << rule.id << " has " << bad << " bad and " << good
                << " good examples; two of each are wanted\n";
    }
  }
}

}  // namespace
}  // namespace preflint::catalog
