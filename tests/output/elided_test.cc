#include "base/elided.h"

#include <gtest/gtest.h>

#include <string>

namespace preflint {
namespace {

TEST(Elided, NamesStayAndExpressionsGo) {
  EXPECT_EQ(elided("/root/autodl-tmp/ck/{?}.pth"), "/root/autodl-tmp/ck/….pth");
  EXPECT_EQ(elided("ck/{tqdm.tqdm()[].name}/{epoch}.pth"), "ck/…/{epoch}.pth");
  EXPECT_EQ(elided("{?}{a()}"), "…");
  EXPECT_EQ(elided("runs/{args.name}"), "runs/{args.name}");
}

TEST(Elided, WhatIsNoHoleIsLeftAlone) {
  EXPECT_EQ(elided("${HOME}/x ${a[@]} {a,b} {\"x\": [1]}"), "${HOME}/x ${a[@]} {a,b} {\"x\": [1]}");
  EXPECT_EQ(elided("{open"), "{open");
  EXPECT_EQ(elided(std::string(100, '{')), std::string(100, '{'));
}

}  // namespace
}  // namespace preflint
