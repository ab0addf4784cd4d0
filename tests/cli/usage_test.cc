#include <gmock/gmock.h>

#include "cli/program.h"

namespace preflint::cli {
namespace {

TEST(Usage, NamesWhatWasProbablyMeant) {
  const TemporaryFolder folder;
  const auto complaint = [&](std::vector<std::string> arguments) {
    const Ran ran = run_in(folder.path(), std::move(arguments));
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.out, "");
    return ran.error;
  };
  EXPECT_EQ(complaint({"chekc", "."}),
            "preflint: no command 'chekc'; did you mean 'check'? --help tells more\n");
  EXPECT_EQ(complaint({"check", "--slect=NET", "."}),
            "preflint: no option '--slect'; did you mean '--select'? --help tells more\n");
  EXPECT_EQ(complaint({"check", "--nothing-like-it", "."}),
            "preflint: no option '--nothing-like-it'; --help tells more\n");
  EXPECT_EQ(complaint({"."}),
            "preflint: '.' is no command; `preflint check .` lints it; --help tells more\n");
  EXPECT_EQ(complaint({"profile", "lst"}),
            "preflint: no command 'lst'; did you mean 'list'? --help tells more\n");
}

TEST(Usage, SaysItInChinese) {
  const TemporaryFolder folder;
  const Ran ran =
      run_in(folder.path(), {"chekc"}, "", [] { ::setenv("LC_ALL", "zh_CN.UTF-8", 1); });
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.error, "preflint: 没有 'chekc' 这个命令；是否想写 'check'？ 详见 --help\n");
}

}  // namespace
}  // namespace preflint::cli
