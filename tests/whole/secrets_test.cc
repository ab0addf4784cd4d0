// What rules have found to be a secret is shown by no format, in no language.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "output/diff.h"
#include "support/lint.h"

namespace preflint::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kSecrets[] = {"c81e728d9d4c2f636f067f89cc14862c65f1a207",
                                         "a87ff679a2f3e71d9181a67b7542122c04ecb5d8",
                                         "LkJhGfDsAqWeRtYuIoPzXcVbNmQpOwIeUr",
                                         "e4da3b7fbbce2345d7772b0674a318d5",
                                         "8d1f4b7e-03ac-49d2-b65e-71fc20a9e834",
                                         "q7Zr4TbN1xKd8LmPv3YcJ",
                                         "vR9wLp4nXe"};

class EveryFormat : public ::testing::TestWithParam<std::string_view> {};

TEST_P(EveryFormat, ShowsNoSecret) {
  const output::Format format = *output::format_of(GetParam());
  for (const Language language : {Language::en, Language::zh}) {
    const std::string shown =
        render_folder(PREFLINT_SOURCE_DIR "/fixtures/credentials", format, language);
    EXPECT_THAT(shown, HasSubstr(GetParam() == "junit" ? "SEC" : "SEC001"));
    for (const std::string_view secret : kSecrets)
      EXPECT_THAT(shown, Not(HasSubstr(std::string(secret)))) << GetParam();
  }
}

INSTANTIATE_TEST_SUITE_P(Format, EveryFormat,
                         ::testing::ValuesIn(output::format_names().begin(),
                                             output::format_names().end()),
                         [](const auto& name) { return std::string(name.param); });

/// A finding of another rule on the line of a secret, with a fix that would repeat it.
TEST(Secrets, AreMaskedInFramesOfOtherRules) {
  const Files files = {
      {"run.sh",
       "#!/bin/bash\nWANDB_API_KEY=c81e728d9d4c2f636f067f89cc14862c65f1a207 python3 train.py\n"},
      {"go.sh", "#!/bin/bash\nsshpass -p vR9wLp4nXe ssh -o StrictHostKeyChecking=no box uptime\n"}};
  size_t others = 0;
  for (const Found& one : lint(files, {.floor = Severity::info})) {
    others += !one.rule.starts_with("SEC");
    for (const std::string_view secret : kSecrets)
      EXPECT_THAT(one.message, Not(HasSubstr(std::string(secret))));
  }
  EXPECT_GE(others, 2u);
}

TEST(Secrets, AreMaskedInDiffs) {
  const std::string before =
      "export WANDB_API_KEY=c81e728d9d4c2f636f067f89cc14862c65f1a207\npython3 a.py\n";
  const std::string diff = output::unified_diff(before, before + "true\n", "run.sh");
  EXPECT_THAT(diff, HasSubstr(" export WANDB_API_KEY=****"));
  for (const std::string_view secret : kSecrets)
    EXPECT_THAT(diff, Not(HasSubstr(std::string(secret))));
}

}  // namespace
}  // namespace preflint::testing
