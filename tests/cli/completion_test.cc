#include "cli/completion.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace preflint::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A program with what ours has: options with and without choices, nested commands.
class Completion : public ::testing::Test {
 protected:
  Completion() : app_("a linter", "preflint") {
    auto* check = app_.add_subcommand("check", "lint (default: here)");
    check->add_option("--format", format_, "how it's shown")
        ->check(CLI::IsMember({"text", "sarif"}));
    check->add_option("--config,-c", config_, "a file");
    check->add_flag("--fix", fix_, "mend");
    check->add_option("paths", paths_, "what");
    check->add_flag("--internal", fix_, "")->group("");
    auto* profile = app_.add_subcommand("profile", "platforms");
    profile->add_subcommand("list", "all of them");
    profile->add_subcommand("show", "one");
  }

  /// What bash offers for a command line whose last word is being typed.
  std::string offered(const std::string& words) {
    const auto path = std::filesystem::temp_directory_path() /
                      ("preflint-completion-" + std::to_string(::getpid()) + ".bash");
    std::ofstream(path)
        << *completion(app_, "bash") << "\nCOMP_WORDS=(preflint " << words
        << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_preflint\necho \"${COMPREPLY[*]}\"\n";
    FILE* pipe = ::popen(("bash --norc " + path.string() + " 2>&1").c_str(), "r");
    std::string text;
    char buffer[256];
    while (pipe != nullptr && std::fgets(buffer, sizeof buffer, pipe) != nullptr) text += buffer;
    if (pipe != nullptr) ::pclose(pipe);
    std::filesystem::remove(path);
    return text;
  }

  CLI::App app_;
  std::string format_, config_;
  std::vector<std::string> paths_;
  bool fix_ = false;
};

TEST_F(Completion, BashOffersCommandsOptionsAndChoices) {
  EXPECT_EQ(offered("''"), "check profile\n");
  EXPECT_EQ(offered("ch"), "check\n");
  EXPECT_EQ(offered("profile l"), "list\n");
  EXPECT_EQ(offered("check --fo"), "--format\n");
  EXPECT_EQ(offered("check --format ''"), "text sarif\n");
  EXPECT_EQ(offered("check --format = s"), "sarif\n");
  EXPECT_EQ(offered("check --config ''"), "\n");
  EXPECT_EQ(offered("check ''"), "\n");
}

TEST_F(Completion, HidesWhatTheHelpHides) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    EXPECT_THAT(*completion(app_, shell), Not(HasSubstr("internal"))) << shell;
    EXPECT_THAT(*completion(app_, shell), HasSubstr("format")) << shell;
  }
}

TEST_F(Completion, KnowsThreeShells) {
  EXPECT_THAT(*completion(app_, "zsh"), HasSubstr("'--format=[how its shown]:value:(text sarif)'"));
  EXPECT_THAT(*completion(app_, "fish"),
              HasSubstr("complete -c preflint -n '__fish_seen_subcommand_from check' -l format -x "
                        "-a 'text sarif'"));
  EXPECT_FALSE(completion(app_, "tcsh"));
}

}  // namespace
}  // namespace preflint::cli
