// The tables of profiles/data: each GPU with the torch pins that do and do not serve it, Pythons,
// companions, and that every row says where it was read.
#include "project/framework_facts.h"

#include <gtest/gtest.h>

#include <string>

#include "catalog/builtin.h"
#include "catalog/image.h"

namespace preflint::project {
namespace {

struct Verdict {
  const char* gpu;
  const char* pin;
  const char* cuda;  // of the index that is named; "" the default one
  bool works;
};

// Rows as PyTorch's release notes and build scripts have them.
constexpr Verdict kVerdicts[] = {
    {"TITAN Xp", "==2.6.0", "", true},
    {"P40", "==2.7.0", "", true},
    {"GTX 1080 Ti", "==2.8.0", "", false},
    {"TITAN Xp", "==2.7.0+cu128", "", false},
    {"P40", "==2.8.0", "12.6", true},
    {"V100", "==2.7.0", "12.8", false},
    {"V100-32GB", "==2.8.0", "", true},
    {"Tesla V100-SXM2-32GB", "==2.10.0", "", true},
    {"V100", "==2.11.0", "", false},
    {"V100", "==2.9.0", "13.0", false},
    {"V100", "==2.6.0", "", true},
    {"V100", "==2.11.0", "12.6", true},
    {"RTX 2080 Ti", "==1.13.1", "", true},
    {"T4", "==2.8.0", "", true},
    {"2080Ti", "==2.11.0", "", true},
    {"A100", "==1.6.0", "", false},
    {"A800-80GB", "==1.7.0+cu110", "", true},
    {"A100-PCIE-40GB", "==1.12.1", "", false},
    {"A100", "==1.12.1+cu113", "", true},
    {"A100", "==2.3.1", "", true},
    {"RTX 3090", "==1.8.1+cu111", "", true},
    {"RTX 3080", "==1.9.0", "", false},
    {"A5000", "==1.12.1", "11.6", true},
    {"RTX A5000", "==1.12.1", "10.2", false},
    {"A40", "==1.13.1", "", true},
    {"RTX 4090", "==1.8.1+cu111", "", true},
    {"RTX 4090D", "==1.12.1", "", false},
    {"L20", "==2.0.1", "", true},
    {"L40", "==2.8.0", "", true},
    {"vGPU-32GB", "==2.3.1", "", true},
    {"H800", "==1.13.1", "", false},
    {"H20", "==2.0.1", "", false},
    {"H100", "==2.0.1", "11.8", true},
    {"H20", "==2.1.0", "", true},
    {"B200", "==2.6.0", "", false},
    {"B200", "==2.7.0", "", false},
    {"B200", "==2.7.0", "12.8", true},
    {"B200", "==2.8.0", "", true},
    {"RTX 5090", "==2.7.0", "", false},
    {"RTX 5090", "==2.7.1+cu128", "", true},
    {"NVIDIA GeForce RTX 5090", "==2.8.0", "", true},
    {"RTX PRO 6000", "==2.9.0", "", true},
    {"RTX 5090", "==2.6.0+cu124", "", false},
    {"RTX 5090", "<2.6", "", false},
    {"RTX 5090", "~=2.7.0", "", false},
    {"RTX 5090", "<2.9,!=2.8.0", "", true},
    {"RTX 5090", ">=1.13", "", true},
    {"RTX 5090", "==2.8.0", "12.6", false},
    {"RTX 5090", "==2.8.0+cpu", "", false},
    {"RTX 5090", "", "", true},
    {"RTX 5090 D", "==2.5.1", "", false},
    {"Some Card", "==1.0", "", true},
};

TEST(FrameworkFacts, TellWhichPinsServeWhichGpu) {
  const FrameworkFacts& facts = FrameworkFacts::get();
  for (const Verdict& row : kVerdicts) {
    const auto capability = facts.capability_of(row.gpu);
    const auto specifiers = req::Specifiers::parse(row.pin);
    ASSERT_TRUE(specifiers) << row.pin;
    const bool none = capability && facts.no_kernels(*capability, *specifiers, row.cuda);
    EXPECT_EQ(!none, row.works) << row.gpu << " with torch" << row.pin << " " << row.cuda;
  }
}

TEST(FrameworkFacts, KnowModelsUnderTheirManyNames) {
  const FrameworkFacts& facts = FrameworkFacts::get();
  for (const auto& [name, capability] : std::initializer_list<std::pair<const char*, const char*>>{
           {"RTX 4090", "8.9"},
           {"rtx4090", "8.9"},
           {"NVIDIA GeForce RTX 4090", "8.9"},
           {"RTX 4090 * 2", "8.9"},
           {"RTX 4090D", "8.9"},
           {"RTX 3090 Ti", "8.6"},
           {"NVIDIA A100-SXM4-80GB", "8.0"},
           {"Tesla T4", "7.5"},
           {"vGPU-48GB", "8.9"},
           {"L40S", "8.9"},
           {"H20-NVLink", "9.0"},
           {"RTX 2080 Ti-11GB", "7.5"}}) {
    EXPECT_EQ(facts.capability_of(name), capability) << name;
  }
  EXPECT_FALSE(facts.capability_of("Radeon"));
  EXPECT_FALSE(facts.capability_of(""));
}

TEST(FrameworkFacts, TellWhichPythonsHaveWheels) {
  const FrameworkFacts& facts = FrameworkFacts::get();
  const auto none = [&](const char* project, const char* pin, const char* python) {
    return facts.no_wheel(project, *req::Specifiers::parse(pin), *req::Version::parse(python));
  };
  EXPECT_TRUE(none("torch", "==2.1.2", "3.12"));
  EXPECT_TRUE(none("torch", "<2.2", "3.12.3"));
  EXPECT_FALSE(none("torch", "==2.2.0", "3.12"));
  EXPECT_FALSE(none("torch", "<2.3", "3.12"));
  EXPECT_TRUE(none("torch", "==2.5.1", "3.8"));
  EXPECT_TRUE(none("torch", "==2.9.0", "3.8"));
  EXPECT_TRUE(none("torch", "==2.9.0", "3.9"));
  EXPECT_FALSE(none("torch", ">=2.9", "3.12"));
  EXPECT_FALSE(none("torch", "==99.0", "3.12"));
  EXPECT_TRUE(none("torchvision", "==0.16.0", "3.12"));
  EXPECT_FALSE(none("torchvision", "==0.20.1", "3.12"));
  EXPECT_TRUE(none("torchaudio", "==2.1.0", "3.12"));
  EXPECT_TRUE(none("tensorflow", "==2.9.0", "3.12"));
  EXPECT_FALSE(none("tensorflow", "==2.9.0", "3.8"));
  EXPECT_FALSE(none("numpy", "==1.0", "3.12"));
}

TEST(FrameworkFacts, KnowWhatLinuxDoesNotHave) {
  const FrameworkFacts& facts = FrameworkFacts::get();
  EXPECT_EQ(facts.other_system("pywin32"), "Windows");
  EXPECT_EQ(facts.other_system("pyobjc-framework-cocoa"), "macOS");
  EXPECT_EQ(facts.other_system("pyobjc-frameworks"), "");
  EXPECT_EQ(facts.other_system("pywin32-ctypes"), "");
  EXPECT_EQ(facts.other_system("torch"), "");
}

TEST(FrameworkFacts, CompanionsAreThoseOfTheCatalogue) {
  for (const TorchSeries& one : FrameworkFacts::get().torch()) {
    for (const req::Version& release : one.releases) {
      if (release < *req::Version::parse("1.7")) continue;
      EXPECT_TRUE(catalog::torchvision_of(release.str()).starts_with(one.torchvision + "."))
          << release.str();
      EXPECT_TRUE(catalog::torchaudio_of(release.str()).starts_with(one.torchaudio + "."))
          << release.str();
    }
  }
}

TEST(FrameworkFacts, EveryRowSaysWhereItWasRead) {
  int rows = 0;
  for (const std::string_view name : catalog::builtin_documents()) {
    if (!name.starts_with("data/")) continue;
    const auto document = catalog::builtin_document(name);
    ASSERT_TRUE(document) << name;
    EXPECT_TRUE(document->find("checked")) << name;
    for (const auto& member : document->members) {
      for (const Document& row : member.value.items) {
        ++rows;
        EXPECT_TRUE(row.find("source")) << name << ": " << member.key << ", row " << rows;
      }
    }
  }
  EXPECT_GT(rows, 90);
}

}  // namespace
}  // namespace preflint::project
