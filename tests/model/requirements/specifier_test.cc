// Which versions specifiers let in; the truth tables restate those that PyPA publishes with its own
// library.
#include "model/requirements/specifier.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace preflint::req {
namespace {

Specifiers specifiers(const std::string& text) {
  auto out = Specifiers::parse(text);
  EXPECT_TRUE(out) << text;
  return out ? *std::move(out) : Specifiers();
}

bool lets_in(const std::string& text, const std::string& version) {
  return specifiers(text).contains(*Version::parse(version), true);
}

TEST(Specifier, LetsInAsPep440Says) {
  const std::vector<std::pair<const char*, const char*>> yes = {
      {"2.0", "==2"},
      {"2.0", "==2.0"},
      {"2.0", "==2.0.0"},
      {"2.0+deadbeef", "==2"},
      {"2.0+deadbeef", "==2.0.0"},
      {"2.0+deadbeef", "==2+deadbeef"},
      {"2.0+deadbeef.0", "==2.0.0+deadbeef.00"},
      {"2.dev1", "==2.*"},
      {"2a1", "==2.*"},
      {"2a1.post1", "==2.*"},
      {"2b1", "==2.*"},
      {"2c1.dev1", "==2.*"},
      {"2rc1", "==2.*"},
      {"2", "==2.*"},
      {"2.0", "==2.*"},
      {"2.0.post1", "==2.0.post1"},
      {"2.0.post1.dev1", "==2.0.post1.dev1"},
      {"2.1+local.version", "==2.1.*"},
      {"2", "==2.0.*"},
      {"2.1", "!=2"},
      {"2.1", "!=2.0"},
      {"2.0.1", "!=2"},
      {"2.0+deadbeef", "!=2+other"},
      {"2.0", "!=3.*"},
      {"2.1", "!=2.0.*"},
      {"2.0", ">=2"},
      {"2.0", ">=2.0.0"},
      {"2.0.post1", ">=2"},
      {"3", ">=2"},
      {"2.0", "<=2"},
      {"1.9", "<=2"},
      {"2.0.dev1", "<=2"},
      {"2.0a1.post1", "<=2"},
      {"3", ">2"},
      {"2.1", ">2.0"},
      {"2.0.1", ">2"},
      {"2.1.post1", ">2"},
      {"2.1+local.version", ">2"},
      {"1", "<2"},
      {"2.0", "<2.1"},
      {"2.0.dev0", "<2.1"},
      {"1", "~=1.0"},
      {"1.0.1", "~=1.0"},
      {"1.1", "~=1.0"},
      {"1.9999999", "~=1.0"},
      {"1.1", "~=1.0a1"},
      {"2022.01.01", "~=2022.01.01"},
      {"2!1.0", "~=2!1.0"},
      {"2!1.0", "==2!1.*"},
      {"2!1.0", "==2!1.0"},
      {"2!1.0", "!=1.0"},
      {"1.0", "!=2!1.0"},
      {"1.0", "<=2!0.1"},
      {"2!1.0", ">=2.0"},
      {"1.0", "<2!0.1"},
      {"2!1.0", ">2.0"},
      {"2.0.5", ">2.0dev"},
      {"2!1", "==2!1.0.*"},
      {"2.8.0+cu128", "==2.8.0"},
      {"2.8.0+cu128", "<=2.8.0"},
      {"2.8.0+cu128", "~=2.8.0"},
      {"1.0", "===1.0"}};
  for (const auto& [version, text] : yes)
    EXPECT_TRUE(lets_in(text, version)) << version << " and " << text;
}

TEST(Specifier, KeepsOutAsPep440Says) {
  const std::vector<std::pair<const char*, const char*>> no = {{"2.1", "==2"},
                                                               {"2.1", "==2.0"},
                                                               {"2.0", "==2.0+deadbeef"},
                                                               {"2.0", "==3.*"},
                                                               {"2.1", "==2.0.*"},
                                                               {"2.0", "!=2"},
                                                               {"2.0", "!=2.0.0"},
                                                               {"2.0+deadbeef", "!=2"},
                                                               {"2.0+deadbeef", "!=2.0+deadbeef"},
                                                               {"2.0.dev1", "!=2.*"},
                                                               {"2", "!=2.*"},
                                                               {"2.0.dev1", ">=2"},
                                                               {"2.0a1", ">=2"},
                                                               {"2.0c1.post1.dev1", ">=2"},
                                                               {"1", ">=2"},
                                                               {"2.0.post1", "<=2"},
                                                               {"3", "<=2"},
                                                               {"1", ">2"},
                                                               {"2.0.dev1", ">2"},
                                                               {"2.0a1.post1", ">2"},
                                                               {"2.0", ">2"},
                                                               {"2.0.post1", ">2"},
                                                               {"2.0.post1.dev1", ">2"},
                                                               {"2.0+local.version", ">2"},
                                                               {"2.0.dev1", "<2"},
                                                               {"2.0a1", "<2"},
                                                               {"2.0rc1.post1.dev1", "<2"},
                                                               {"2.0", "<2"},
                                                               {"2.post1", "<2"},
                                                               {"3", "<2"},
                                                               {"2.0", "~=1.0"},
                                                               {"1.1.0", "~=1.0.0"},
                                                               {"1.1.post1", "~=1.0.0"},
                                                               {"1.0", "~=2!1.0"},
                                                               {"2!1.0", "~=1.0"},
                                                               {"2!1.0", "==1.0"},
                                                               {"1.0", "==2!1.0"},
                                                               {"2!1.0", "==1.*"},
                                                               {"1.0", "==2!1.*"},
                                                               {"2!1.0", "!=2!1.0"},
                                                               {"2.8.0+cu128", ">2.8.0"},
                                                               {"2.8.0+cu128", "==2.8.0+cu126"},
                                                               {"1.0.0", "===1.0"}};
  for (const auto& [version, text] : no)
    EXPECT_FALSE(lets_in(text, version)) << version << " and " << text;
}

TEST(Specifier, RefusesWhatIsNone) {
  for (const char* text : {"2.0", "=>2.0", "==", "~=1.0+5", ">=1.0+deadbeef", "<1.0+abc123",
                           "~=1.0.*", ">=1.0.*", "<=1.0.*", ">1.*", "==1.0.*+5", "==1.0.*.post1",
                           "!=1.0dev.*", "~=1", "==1.0.post1.*", "=1.0", "^1.0", ">=x"}) {
    EXPECT_FALSE(Specifiers::parse(text)) << text;
  }
}

TEST(Specifier, PreReleasesNeedToBeNamed) {
  const auto contains = [](const char* text, const char* version) {
    return specifiers(text).contains(*Version::parse(version));
  };
  EXPECT_FALSE(contains(">=1.0", "2.0a1"));
  EXPECT_TRUE(contains(">=1.0.dev1", "2.0a1"));
  EXPECT_TRUE(contains("==2.0a1", "2.0a1"));
  EXPECT_FALSE(contains("", "2.0a1"));
  EXPECT_TRUE(contains("", "2.0"));
}

/// "o" an older one, "s" the same, "n" a newer one.
std::string ways(const std::string& text, const std::string& installed) {
  const Admission a = admission(specifiers(text), *Version::parse(installed));
  return std::string(a.older ? "o" : "") + (a.same ? "s" : "") + (a.newer ? "n" : "");
}

TEST(Admission, TellsOlderFromNewer) {
  const std::string image = "2.8.0+cu128";
  EXPECT_EQ(ways("==2.8.0", image), "s");
  EXPECT_EQ(ways("==2.8.0+cu128", image), "s");
  EXPECT_EQ(ways("==2.8.0+cu126", image), "o");
  EXPECT_EQ(ways("==2.3.1", image), "o");
  EXPECT_EQ(ways("<2.9,!=2.8.0", image), "on");  // 2.8.1 may come
  EXPECT_EQ(ways("<2.6", image), "o");
  EXPECT_EQ(ways("~=2.9", image), "n");
  EXPECT_EQ(ways(">=2.0", image), "osn");
  EXPECT_EQ(ways(">2.8.0", image), "n");
  EXPECT_EQ(ways(">2.7,<2.8", image), "o");
  EXPECT_EQ(ways("==2.7.*", image), "o");
  EXPECT_EQ(ways("!=2.8.0", image), "on");
  EXPECT_EQ(ways("", image), "osn");
  EXPECT_EQ(ways(">=3,<2", image), "");
  EXPECT_EQ(ways("==2.3,>=2.4", image), "");
  EXPECT_EQ(ways("<=2.8.0", image), "os");
  EXPECT_EQ(ways("~=2.1", image), "osn");
  EXPECT_EQ(ways("==1!1.0", image), "n");
}

TEST(Admission, JoinsEntriesOfOneProject) {
  EXPECT_EQ(ways(specifiers(">=2.0").and_also(specifiers("<2.5")).str(), "2.8.0"), "o");
  EXPECT_EQ(ways(specifiers("!=2.8.0").and_also(specifiers("<2.8.1,>=2.8.0")).str(), "2.8.0"), "n");
  EXPECT_EQ(ways(specifiers("==2.3.1").and_also(specifiers("==2.4.0")).str(), "2.8.0"), "");
}

TEST(Admission, KnowsBounds) {
  EXPECT_TRUE(bounded_above(specifiers("<2.6")));
  EXPECT_TRUE(bounded_above(specifiers("~=2.6")));
  EXPECT_TRUE(bounded_above(specifiers("==2.6")));
  EXPECT_FALSE(bounded_above(specifiers(">=2.6,!=2.7")));
  EXPECT_FALSE(bounded_above(specifiers("")));
  const auto between = [](const char* text, const char* a, const char* b) {
    return admits_between(specifiers(text), *Version::parse(a), *Version::parse(b));
  };
  EXPECT_TRUE(between("<2.9,!=2.8.0", "2.8", "2.9"));
  EXPECT_FALSE(between("<2.8", "2.8", "2.9"));
  EXPECT_TRUE(between("==2.8.0", "2.8", "2.9"));
  EXPECT_FALSE(between("==2.7.*", "2.8", "2.9"));
  EXPECT_TRUE(between(">=2.0", "2.8", "2.9"));
}

TEST(Admission, ManyClausesAreNotTriedWithEachOther) {
  std::string text = "==1.0";
  for (int i = 0; i < 20000; ++i) text += ",!=2." + std::to_string(i);
  EXPECT_TRUE(admission(specifiers(text), *Version::parse("2.8.0")).same);
}

}  // namespace
}  // namespace preflint::req
