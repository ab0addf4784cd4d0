// Programs that behave badly, and the script itself in the shells that are here.
#include "probe/run.h"

#include <gmock/gmock.h>

#include <chrono>
#include <csignal>

#include "probe/facts.h"
#include "probe/script.h"

namespace preflint::probe {
namespace {

using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

/// As the program does: a child that reads nothing ends no one.
class Signals : public ::testing::Environment {
 public:
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }
};
const ::testing::Environment* const kSignals = ::testing::AddGlobalTestEnvironment(new Signals);

probe::Run shell(const std::string& text, double seconds = 10, size_t most = kMostBytes) {
  return run(shell_here(), text, seconds, most);
}

TEST(Run, OutputErrorsAndStatusComeBack) {
  const probe::Run done = shell("echo out; echo err >&2; exit 7\n");
  EXPECT_EQ(done.end, Run::End::exited);
  EXPECT_EQ(done.status, 7);
  EXPECT_EQ(done.output, "out\n");
  EXPECT_EQ(done.errors, "err\n");
}

TEST(Run, AHangEndsAtTheLimitWithWhatWasSaid) {
  const auto start = std::chrono::steady_clock::now();
  const probe::Run done = shell("echo first; sleep 60; echo second\n", 0.5);
  EXPECT_EQ(done.end, Run::End::timed_out);
  EXPECT_EQ(done.output, "first\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Run, EndlessOutputIsCutOff) {
  const probe::Run done = shell(
      "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done\n", 30, 100'000);
  EXPECT_EQ(done.end, Run::End::too_much);
  EXPECT_EQ(done.output.size(), 100'000u);
}

TEST(Run, EndlessErrorsAreReadAndForgotten) {
  const probe::Run done = shell(
      "i=0; while [ $i -lt 20000 ]; do echo 0123456789012345678901234567890123456789 >&2; "
      "i=$((i+1)); "
      "done; echo last >&2\n",
      60);
  EXPECT_EQ(done.end, Run::End::exited);
  EXPECT_LT(done.errors.size(), 100'000u);
  EXPECT_THAT(done.errors, EndsWith("last\n"));
}

TEST(Run, AProgramThatReadsNothingIsNoTrouble) {
  const probe::Run done = run({"/bin/true"}, std::string(1 << 20, 'x'), 10, kMostBytes);
  EXPECT_EQ(done.end, Run::End::exited);
  EXPECT_EQ(done.status, 0);
}

TEST(Run, WhatDoesNotExistIsTold) {
  const probe::Run done = run({"/nowhere/ssh"}, "", 10, kMostBytes);
  EXPECT_EQ(done.end, Run::End::not_started);
  EXPECT_EQ(failure_of(done), "no-ssh");
}

TEST(Run, AnotherProcessThatKeepsStderrDoesNotHoldUs) {
  const auto start = std::chrono::steady_clock::now();
  const probe::Run done = shell("echo out; sleep 60 >/dev/null </dev/null & exit 0\n", 30);
  EXPECT_EQ(done.end, Run::End::exited);
  EXPECT_EQ(done.output, "out\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(15));
}

TEST(Run, SshIsStartedWithoutAskingAndWithoutAShell) {
  const auto words = shell_there("ssh", "root@box", 2222);
  EXPECT_THAT(words, Contains("BatchMode=yes"));
  EXPECT_THAT(words, Contains("ConnectTimeout=10"));
  const auto dashes = std::find(words.begin(), words.end(), "--");
  ASSERT_EQ(words.end() - dashes, 3);
  EXPECT_EQ(dashes[1], "root@box");
}

TEST(Run, WhatSshSaysIsUnderstood) {
  const auto failure = [](const std::string& errors) {
    probe::Run run;
    run.status = 255;
    run.errors = errors;
    return failure_of(run);
  };
  EXPECT_EQ(failure("ssh: connect to host x port 22: Connection refused\n"), "refused");
  EXPECT_EQ(failure("ssh: Could not resolve hostname x: Name or service not known\n"),
            "unresolved");
  EXPECT_EQ(failure("root@x: Permission denied (publickey,password).\n"), "denied");
  EXPECT_EQ(
      failure(
          "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\n"),
      "host-key-changed");
  EXPECT_EQ(failure("No ED25519 host key is known\nHost key verification failed.\n"),
            "host-key-unknown");
  EXPECT_EQ(failure("ssh: connect to host x port 22: Connection timed out\n"), "unreachable");
  EXPECT_EQ(failure("kex_exchange_identification: banner line too long\n"), "failed");
}

TEST(Script, RunsHereAndIsComplete) {
  const std::string text = script(**catalog::builtin_profile("autodl"), "");
  const probe::Run done = run(shell_here(), text, 60, kMostBytes);
  const Facts facts = Facts::parse(done.output);
  EXPECT_EQ(done.status, 0) << done.errors;
  EXPECT_EQ(done.errors, "");
  EXPECT_TRUE(facts.complete()) << done.output;
  EXPECT_EQ(facts["tier.system.state"], "present");
  EXPECT_TRUE(facts.has("hook.file"));
  EXPECT_TRUE(facts.has("gpu.tool"));
}

TEST(Script, APartOfItDoesNothing) {
  const std::string text = script(**catalog::builtin_profile("autodl"), "");
  const probe::Run done =
      run(shell_here(), text.substr(0, text.rfind("main </dev/null")), 10, kMostBytes);
  EXPECT_EQ(done.output, "");
}

TEST(Script, AProfileCannotAddCommands) {
  catalog::Profile profile = **catalog::builtin_profile("autodl");
  profile.network.hook_file = "/etc/x'; echo pwned=yes; '$(echo pwned=yes)`echo pwned=yes`";
  profile.storage.tiers.front().path = "/'\necho pwned=yes\n'";
  const probe::Run done = run(shell_here(), script(profile, ""), 60, kMostBytes);
  EXPECT_THAT(done.output, Not(HasSubstr("\npwned=yes")));
  EXPECT_TRUE(Facts::parse(done.output).complete());
}

}  // namespace
}  // namespace preflint::probe
