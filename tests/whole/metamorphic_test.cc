// Programs that mean the same have the same findings: every fixture, rewritten in each of several
// ways.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "support/lint.h"
#include "support/rewrite.h"

namespace preflint::testing {
namespace {

namespace fs = std::filesystem;

/// A way to write a program differently.
struct Way {
  const char* name;
  Rewrite rewrite;
  const char* also = "";  // a rule that finds the rewriting itself
};

const std::vector<Way>& ways() {
  static const std::vector<Way> kWays = {
      {"ShellComments", rewrite::shell_comments},
      {"ShellBlankLines", rewrite::shell_blank_lines},
      {"ShellNames", rewrite::shell_names},
      {"ShellQuotes", rewrite::shell_quotes},
      {"ShellContinuations", rewrite::shell_continuations},
      {"ShellCondition", rewrite::shell_condition},
      {"ShellGroup", rewrite::shell_group},
      {"ShellFunction", rewrite::shell_function},
      {"ShellCarriageReturns", rewrite::shell_carriage_returns, "ENV010"},
      {"PythonComments", rewrite::python_comments},
      {"PythonBlankLines", rewrite::python_blank_lines},
      {"PythonQuotes", rewrite::python_quotes},
      {"PythonLines", rewrite::python_lines},
      {"PythonCondition", rewrite::python_condition},
      {"PythonNames", rewrite::python_names},
      {"CarriageReturns", rewrite::carriage_returns},
  };
  return kWays;
}

/// Where a rewriting does change what is true. One that is not needed fails the test.
struct Exception {
  const char *way, *fixture, *finding;
};
constexpr Exception kExceptions[] = {
    // Whoever calls a function that turns errexit on asked for it: RUN008 is about files.
    {"ShellFunction", "shell-runs", "- RUN008 says_sourced.sh:32 set -euo pipefail"},
    {"ShellFunction", "shell-runs", "- RUN008 sourced_errexit.sh:12 set -e"},
    // Beside `run_autodl.sh` the name of `run.sh` says for whom it is not.
    // Half of the scripts in `trainer` name the platform; what sources them does not.
    {"Sourced", "kept-for-others", "- NET001 git clone https://github.com/acme/assets"},
    {"Sourced", "platform-variants", "+ ENV001 python3"},
    {"Sourced", "platform-variants", "+ ENV002 pip"},
    {"Sourced", "platform-variants", "+ NET001 pip install -U tqdm"},
};

std::vector<std::string> folders() {
  std::vector<std::string> list;
  for (const auto& entry : fs::directory_iterator(fs::path(PREFLINT_SOURCE_DIR) / "fixtures")) {
    if (entry.is_directory()) list.push_back(entry.path().filename());
  }
  std::sort(list.begin(), list.end());
  return list;
}

Files fixture(const std::string& name) {
  return read_folder(fs::path(PREFLINT_SOURCE_DIR) / "fixtures" / name);
}

std::vector<Found> all_findings(const Files& files) {
  return lint(files, {.floor = Severity::info});
}

using Sentences = std::multiset<std::string>;

Sentences only_in(const Sentences& a, const Sentences& b) {
  Sentences out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(out, out.end()));
  return out;
}

/// How two lists of findings differ, "-" before what is lost and "+" before what is new.
std::vector<std::string> differences(const Sentences& before, const Sentences& after) {
  std::vector<std::string> out;
  for (const std::string& one : only_in(before, after)) out.push_back("- " + one);
  for (const std::string& one : only_in(after, before)) out.push_back("+ " + one);
  return out;
}

/// How the findings of a project differ after a rewriting: by rule and by the bytes of the original
/// that they stand on.
std::vector<std::string> differences(const Files& files, const Rewrite& way,
                                     std::string_view also) {
  ChangesByPath changes = way(files);
  Files rewritten = files;
  for (auto& [path, change] : changes) rewritten[path] = change.apply(files.at(path));
  const auto sentence = [&](const Found& found, Span span) {
    const std::string& text = files.at(found.path);
    return found.rule + " " + found.path + ":" + std::to_string(span.begin) + " " +
           text.substr(span.begin, span.size());
  };
  Sentences before, after;
  for (const Found& found : all_findings(files)) {
    if (found.rule != also) before.insert(sentence(found, found.span));
  }
  for (const Found& found : all_findings(rewritten)) {
    const auto change = changes.find(found.path);
    if (found.rule == also) continue;
    after.insert(sentence(
        found, change == changes.end() ? found.span : change->second.original(found.span)));
  }
  return differences(before, after);
}

/// Takes out what is meant to differ.
void except(std::vector<std::string>& differ, std::string_view way, std::string_view fixture) {
  for (const Exception& one : kExceptions) {
    if (one.way != way || one.fixture != fixture) continue;
    EXPECT_GT(std::erase(differ, one.finding), 0u)
        << "an exception that is not needed: " << one.finding;
  }
}

class Rewritten : public ::testing::TestWithParam<std::tuple<size_t, std::string>> {};

TEST_P(Rewritten, HasTheSameFindings) {
  const auto& [number, name] = GetParam();
  const Way& way = ways()[number];
  auto differ = differences(fixture(name), way.rewrite, way.also);
  except(differ, way.name, name);
  for (const std::string& one : differ) ADD_FAILURE() << one;
}

INSTANTIATE_TEST_SUITE_P(Fixture, Rewritten,
                         ::testing::Combine(::testing::Range(size_t{0}, ways().size()),
                                            ::testing::ValuesIn(folders())),
                         [](const auto& at) {
                           std::string name = std::string(ways()[std::get<0>(at.param)].name) +
                                              "_" + std::get<1>(at.param);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

class Sourced : public ::testing::TestWithParam<std::string> {};

TEST_P(Sourced, HasTheSameFindings) {
  const Files files = fixture(GetParam());
  const auto summary = [](const Files& all) {
    Sentences out;
    for (const Found& found : all_findings(all)) {
      // A sourced file that turns errexit on for whoever sources it is RUN008 itself; a script that
      // another starts with `sh` cannot source (NET004).
      if (found.rule != "RUN008" && found.rule != "NET004")
        out.insert(found.rule + " " + found.text);
    }
    return out;
  };
  auto differ = differences(summary(files), summary(sourced(files)));
  except(differ, "Sourced", GetParam());
  for (const std::string& one : differ) ADD_FAILURE() << one;
}

INSTANTIATE_TEST_SUITE_P(Fixture, Sourced, ::testing::ValuesIn(folders()), [](const auto& at) {
  std::string name = at.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// The comparison sees what a rewriting changes: a condition that never holds, and an anchor that
// moves.
TEST(Metamorphic, SeesWhatChanges) {
  const Files files = {{"run.sh", "#!/bin/bash\nconda create -n x --clone base\n"}};
  const auto hidden = [](const Files& all) {
    ChangesByPath out;
    out["run.sh"].insert(12, "exit 0\n");
    out["run.sh"].insert(static_cast<uint32_t>(all.at("run.sh").size()), "echo\n");
    return out;
  };
  EXPECT_EQ(differences(files, hidden, "").size(), 1u);
  const auto other = [](const Files&) {
    ChangesByPath out;
    out["run.sh"].replace({12, 12}, "true && ");
    out["run.sh"].replace({18, 24}, "  remove");
    return out;
  };
  EXPECT_EQ(differences(files, other, "").size(), 1u);
}

// Each way has something to rewrite, or it would prove nothing.
TEST(Metamorphic, EveryWayChangesManyFiles) {
  for (const Way& way : ways()) {
    size_t changed = 0;
    for (const std::string& name : folders()) {
      for (const auto& [path, changes] : way.rewrite(fixture(name))) changed += !changes.empty();
    }
    EXPECT_GT(changed, 10u) << way.name;
  }
}

TEST(Metamorphic, SpansLeadBackToTheOriginal) {
  Changes changes;
  changes.replace({4, 7}, "abcdef");
  changes.insert(2, "--");
  EXPECT_EQ(changes.apply("0123456789"), "01--23abcdef789");
  EXPECT_EQ(changes.original({0, 2}), (Span{0, 2}));
  EXPECT_EQ(changes.original({4, 6}), (Span{2, 4}));
  EXPECT_EQ(changes.original({6, 12}), (Span{4, 7}));
  EXPECT_EQ(changes.original({7, 8}), (Span{4, 7}));
  EXPECT_EQ(changes.original({12, 15}), (Span{7, 10}));
}

}  // namespace
}  // namespace preflint::testing
