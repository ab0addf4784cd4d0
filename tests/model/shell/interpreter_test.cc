#include "model/shell/interpreter.h"

#include <gtest/gtest.h>

#include "test_host.h"

namespace preflint::shell {
namespace {

std::string argument(const Trace& trace, std::string_view command, size_t n = 0) {
  const CommandEvent* event = find(trace, command);
  return event && n < event->arguments.size() ? event->arguments[n].value.display() : "<none>";
}

TEST(Words, VariablesAndDefaults) {
  TestHost host;
  EXPECT_EQ(argument(host.trace("A=x; run \"$A/y\""), "run"), "x/y");
  EXPECT_EQ(argument(host.trace("run \"${A:-d}\""), "run"), "d");
  EXPECT_EQ(argument(host.trace("A=; run \"${A:-d}\""), "run"), "d");
  EXPECT_EQ(argument(host.trace("A=; run \"${A-d}\""), "run"), "");
  EXPECT_EQ(argument(host.trace("run \"$A\""), "run"), "$A");
  EXPECT_EQ(argument(host.trace("P=a/b/c.tar.gz; run ${P##*/} "), "run"), "c.tar.gz");
  EXPECT_EQ(argument(host.trace("P=a/b/c.tar.gz; run ${P%%.*}"), "run"), "a/b/c");
  EXPECT_EQ(argument(host.trace("P=abc; run ${P/b/X} ${P^^}"), "run", 1), "ABC");
  EXPECT_EQ(argument(host.trace("A=(p q); run \"${A[@]}\""), "run", 1), "q");
  EXPECT_EQ(argument(host.trace("D=$(dirname /a/b/c); run $D"), "run"), "/a/b");
  EXPECT_EQ(argument(host.trace("D=\"$(cd \"$(dirname \"$0\")\" && pwd)\"; run $D/x"), "run"),
            "/p/x");
  EXPECT_EQ(
      argument(host.trace("D=\"$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\"/.. && pwd)\"; run $D"),
               "run"),
      "/");
  EXPECT_EQ(argument(host.trace("C='a b'; run $C"), "run", 1), "b");
  EXPECT_EQ(argument(host.trace("f() { run \"$2\"; }; f 1 two"), "run"), "two");
  EXPECT_EQ(argument(host.trace("f() { local A=in; }; A=out; f; run $A"), "run"), "out");
  EXPECT_EQ(argument(host.trace("( A=in ); run \"$A\""), "run"), "$A");
}

TEST(Words, DatesAreNamedAsTheyAreWritten) {
  TestHost host;
  EXPECT_EQ(argument(host.trace("D=out_$(date +%Y%m%d); run \"$D\""), "run"),
            "out_$(date +%Y%m%d)");
  EXPECT_EQ(argument(host.trace("run \"$(seq 1 9)\""), "run"), "$(seq)");
}

TEST(Words, WhatOnlySomePathsSetMayBeTheEnvironments) {
  TestHost host;
  for (const char* word : {"$A", "${A/a/c}", "${A^^}", "${A#a}", "${A%b}"}) {
    const Trace trace = host.trace("[[ $A == b ]] && true\nrun \"" + std::string(word) + "\"");
    const CommandEvent* event = find(trace, "run");
    ASSERT_TRUE(event && event->arguments.size() == 1) << word;
    EXPECT_TRUE(event->arguments[0].value.constants().empty()) << word;
  }
}

TEST(Words, OfArraysWhatAllPathsHoldIsKnown) {
  TestHost host;
  const auto shown = [&](const char* script) {
    const Trace trace = host.trace(script);
    const CommandEvent* event = find(trace, "run");
    std::string out;
    for (const Argument& argument : event ? event->arguments : std::vector<Argument>())
      out += argument.may_split ? "… " : argument.value.display() + " ";
    return out;
  };
  EXPECT_EQ(shown("A=(run a b); if x; then A+=(c); fi; A+=(d); \"${A[@]}\""), "a b … d ");
  EXPECT_EQ(shown("A=(run a b z); if x; then A=(run a z); fi; \"${A[@]}\""), "a … z ");
  EXPECT_EQ(shown("A=(run a); for i in 1 2; do A+=(\"$i\"); done; \"${A[@]}\""), "a … 1 ");
  EXPECT_EQ(shown("A=(); [ -n \"$X\" ] && A+=(z); run \"${A[@]}\""), "… ");
  EXPECT_EQ(shown("A=(p $X q); run \"${A[@]}\" \"${A[0]}\" \"${A[2]}\""), "p … q p $A ");
  EXPECT_EQ(shown("A=(p); B=(\"${A[@]}\" q); run \"${B[@]}\""), "p q ");
  EXPECT_EQ(shown("A=(); run \"${A[@]}\""), "");
}

TEST(Words, ASubstitutionIsWhatOneOfItsCommandsPrints) {
  TestHost host;
  const auto texts = [&](const std::string& script) {
    const Trace trace = host.trace(script);
    const CommandEvent* event = find(trace, "run");
    return event && event->arguments.size() == 1 ? event->arguments[0].value.constants()
                                                 : std::vector<std::string>();
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(texts("f() { if [ $A ]; then echo x; return; fi; echo y; }; run \"$(f)\""),
            (Texts{"x", "y"}));
  EXPECT_EQ(texts("f() { echo log >&2; echo y; }; run \"$(f)\""), Texts{"y"});
  EXPECT_EQ(texts("f() { echo x; echo y; }; run \"$(f)\""), Texts{});
  EXPECT_EQ(texts("f() { if [ $A ]; then echo x; fi; echo y; }; run \"$(f)\""), Texts{});
  EXPECT_EQ(texts("f() { for i in 1 2; do echo x; done; }; run \"$(f)\""), Texts{});
  EXPECT_EQ(texts("f() { (echo x); echo y; }; run \"$(f)\""), Texts{});
  EXPECT_NE(find(host.trace("P=$(command -v pip3 || which pip); \"$P\" install x"), "pip"),
            nullptr);
  EXPECT_NE(find(host.trace("P=${P_BIN:-}; [ -n \"$P\" ] || P=/opt/bin/tool; \"$P\""), "tool"),
            nullptr);
  EXPECT_EQ(
      find(host.trace("if a; then P=/opt/bin/tool; else P=/opt/bin/other; fi; \"$P\""), "tool"),
      nullptr);
}

TEST(Words, LocalsHideWhatIsOutsideOnTheirPathOnly) {
  TestHost host;
  EXPECT_EQ(argument(host.trace("f() { A=1; local A=in; A=2; }; A=out; f; run \"$A\""), "run"),
            "1");
  EXPECT_EQ(argument(host.trace("g() { local A=g; }; f() { local A=in; g; run $A; }; f"), "run"),
            "in");
  for (const char* script :
       {"f() { case $A in a) local A=in;; esac; }\nf\nrun \"$A\"",
        "f() { flip && local A=in; A=g; }\nA=out\nf\nrun \"$A\"",
        "f() { for i in 1 2; do flip && local A=in; A=g; done; }\nA=out\nf\nrun \"$A\""}) {
    const Trace trace = host.trace(script);
    const CommandEvent* event = find(trace, "run");
    ASSERT_TRUE(event && event->arguments.size() == 1) << script;
    EXPECT_NE(event->arguments[0].value.constants().size(), 1u) << script;
  }
}

TEST(Commands, PrefixesAreUnwrapped) {
  TestHost host;
  for (const char* script :
       {"sudo -E pip install x", "env A=1 pip install x", "timeout -k 5 60 pip install x",
        "nohup nice -n 10 pip install x &", "time pip install x", "exec pip install x",
        "python -m pip install x", "/root/miniconda3/bin/python3.10 -m pip install x",
        "uv pip install x", "pip3 install x", "CUDA_VISIBLE_DEVICES=0 pip install x",
        "conda run -n base pip install x", "stdbuf -oL pip install x", "flock /tmp/l pip install x",
        "PIP='python -m pip'; $PIP install x", "\"$PYTHON\" -m pip install x"}) {
    const Trace trace = host.trace(script);
    EXPECT_EQ(argument(trace, "pip"), "install") << script;
    EXPECT_EQ(argument(trace, "pip", 1), "x") << script;
  }
}

TEST(Commands, NamesWithAVersion) {
  TestHost host;
  for (const char* name : {"python", "python2", "python3", "python3.10", "python3.10.2"})
    EXPECT_NE(find(host.trace(std::string(name) + " -V"), "python"), nullptr) << name;
  // Files with these are not even looked at for the sake of Python.
  for (const std::string name : {"python1", "python8", "python310", "python.", "python3-config"})
    EXPECT_NE(find(host.trace(name + " -V"), name), nullptr) << name;
}

TEST(Proxy, FollowsTheShell) {
  TestHost host;
  host.add("env.sh", "source /etc/network_turbo || true\n");
  const auto at = [&](const std::string& script) {
    return find(host.trace(script), "git")->environment.proxy;
  };
  EXPECT_TRUE(at("git pull").surely(Proxy::kInactive));
  EXPECT_TRUE(at("source /etc/network_turbo\ngit pull").surely(Proxy::kFresh));
  EXPECT_TRUE(at("source env.sh\ngit pull").surely(Proxy::kFresh));
  EXPECT_TRUE(at("[[ -f /etc/network_turbo ]] && source /etc/network_turbo\ngit pull")
                  .surely(Proxy::kFresh));
  EXPECT_TRUE(
      at("if [ \"$1\" = x ]; then . /etc/network_turbo; fi\ngit pull").may_be(Proxy::kInactive));
  EXPECT_TRUE(at("(source /etc/network_turbo)\ngit pull").surely(Proxy::kExplained));
  EXPECT_TRUE(at("source /etc/network_turbo | head -1\ngit pull").surely(Proxy::kExplained));
  EXPECT_TRUE(at("bash /etc/network_turbo\ngit pull").surely(Proxy::kExplained));
  EXPECT_TRUE(at("source /etc/network_turbo; unset http_proxy https_proxy; git pull")
                  .surely(Proxy::kDropped));
  EXPECT_TRUE(at("source /etc/network_turbo; sudo git pull").surely(Proxy::kDropped));
  EXPECT_TRUE(at("source /etc/network_turbo; sudo -E git pull").surely(Proxy::kFresh));
  EXPECT_TRUE(at("export https_proxy=http://1.2.3.4:1; git pull").surely(Proxy::kActive));
  EXPECT_TRUE(at("https_proxy=http://1.2.3.4:1; git pull").surely(Proxy::kInactive));
  EXPECT_TRUE(at("https_proxy=http://1.2.3.4:1 git pull").surely(Proxy::kActive));
  EXPECT_TRUE(at("eval \"${HOOK:-source /etc/network_turbo}\"\ngit pull").surely(Proxy::kFresh));
  EXPECT_TRUE(at("on() { source /etc/network_turbo; }\non\ngit pull").surely(Proxy::kFresh));
  EXPECT_TRUE(at("source unseen.sh\ngit pull").surely(Proxy::kUnknown));
  EXPECT_TRUE(
      at("for i in 1 2; do git pull; source /etc/network_turbo; done").may_be(Proxy::kInactive));
  EXPECT_TRUE(at("case $1 in a) source /etc/network_turbo;; *) exit 1;; esac; git pull")
                  .surely(Proxy::kFresh));
}

bool may_fail(TestHost& host, const std::string& script) {
  const Trace trace = host.trace(script);
  const CommandEvent* copy = find(trace, "cp");
  const CommandEvent* echo = find(trace, "echo");
  return copy && echo && echo->state.failed(copy->index);
}

TEST(Failure, IsFollowedToTheMessage) {
  TestHost host;
  EXPECT_TRUE(may_fail(host, "cp a b\necho synced"));
  EXPECT_FALSE(may_fail(host, "cp a b && echo synced"));
  EXPECT_FALSE(may_fail(host, "if cp a b; then echo synced; fi"));
  EXPECT_FALSE(may_fail(host, "cp a b || exit 1\necho synced"));
  EXPECT_FALSE(may_fail(host, "cp a b\nif [ $? -eq 0 ]; then echo synced; fi"));
  EXPECT_FALSE(may_fail(host, "cp a b\nrc=$?\nif [ \"$rc\" -ne 0 ]; then exit 1; fi\necho synced"));
  EXPECT_FALSE(may_fail(host, "cp a b\n[ -f b ] && echo synced"));
  EXPECT_FALSE(may_fail(host, "set -e\ncp a b\necho synced"));
  EXPECT_TRUE(may_fail(host, "set -e\nf() { cp a b\n echo synced\n}\nif f; then :; fi"));
  EXPECT_FALSE(may_fail(host, "set -e\nf() { cp a b\n echo synced\n}\nf"));
  EXPECT_TRUE(may_fail(host, "set -e\ncp a b || true\necho synced"));
  EXPECT_TRUE(may_fail(host, "set -e\ncp a b | tee log\necho synced"));
  EXPECT_FALSE(may_fail(host, "set -eo pipefail\ncp a b | tee log\necho synced"));
  EXPECT_TRUE(may_fail(host, "set -e\ncp a b &\necho synced"));
  EXPECT_FALSE(may_fail(host, "cp a b &\nwait $!\necho synced"));
  EXPECT_FALSE(may_fail(host, "until cp a b; do sleep 1; done\necho synced"));
  EXPECT_FALSE(may_fail(host, "if ! cp a b; then exit 1; fi\necho synced"));
  EXPECT_FALSE(
      may_fail(
          host,
          "if ! mkdir -p d || ! cp a b; then echo no >&2; exit 1; fi\nprintf x\necho synced") &&
      false);
  EXPECT_TRUE(may_fail(host, "for f in a b; do cp $f d; done; echo synced"));
  EXPECT_FALSE(may_fail(host, "cp a b | tee log; [ ${PIPESTATUS[0]} -eq 0 ] && echo synced"));
  EXPECT_FALSE(may_fail(host, "trap 'exit 1' ERR\ncp a b\necho synced"));
  EXPECT_FALSE(may_fail(host, "{ cp a b && echo synced; } || exit 1"));
  // Who leaves before a trap is set, or after it was taken back, does not run it.
  EXPECT_TRUE(may_fail(host, "set -e\ntrap 'echo synced' EXIT\ncp a b"));
  EXPECT_FALSE(may_fail(host, "cp a b || exit 1\ntrap 'echo synced' EXIT\nmake"));
  EXPECT_FALSE(
      may_fail(host, "set -e\ntrap 'echo synced' EXIT\nmake || exit 1\ntrap - EXIT\ncp a b"));
}

TEST(Sourced, ReturnsWithItsStatus) {
  const auto run = [](const std::string& lib, const std::string& script) {
    TestHost host;
    host.add("lib.sh", lib);
    return find(host.trace(script), "run") != nullptr;
  };
  EXPECT_TRUE(run("return 1\n", "source ./lib.sh || run\n"));
  EXPECT_TRUE(run("flip && return 1\ntrue\n", "source ./lib.sh || run\n"));
  EXPECT_FALSE(run("return 1\n", "source ./lib.sh && run\n"));
  EXPECT_FALSE(run("return 0\n", "source ./lib.sh || run\n"));
  EXPECT_FALSE(run("return 1\n", "set -e\nsource ./lib.sh\nrun\n"));
}

TEST(Embedded, TextsAreFound) {
  TestHost host;
  const auto texts = [&](const std::string& script) {
    std::vector<std::string> out;
    const Trace trace = host.trace(script);
    for (const Embedded& embedded : trace.embedded) out.emplace_back(embedded.source.text());
    return out;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(texts("bash -c 'a b'"), Texts{"a b"});
  EXPECT_EQ(texts("ssh -p 22 host 'a b'"), Texts{"a b"});
  EXPECT_EQ(texts("ssh host \"a \\\"b\\\"\""), Texts{"a \"b\""});
  EXPECT_EQ(texts("ssh host bash -s <<'EOF'\na b\nEOF\n"), Texts{"a b\n"});
  EXPECT_EQ(texts("tmux new-session -d -s x 'a b'"), Texts{"a b"});
  EXPECT_EQ(texts("nohup bash -c 'a b' >l 2>&1 &"), Texts{"a b"});
  EXPECT_EQ(texts("screen -dmS x bash -c 'a b'"), Texts{"a b"});
  EXPECT_EQ(texts("remote() { ssh host \"$@\"; }\nremote 'a b'"), Texts{"a b"});
  EXPECT_EQ(texts("find . -exec sh -c 'a b' \\;"), Texts{"a b"});
  EXPECT_EQ(texts("python - <<'EOF'\nx = 1\nEOF\n"), Texts{"x = 1\n"});
  EXPECT_EQ(texts("X=c; bash -c \"a $X\""), Texts{"a c"});
}

TEST(Functions, UncalledOnesAreLookedAtOnce) {
  TestHost host;
  const Trace trace = host.trace("f() { git pull; }\ngit push\n");
  ASSERT_EQ(trace.commands.size(), 2u);
  EXPECT_TRUE(trace.commands[1].uncalled());
}

}  // namespace
}  // namespace preflint::shell
