// PEP 440's order and normal forms; the tables restate those that PyPA publishes with its own
// library.
#include "model/requirements/version.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace preflint::req {
namespace {

Version version(const std::string& text) {
  const auto out = Version::parse(text);
  EXPECT_TRUE(out) << text;
  return out.value_or(Version());
}

TEST(Version, AreOrderedAsPep440Says) {
  std::vector<std::string> ordered = {"1.0.dev456",
                                      "1.0a1",
                                      "1.0a2.dev456",
                                      "1.0a12.dev456",
                                      "1.0a12",
                                      "1.0b1.dev456",
                                      "1.0b2",
                                      "1.0b2.post345.dev456",
                                      "1.0b2.post345",
                                      "1.0b2-346",
                                      "1.0c1.dev456",
                                      "1.0c1",
                                      "1.0rc2",
                                      "1.0c3",
                                      "1.0",
                                      "1.0.post456.dev34",
                                      "1.0.post456",
                                      "1.1.dev1",
                                      "1.2+123abc",
                                      "1.2+123abc456",
                                      "1.2+abc",
                                      "1.2+abc123",
                                      "1.2+abc123def",
                                      "1.2+1234.abc",
                                      "1.2+123456",
                                      "1.2.r32+123456",
                                      "1.2.rev33+123456"};
  const size_t count = ordered.size();
  for (size_t i = 0; i < count; ++i) ordered.push_back("1!" + ordered[i]);
  for (size_t i = 0; i < ordered.size(); ++i) {
    for (size_t j = 0; j < ordered.size(); ++j) {
      const auto order = version(ordered[i]) <=> version(ordered[j]);
      EXPECT_EQ(order < 0, i < j) << ordered[i] << " and " << ordered[j];
      EXPECT_EQ(order == 0, i == j) << ordered[i] << " and " << ordered[j];
    }
  }
}

TEST(Version, HaveOneNormalForm) {
  const std::vector<std::pair<std::string, std::string>> forms = {
      {"1.0dev", "1.0.dev0"},
      {"1.0.dev", "1.0.dev0"},
      {"1.0dev1", "1.0.dev1"},
      {"1.0-dev1", "1.0.dev1"},
      {"1.0DEV", "1.0.dev0"},
      {"1.0-DEV", "1.0.dev0"},
      {"1.0a", "1.0a0"},
      {"1.0.a", "1.0a0"},
      {"1.0.a1", "1.0a1"},
      {"1.0-a1", "1.0a1"},
      {"1.0alpha", "1.0a0"},
      {"1.0.alpha1", "1.0a1"},
      {"1.0A", "1.0a0"},
      {"1.0ALPHA1", "1.0a1"},
      {"1.0b", "1.0b0"},
      {"1.0beta", "1.0b0"},
      {"1.0-beta1", "1.0b1"},
      {"1.0c", "1.0rc0"},
      {"1.0c1", "1.0rc1"},
      {"1.0.rc1", "1.0rc1"},
      {"1.0-RC1", "1.0rc1"},
      {"1.0preview-3", "1.0rc3"},
      {"1.0pre", "1.0rc0"},
      {"1.0post", "1.0.post0"},
      {"1.0.post", "1.0.post0"},
      {"1.0post1", "1.0.post1"},
      {"1.0-post1", "1.0.post1"},
      {"1.0POST", "1.0.post0"},
      {"1.0r5", "1.0.post5"},
      {"1.0.rev7", "1.0.post7"},
      {"1.0-5", "1.0.post5"},
      {"1.0+AbC", "1.0+abc"},
      {"1.01+1.01", "1.1+1.1"},
      {"1.0+ubuntu-1_2", "1.0+ubuntu.1.2"},
      {"v1.0", "1.0"},
      {"  v1.0\t\n", "1.0"},
      {"012", "12"},
      {"00!1.2", "1.2"},
      {"1!2.0", "1!2.0"},
      {"1.0a.", "1.0a0"},
      {"2.8.0+cu128", "2.8.0+cu128"}};
  for (const auto& [text, normal] : forms) EXPECT_EQ(version(text).str(), normal) << text;
}

TEST(Version, RefusesWhatIsNone) {
  for (const char* text :
       {"", "french toast", "1.0+a+", "1.0++", "1.0+_foobar", "1.0+foo&asd", "1.0+1+1", "1.", ".1",
        "1..2", "1!", "!1", "latest", "1.0 beta", "a1", "1.0-", "2012-01-02x"}) {
    EXPECT_FALSE(Version::parse(text)) << text;
  }
}

TEST(Version, TrailingZerosDoNotCount) {
  EXPECT_EQ(version("1"), version("1.0.0"));
  EXPECT_NE(version("1.0"), version("1.0.1"));
  EXPECT_EQ(version("2.8"), version("v2.8.0"));
}

TEST(Version, HugeNumbersDoNotWrap) {
  EXPECT_GT(version("99999999999999999999999999"), version("18446744073709551614"));
  EXPECT_GT(version("1.20240101123456"), version("1.20240101123455"));
}

TEST(Names, AreNormalisedAsPep503Says) {
  EXPECT_EQ(normalised_name("Foo._-Bar"), "foo-bar");
  EXPECT_EQ(normalised_name("TORCH"), "torch");
  EXPECT_EQ(normalised_name("torch_scatter"), "torch-scatter");
}

}  // namespace
}  // namespace preflint::req
