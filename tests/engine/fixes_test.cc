#include "engine/fixes.h"

#include <gmock/gmock.h>

namespace preflint::engine {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

FileLookup disk(Contents files) {
  return [files = std::move(files)](const std::string& path) -> std::shared_ptr<const File> {
    const auto it = files.find(path);
    if (it == files.end()) return nullptr;
    return std::make_shared<const File>(File{path, FileKind::shell, it->second});
  };
}

Finding fix(std::vector<Edit> edits, Applicability applicability = Applicability::safe) {
  Finding finding;
  finding.rule = "NET001";
  finding.place = edits.front().place;
  finding.fix = Fix{applicability, std::move(edits)};
  return finding;
}

Edit edit(std::string path, uint32_t begin, uint32_t end, std::string text) {
  return {{std::move(path), {begin, end}}, std::move(text)};
}

TEST(Fixes, AreAppliedTogetherWhereTheyDoNotTouch) {
  EXPECT_THAT(apply_fixes({fix({edit("a", 0, 1, "X")}), fix({edit("a", 2, 3, "Z")}),
                           fix({edit("b", 0, 0, "new ")})},
                          false, disk({{"a", "abc"}, {"b", "text"}})),
              UnorderedElementsAre(Pair("a", "XbZ"), Pair("b", "new text")));
}

TEST(Fixes, AreAppliedWholeOrNotAtAll) {
  EXPECT_THAT(
      apply_fixes({fix({edit("a", 0, 2, "X")}), fix({edit("a", 1, 3, "Y"), edit("b", 0, 1, "Y")})},
                  false, disk({{"a", "abc"}, {"b", "b"}})),
      UnorderedElementsAre(Pair("a", "Xc")));
  EXPECT_THAT(apply_fixes({fix({edit("a", 2, 9, "X")})}, true, disk({{"a", "abc"}})), IsEmpty());
}

TEST(Fixes, InsertTheSameLineOnce) {
  const Finding hook = fix({edit("a", 2, 2, "hook\n")});
  EXPECT_THAT(apply_fixes({hook, hook}, false, disk({{"a", "1\n2\n"}})),
              UnorderedElementsAre(Pair("a", "1\nhook\n2\n")));
}

TEST(Fixes, UnsafeOrSuppressedOnesWaitToBeAskedFor) {
  Finding suppressed = fix({edit("a", 0, 1, "X")});
  suppressed.suppressed = true;
  const Finding unsafe = fix({edit("a", 1, 2, "Y")}, Applicability::unsafe);
  EXPECT_THAT(apply_fixes({suppressed, unsafe}, false, disk({{"a", "ab"}})), IsEmpty());
  EXPECT_THAT(apply_fixes({suppressed, unsafe}, true, disk({{"a", "ab"}})),
              UnorderedElementsAre(Pair("a", "aY")));
}

/// Finds every "a" and would make it a "b".
std::vector<Finding> linted(const std::string& text) {
  std::vector<Finding> findings;
  for (uint32_t i = 0; i < text.size(); ++i) {
    if (text[i] == 'a')
      findings.push_back(
          fix({edit("f", i == 0 ? 0 : i - 1, i + 1, i == 0 ? "b" : text.substr(i - 1, 1) + "b")}));
  }
  return findings;
}

TEST(Fixes, OverlappingOnesAreAppliedInRounds) {
  int rounds = 0;
  const LintRound lint = [&](const Contents& changed) {
    ++rounds;
    return linted(changed.contains("f") ? changed.at("f") : "aaa");
  };
  EXPECT_THAT(fix_all(lint, false, disk({{"f", "aaa"}})), UnorderedElementsAre(Pair("f", "bbb")));
  EXPECT_GT(rounds, 2);
}

TEST(Fixes, ThatUndoEachOtherEnd) {
  const LintRound lint = [](const Contents& changed) {
    const std::string text = changed.contains("f") ? changed.at("f") : "x";
    return std::vector{fix({edit("f", 0, 1, text == "x" ? "y" : "x")})};
  };
  EXPECT_THAT(fix_all(lint, false, disk({{"f", "x"}})), IsEmpty());
}

TEST(Fixes, ThatMendNothingAreNotMadeAndHinderNoOthers) {
  size_t count = 0;
  const LintRound lint = [](const Contents& changed) {
    const std::string text = changed.contains("f") ? changed.at("f") : "aaa";
    std::vector<Finding> findings = linted(text);
    Finding vain = fix({edit("f", static_cast<uint32_t>(text.size()),
                             static_cast<uint32_t>(text.size()), "hook\n")});
    vain.rule = "NET002";
    findings.push_back(vain);
    return findings;
  };
  EXPECT_THAT(fix_all(lint, false, disk({{"f", "aaa"}}), &count),
              UnorderedElementsAre(Pair("f", "bbb")));
  EXPECT_EQ(count, 3u);
}

TEST(Fixes, MayTakeManyRoundsAsLongAsTheyMend) {
  const LintRound lint = [](const Contents& changed) {
    const std::string text = changed.contains("f") ? changed.at("f") : std::string(60, 'a');
    std::vector<Finding> findings = linted(text);
    // One at a time: each edit is of the whole text.
    for (Finding& finding : findings) {
      const uint32_t at = finding.place.span.end - 1;
      finding.fix->edits = {edit("f", 0, 60, text.substr(0, at) + "b" + text.substr(at + 1))};
    }
    return findings;
  };
  EXPECT_THAT(fix_all(lint, false, disk({{"f", std::string(60, 'a')}})),
              UnorderedElementsAre(Pair("f", std::string(60, 'b'))));
}

TEST(Fixes, LinesEndAsThoseOfTheFile) {
  const Finding hook = fix({edit("a", 3, 3, "hook\n")});
  EXPECT_THAT(apply_fixes({hook}, false, disk({{"a", "1\r\n2"}})),
              UnorderedElementsAre(Pair("a", "1\r\nhook\r\n2")));
  // A fix of the line ends themselves means what it says.
  const Finding plain = fix({edit("a", 1, 3, "\n")});
  EXPECT_THAT(apply_fixes({plain}, false, disk({{"a", "1\r\n2"}})),
              UnorderedElementsAre(Pair("a", "1\n2")));
}

TEST(Fixes, AreCounted) {
  size_t count = 0;
  const LintRound lint = [&](const Contents& changed) {
    return linted(changed.contains("f") ? changed.at("f") : "aaa");
  };
  fix_all(lint, false, disk({{"f", "aaa"}}), &count);
  EXPECT_EQ(count, 3u);
}

TEST(Fixes, OfTwoFilesAreMadeInNeitherWhenOneWouldParseWorse) {
  const LintRound lint = [](const Contents& changed) {
    if (changed.empty()) return std::vector{fix({edit("f", 0, 0, "if\n"), edit("g", 0, 1, "y")})};
    return std::vector<Finding>();
  };
  EXPECT_THAT(fix_all(lint, false, disk({{"f", "x\n"}, {"g", "x\n"}})), IsEmpty());
}

TEST(Fixes, LeaveAFileAloneThatWouldParseWorse) {
  const LintRound lint = [](const Contents& changed) {
    if (!changed.contains("f")) return std::vector{fix({edit("f", 0, 1, "(")})};
    Finding broken;
    broken.rule = "PFL002";
    broken.place.path = "f";
    return std::vector{broken};
  };
  EXPECT_THAT(fix_all(lint, false, disk({{"f", "x"}})), IsEmpty());
}

}  // namespace
}  // namespace preflint::engine
