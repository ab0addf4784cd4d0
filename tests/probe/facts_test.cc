#include "probe/facts.h"

#include <gmock/gmock.h>

#include "probe/destination.h"

namespace preflint::probe {
namespace {

TEST(Facts, WhatALoginPrintsBeforeIsPassedOver) {
  const Facts facts = Facts::parse(
      "Last login: today\nkey=value\n\xff\xfe garbage\npreflint.begin=1\nhook.file=present\r\nnot "
      "a fact\n"
      "ALSO=not\n=nothing\npreflint.end=ok\nhook.file=absent\n");
  EXPECT_TRUE(facts.began());
  EXPECT_TRUE(facts.complete());
  EXPECT_EQ(facts["hook.file"], "present");
  EXPECT_FALSE(facts.has("key"));
  EXPECT_FALSE(facts.has("ALSO"));
  EXPECT_EQ(facts.span("hook.file").begin, 56u);
}

TEST(Facts, OutputThatStopsIsNotComplete) {
  const Facts facts = Facts::parse("preflint.begin=1\na=1\nb=2");
  EXPECT_TRUE(facts.began());
  EXPECT_FALSE(facts.complete());
  EXPECT_EQ(facts.last(), "b");
  EXPECT_EQ(facts.number("b"), 2);
}

TEST(Facts, GarbageHasNone) {
  std::string noise;
  for (int i = 0; i < 1 << 20; ++i) noise += static_cast<char>(i * 2654435761u >> 13);
  EXPECT_FALSE(Facts::parse(noise).began());
  EXPECT_FALSE(Facts::parse("").began());
}

TEST(Facts, ValuesAreFitForATerminal) {
  const Facts facts = Facts::parse(
      "preflint.begin=1\na=\x1b[31mred\xff\xe2\x80\xae\ntwo=显卡\nlong=" + std::string(5000, 'x') +
      "\n");
  EXPECT_EQ(facts["a"], " [31mred\uFFFD ");
  EXPECT_EQ(facts["two"], "显卡");
  EXPECT_EQ(facts["long"].size(), 1000u);
}

TEST(Facts, NumbersAreWholeAndNotTooLarge) {
  const Facts facts =
      Facts::parse("preflint.begin=1\na=12\nb=12 \nc=\nd=99999999999999999999\ne=-3\n");
  EXPECT_EQ(facts.number("a"), 12);
  EXPECT_EQ(facts.number("b"), std::nullopt);
  EXPECT_EQ(facts.number("c"), std::nullopt);
  EXPECT_EQ(facts.number("d"), std::nullopt);
  EXPECT_EQ(facts.number("e"), -3);
}

TEST(Destination, NamesOfHostsAreTaken) {
  for (const char* good :
       {"box", "root@box", "root@connect.westb.seetacloud.com", "a_b-c.d", "10.0.0.1", "root@::1",
        "root@[fe80::1]", "ssh://root@box:12345", "ssh://box/", "ssh://[::1]:22", "my-box-1"}) {
    EXPECT_EQ(bad_destination(good), std::nullopt) << good;
  }
}

TEST(Destination, WhatAShellOrSshCouldReadOtherwiseIsRefused) {
  for (const char* bad : {"",          "-oProxyCommand=touch x",
                          "-h",        "a;b",
                          "$(x)",      "`x`",
                          "a b",       "a|b",
                          "a&b",       "a>b",
                          "a'b",       "a\"b",
                          "a\nb",      "root@-oX",
                          "-x@host",   "%h",
                          "a%hb",      "a\\b",
                          "~x",        "a*",
                          "user@",     "@host",
                          "ssh://a;b", "ssh://h:12x",
                          "a/b",       "root@ho{s}t",
                          "a#b",       "a!b",
                          "\xff"}) {
    EXPECT_NE(bad_destination(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace preflint::probe
