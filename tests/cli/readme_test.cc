// What the README shows of a session is what the program prints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "cli/program.h"

namespace preflint::cli {
namespace {

/// `<!-- session: COMMAND -->`, then a block that begins with `$ COMMAND`.
struct Session {
  std::string command, shown;
};

std::vector<Session> sessions() {
  std::ifstream readme(PREFLINT_SOURCE_DIR "/README.md", std::ios::binary);
  constexpr std::string_view kMark = "<!-- session: ";
  std::vector<Session> out;
  bool inside = false;
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with(kMark)) {
      out.push_back({line.substr(kMark.size(), line.rfind(" -->") - kMark.size()), ""});
      inside = true;
    } else if (line == "<!-- end of session -->") {
      inside = false;
    } else if (inside && !line.starts_with("```")) {
      out.back().shown += line + "\n";
    }
  }
  return out;
}

TEST(Readme, ItsSessionsAreWhatIsPrinted) {
  const std::vector<Session> all = sessions();
  ASSERT_THAT(all, ::testing::Not(::testing::IsEmpty()));
  for (const Session& session : all) {
    std::istringstream words(session.command);
    std::vector<std::string> arguments{std::istream_iterator<std::string>(words), {}};
    ASSERT_EQ(arguments.front(), "preflint");
    arguments.erase(arguments.begin());
    const Ran ran = run_in(PREFLINT_SOURCE_DIR, arguments);
    // The totals go to standard error, so that a pipe gets findings only.
    EXPECT_EQ(session.shown, "$ " + session.command + "\n" + ran.out);
    EXPECT_EQ(ran.status, 1);
  }
}

}  // namespace
}  // namespace preflint::cli
