#include "support/marks.h"

#include <gmock/gmock.h>

namespace preflint::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> shown(const std::vector<Mark>& marks) {
  std::vector<std::string> texts;
  for (const Mark& mark : marks) texts.push_back(to_string(mark));
  return texts;
}

TEST(Marks, StandAtTheEndOfTheirLineOrBelowIt) {
  EXPECT_THAT(shown(inline_marks("a.sh",
                                 "x   #~ NET001 DEP003 and why\n"
                                 "y\n"
                                 "#~^ ENV001\n"
                                 "z # ~ NET001, # NET001\n")),
              ElementsAre("a.sh:1 NET001", "a.sh:1 DEP003", "a.sh:2 ENV001"));
}

TEST(Marks, AreReadFromAList) {
  std::vector<std::string> errors;
  EXPECT_THAT(shown(listed_marks(
                  "# a comment\n\nrun.ipynb:cell3:1 DEP004\na/b.sh:13:5 ENV001 NET001\n", errors)),
              ElementsAre("run.ipynb:cell3:1 DEP004", "a/b.sh:13:5 ENV001", "a/b.sh:13:5 NET001"));
  EXPECT_THAT(errors, IsEmpty());
  EXPECT_THAT(listed_marks("a.sh NET001\na.sh:3\n", errors), IsEmpty());
  EXPECT_EQ(errors.size(), 2u);
}

TEST(Marks, AnswerForOneFindingEach) {
  const Mark any{"a", -1, 1, 0, "NET001"};
  const Mark at_3{"a", -1, 1, 3, "NET001"};
  const Mark at_9{"a", -1, 1, 9, "NET001"};
  EXPECT_THAT(differences({any, at_3}, {at_3, at_9}), IsEmpty());
  EXPECT_THAT(differences({any}, {at_3, at_9}), ElementsAre("unmarked: a:1:9 NET001"));
  EXPECT_THAT(differences({any, any}, {at_3}), ElementsAre("missing: a:1 NET001"));
}

TEST(Marks, BracketsGiveRanges) {
  const Marked text = marked("a ⟦b⟧ ⟦c ⟦d⟧⟧");
  EXPECT_EQ(text.text, "a b c d");
  EXPECT_THAT(text.spans, ElementsAre(Span{2, 3}, Span{4, 7}, Span{6, 7}));
}

}  // namespace
}  // namespace preflint::testing
