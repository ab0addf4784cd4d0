#include <gmock/gmock.h>

#include "support/lint.h"

namespace preflint::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// What is still reported of some rules, as `path:line RULE`.
std::vector<std::string> left(const Files& files, const LintOptions& options = {}) {
  std::vector<std::string> out;
  for (const Found& one : lint(files, options)) {
    if (one.rule != "NET001" && one.rule != "ENV001" && one.rule != "PFL001") continue;
    std::string where = one.path;
    if (one.cell >= 0) where += ":cell" + std::to_string(one.cell);
    out.push_back(where + ":" + std::to_string(one.line) + " " + one.rule);
  }
  return out;
}

std::string notebook(const std::vector<std::string>& cells) {
  std::string out = "{\"cells\": [";
  for (const std::string& source : cells) {
    if (&source != &cells.front()) out += ",";
    out += "\n  {\"cell_type\": \"code\", \"source\": [" + source + "]}";
  }
  return out + "\n], \"nbformat\": 4}\n";
}

TEST(Suppress, OnTheLine) {
  EXPECT_THAT(left({{"a.sh", "git clone https://github.com/a/b\n"}}), ElementsAre("a.sh:1 NET001"));
  EXPECT_THAT(
      left({{"a.sh", "git clone https://github.com/a/b  # preflint: ignore[NET001] own proxy\n"}}),
      IsEmpty());
  EXPECT_THAT(
      left({{"a.sh", "git clone https://github.com/a/b  # see 12  # preflint: ignore[NET]\n"}}),
      IsEmpty());
  EXPECT_THAT(
      left({{"a.sh",
             "git clone https://github.com/a/b  # preflint: ignore[network-hook-missing, ENV]\n"}}),
      ElementsAre("a.sh:1 PFL001"));
  EXPECT_THAT(left({{"a.sh", "git clone https://github.com/a/b  # preflint: ignore[AD1]\r\n"}}),
              IsEmpty());
}

TEST(Suppress, LinesMayEndInALoneCarriageReturn) {
  EXPECT_THAT(left({{"a.py",
                     "import os\ros.system('python3 x.py')  # preflint: "
                     "ignore[ENV001]\ros.system('python3 y.py')\r"}}),
              ElementsAre("a.py:3 ENV001"));
}

TEST(Suppress, IsNoneInAString) {
  EXPECT_THAT(left({{"a.sh", "git clone https://github.com/a/b '# preflint: ignore[NET001]'\n"}}),
              ElementsAre("a.sh:1 NET001"));
  EXPECT_THAT(left({{"a.py",
                     "import os\nos.system('git clone https://github.com/a/b') or '# preflint: "
                     "ignore[NET001]'\n"}}),
              ElementsAre("a.py:2 NET001"));
}

TEST(Suppress, AloneAboveTheStatement) {
  const std::string clone = "git clone \\\n  https://github.com/a/b\n";
  EXPECT_THAT(left({{"a.sh", "# preflint: ignore[NET001] own proxy\n" + clone}}), IsEmpty());
  EXPECT_THAT(left({{"a.sh", "# preflint: ignore[NET001] own proxy\n# and a word\n\n" + clone}}),
              IsEmpty());
  EXPECT_THAT(left({{"a.sh", "# preflint: ignore[NET001] own proxy\ntrue\n" + clone}}),
              ElementsAre("a.sh:1 PFL001", "a.sh:3 NET001"));
  EXPECT_THAT(left({{"a.py",
                     "import os\n# preflint: ignore[NET001]\nos.system(\n    'git clone "
                     "https://github.com/a/b'\n)\n"}}),
              IsEmpty());
}

TEST(Suppress, AtTheEndOfAStatementOfSeveralLines) {
  EXPECT_THAT(
      left({{"a.sh", "git clone \\\n  https://github.com/a/b  # preflint: ignore[NET001]\n"}}),
      IsEmpty());
  EXPECT_THAT(left({{"a.py",
                     "import os\nos.system(\n    'git clone https://github.com/a/b'\n)  # "
                     "preflint: ignore[NET001]\n"}}),
              IsEmpty());
  EXPECT_THAT(left({{"a.py",
                     "import os\nos.system(\n    # preflint: ignore[NET001]\n    'git clone "
                     "https://github.com/a/b'\n)\n"}}),
              IsEmpty());
}

TEST(Suppress, AboveACompoundCommandMeansWhatOpensIt) {
  EXPECT_THAT(left({{"a.sh",
                     "# preflint: ignore[NET001]\nif git clone https://github.com/a/b; then\n  "
                     "true\nfi\n"}}),
              IsEmpty());
  EXPECT_THAT(left({{"a.sh",
                     "# preflint: ignore[NET001]\nif true; then\n  git clone "
                     "https://github.com/a/b\nfi\n"}}),
              ElementsAre("a.sh:1 PFL001", "a.sh:3 NET001"));
}

TEST(Suppress, AFileInItsFirstTenLines) {
  const std::string clone = "git clone https://github.com/a/b\n";
  EXPECT_THAT(left({{"a.sh", "#!/bin/bash\n# preflint: ignore-file[NET] laptop\n" + clone}}),
              IsEmpty());
  EXPECT_THAT(left({{"a.sh", std::string(10, '\n') + "# preflint: ignore-file[NET]\n" + clone}}),
              ElementsAre("a.sh:11 PFL001", "a.sh:12 NET001"));
  EXPECT_THAT(left({{"a.sh", "# preflint: ignore-file[ENV001]\n" + clone}}),
              ElementsAre("a.sh:1 PFL001", "a.sh:2 NET001"));
}

TEST(Suppress, ABlock) {
  const std::string clone = "git clone https://github.com/a/b\n";
  EXPECT_THAT(left({{"a.sh", "# preflint: off\n" + clone + "# preflint: on\npython3 x.py\n"}}),
              ElementsAre("a.sh:4 ENV001"));
  EXPECT_THAT(left({{"a.sh", "# preflint: off[ENV]\n" + clone + "python3 x.py\n# preflint: on\n"}}),
              ElementsAre("a.sh:2 NET001"));
  EXPECT_THAT(left({{"a.sh", "# preflint: off\n" + clone}}), ElementsAre("a.sh:1 PFL001"));
  EXPECT_THAT(left({{"a.sh", "# preflint: off\ntrue\n# preflint: on\n# preflint: on\n"}}),
              ElementsAre("a.sh:1 PFL001", "a.sh:4 PFL001"));
}

TEST(Suppress, InAHeredocAndInAnArgument) {
  EXPECT_THAT(
      left({{"a.sh",
             "bash <<'EOF'\ngit clone https://github.com/a/b  # preflint: ignore[NET001]\nEOF\n"}}),
      IsEmpty());
  EXPECT_THAT(
      left({{"a.sh",
             "bash <<'EOF'\n# preflint: ignore[NET001]\ngit clone https://github.com/a/b\nEOF\n"}}),
      IsEmpty());
  EXPECT_THAT(
      left({{"a.sh",
             "# preflint: ignore[NET001]\nbash <<'EOF'\ngit clone https://github.com/a/b\nEOF\n"}}),
      IsEmpty());
  EXPECT_THAT(
      left({{"a.sh",
             "bash -c '\n  git clone https://github.com/a/b  # preflint: ignore[NET001]\n'\n"}}),
      IsEmpty());
  EXPECT_THAT(
      left({{"a.sh",
             "bash -c '\n  git clone https://github.com/a/b\n'  # preflint: ignore[NET001]\n"}}),
      IsEmpty());
}

TEST(Suppress, InTheCellOfANotebook) {
  EXPECT_THAT(
      left({{"a.ipynb",
             notebook({R"("!git clone https://github.com/a/b  # preflint: ignore[NET001]\n")"})}}),
      IsEmpty());
  EXPECT_THAT(
      left(
          {{"a.ipynb",
            notebook({R"("# preflint: ignore[NET001]\n", "!git clone https://github.com/a/b")"})}}),
      IsEmpty());
  EXPECT_THAT(
      left(
          {{"a.ipynb",
            notebook(
                {R"("%%bash\n", "# preflint: ignore[NET001]\n", "git clone https://github.com/a/b")"})}}),
      IsEmpty());
  EXPECT_THAT(left({{"a.ipynb", notebook({R"("# preflint: off\n")",
                                          R"("!git clone https://github.com/a/b")"})}}),
              ElementsAre("a.ipynb:cell0:1 PFL001", "a.ipynb:cell1:1 NET001"));
  EXPECT_THAT(left({{"a.ipynb", notebook({R"("# preflint: ignore-file[NET]\n")",
                                          R"("!git clone https://github.com/a/b")"})}}),
              IsEmpty());
}

TEST(Suppress, SaysWhatIsWrongWithAComment) {
  const auto complaint = [](const std::string& comment) {
    std::string out;
    for (const Found& one :
         lint({{"a.sh", "git clone https://github.com/a/b  " + comment + "\n"}})) {
      if (one.rule == "PFL001") out += one.text + ": " + one.message + "\n";
    }
    return out;
  };
  EXPECT_THAT(complaint("# preflint: ignore"),
              HasSubstr("preflint: ignore: this suppression names no rule"));
  EXPECT_THAT(complaint("# preflint: ignore[NET001,ENV001]"),
              HasSubstr("ENV001: the suppression of `ENV001` suppresses nothing"));
  EXPECT_THAT(complaint("# preflint: ignore[NTE001]"),
              HasSubstr("NTE001: the suppression names `NTE001`, which is no rule; did you mean"));
  EXPECT_THAT(complaint("# preflint: ignroe[NET001]"), HasSubstr("is no suppression"));
  EXPECT_THAT(complaint("# preflint: ignore[NET001"), HasSubstr("is no suppression"));
  EXPECT_EQ(complaint("# preflint: the linter wants the hook here"), "");
  EXPECT_EQ(complaint("# preflint: ignore[NET001,ENV001,PFL001]"), "");
}

TEST(Suppress, WhatIsNotSelectedIsNotCalledUnused) {
  EXPECT_THAT(left({{"a.sh", "true  # preflint: ignore[ENV001]\n"}},
                   {.config = "per-file-ignores: {\"*.sh\": [ENV001]}\n"}),
              IsEmpty());
  // Where the file cannot be read as a whole, nothing is known of what would have been found.
  EXPECT_THAT(left({{"a.sh", "true  # preflint: ignore[ENV001]\nif\n"}}), IsEmpty());
}

TEST(Suppress, UnusedOnesAreRemoved) {
  const auto fixed_text = [](const std::string& text) {
    return fixed({{"a.sh", text}}, {}, false, "PFL001").at("a.sh");
  };
  EXPECT_EQ(fixed_text("true  # preflint: ignore[ENV001] why\nfalse\n"), "true\nfalse\n");
  EXPECT_EQ(fixed_text("true  # word # preflint: ignore[ENV001] why\n"), "true  # word\n");
  EXPECT_EQ(fixed_text("if true; then\n  # preflint: ignore[ENV001] why\n  false\nfi\n"),
            "if true; then\n  false\nfi\n");
  EXPECT_EQ(fixed_text("python3 x.py  # preflint: ignore[NET001,ENV001] why\n"),
            "python3 x.py  # preflint: ignore[ENV001] why\n");
  EXPECT_EQ(fixed_text("python3 x.py  # preflint: ignore[ENV001, NET001, NET002]\r\n"),
            "python3 x.py  # preflint: ignore[ENV001]\r\n");
  EXPECT_EQ(fixed_text("true\r\n# preflint: ignore[ENV001]\r\nfalse\r\n"), "true\r\nfalse\r\n");
  const std::string book =
      notebook({R"("# preflint: ignore[ENV001]\n", "x = 1  # preflint: ignore[NET001]")"});
  EXPECT_EQ(fixed({{"a.ipynb", book}}, {}, false, "PFL001").at("a.ipynb"),
            notebook({R"("", "x = 1")"}));
}

// One finding stands for several places of a file: a comment is about its own line only.
TEST(Suppress, OneOfThePlacesOfAFinding) {
  const std::string first = "python a.py --data /home/ada/a",
                    second = "python b.py --data /home/ada/b";
  const auto told = [](const std::string& script) {
    std::vector<std::string> out;
    for (const Found& one : lint({{"a.sh", script}})) {
      if (one.rule != "STO011" && one.rule != "PFL001") continue;
      out.push_back(std::to_string(one.line) + " " + one.rule + " " + one.text);
      for (const Note& note : one.finding.related)
        out.back() += " +" + std::to_string(note.place.span.begin);
    }
    return out;
  };
  const std::string comment = "  # preflint: ignore[STO011]\n";
  EXPECT_THAT(told(first + "\n" + second + "\n"), ElementsAre("1 STO011 /home/ada/a +50"));
  EXPECT_THAT(told(first + comment + second + "\n"), ElementsAre("2 STO011 /home/ada/b"));
  EXPECT_THAT(told(first + "\n" + second + comment), ElementsAre("1 STO011 /home/ada/a"));
  EXPECT_THAT(told(first + comment + second + comment), IsEmpty());
  EXPECT_THAT(told("# preflint: ignore-file[STO011]\n" + first + "\n" + second + "\n"), IsEmpty());
  const auto message = lint({{"a.sh", first + comment + second + "\n"}}, {.only = "STO011"});
  ASSERT_EQ(message.size(), 1U);
  EXPECT_THAT(message[0].message, HasSubstr("/home/ada/b"));
}

TEST(Configuration, SeverityAndPerFileIgnores) {
  const Files files = {{"a.sh", "python3 x.py\n"}, {"tests/b.sh", "python3 x.py\n"}};
  const auto found = lint(files, {.config = "severity: {ENV001: info}\n", .floor = Severity::info});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().severity, Severity::info);
  EXPECT_THAT(left(files, {.config = "per-file-ignores: {\"tests/**\": [ENV]}\n"}),
              ElementsAre("a.sh:1 ENV001"));
}

}  // namespace
}  // namespace preflint::testing
