#include "catalog/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "catalog/facts.h"
#include "catalog/image.h"
#include "catalog/profile_loader.h"
#include "support/chinese.h"

namespace preflint::catalog {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Profile& autodl() {
  const auto profile = builtin_profile("autodl");
  EXPECT_TRUE(profile) << (profile ? "" : profile.error().message);
  return **profile;
}

struct Read {
  Profile profile;
  std::vector<std::string> errors;
};

Read read(std::string_view text) {
  const auto parsed = parse_yaml(text);
  EXPECT_TRUE(parsed);
  LoadedProfile loaded =
      load_profile(*parsed, "mine", [](std::string_view name) -> Result<Profile> {
        const auto found = builtin_profile(name);
        if (!found) return found.error();
        return **found;
      });
  Read out{std::move(loaded.profile), {}};
  for (const Error& error : loaded.errors) {
    EXPECT_TRUE(holds_chinese(error.zh)) << error.message;
    out.errors.push_back(std::to_string(error.where->begin) + ": " + error.message);
  }
  return out;
}

TEST(Profile, AutodlKnowsItsPlatform) {
  const Profile& p = autodl();
  EXPECT_EQ(p.network.hook_file, "/etc/network_turbo");
  EXPECT_EQ(p.network.hook_guarded, "source /etc/network_turbo 2>/dev/null || true");
  EXPECT_THAT(p.network.exposed_ports, ElementsAre(6006, 6008));
  EXPECT_TRUE(p.network.pip_mirror_preconfigured);
  EXPECT_EQ(p.network.mirror_required, Tri::no);
  EXPECT_EQ(p.python.interpreter, "/root/miniconda3/bin/python");
  EXPECT_EQ(p.python.python3, Tri::maybe);
  EXPECT_EQ(p.panel.directory, "/root/tf-logs");
  EXPECT_EQ(p.panel.port, 6007);
  EXPECT_EQ(p.storage.auto_release_days, 15);
  EXPECT_EQ(p.tier("shared")->inodes, 200000);
  EXPECT_EQ(p.durable_tier()->path, "/root/autodl-fs");
  EXPECT_EQ(p.billing.stop_destroys_data, false);
  EXPECT_EQ(p.images.size(), 18u);
  EXPECT_EQ(p.overrides.size(), 11u);
  EXPECT_EQ(p.gotchas.size(), 10u);
  EXPECT_THAT(p.success_words, Contains("同步"));
}

TEST(Profile, TiersAreFoundByTheLongestPath) {
  const Profile& p = autodl();
  const auto name = [&](std::string_view path) {
    const Tier* tier = p.tier_of(path);
    return tier ? tier->name : "";
  };
  EXPECT_EQ(name("/root/autodl-tmp"), "data");
  EXPECT_EQ(name("/root/autodl-tmp/x/y"), "data");
  EXPECT_EQ(name("/root/autodl-tmp2/x"), "system");
  EXPECT_EQ(name("/autodl-fs/data/best.pth"), "shared");
  EXPECT_EQ(name("/root/autodl-nas/a"), "shared");
  EXPECT_EQ(name("/root/autodl-pub/imagenet"), "public");
  EXPECT_EQ(name("/etc"), "system");
  EXPECT_EQ(name("/mnt/nas/x"), "");
  EXPECT_EQ(name("/dev/shm/x"), "");
  EXPECT_EQ(name("relative/path"), "");
}

TEST(Profile, HostsMatchNamesSubdomainsAndStars) {
  const Profile& p = autodl();
  EXPECT_TRUE(Profile::host_in("connect.westb.seetacloud.com", p.launch.ssh_hosts));
  EXPECT_TRUE(Profile::host_in("region-3.autodl.com", p.launch.ssh_hosts));
  EXPECT_FALSE(Profile::host_in("example.com", p.launch.ssh_hosts));
  EXPECT_TRUE(Profile::host_in("pypi.tuna.tsinghua.edu.cn", p.network.domestic));
  EXPECT_TRUE(Profile::host_in("mirrors.aliyun.com", p.network.domestic));
  EXPECT_TRUE(Profile::host_in("HF-Mirror.com", p.network.domestic));
  EXPECT_FALSE(Profile::host_in("nothf-mirror.com.evil.com", p.network.domestic));
  EXPECT_TRUE(Profile::host_in("cdn-lfs.huggingface.co", p.network.accelerated));
  EXPECT_FALSE(Profile::host_in("myhuggingface.co", p.network.accelerated));
}

TEST(Profile, EveryBuiltinLoadsWithEvidenceForEveryFact) {
  EXPECT_THAT(builtin_profiles(),
              ElementsAre("autodl", "colab", "featurize", "generic-ssh", "gpushare", "kaggle",
                          "lambda", "matpool", "paperspace", "runpod", "vastai"));
  for (const std::string& name : builtin_profiles()) {
    const auto profile = builtin_profile(name);
    ASSERT_TRUE(profile) << name << ": " << profile.error().message;
    EXPECT_THAT(missing_evidence(**profile), IsEmpty()) << name;
    EXPECT_EQ((*profile)->name, name);
  }
  EXPECT_EQ(builtin_profile("autodll").error().message,
            "no profile is called 'autodll'; did you mean 'autodl'?");
}

TEST(Profile, UnknownAndAbsentAreDifferent) {
  const Profile& runpod = **builtin_profile("runpod");
  EXPECT_TRUE(fact_known(runpod, "network.hook"));
  EXPECT_EQ(fact_text(runpod, "network.hook"), std::nullopt);
  EXPECT_FALSE(fact_known(runpod, "panel.directory"));
  EXPECT_FALSE(fact_known(runpod, "storage.durable"));
  EXPECT_FALSE(fact_known(**builtin_profile("gpushare"), "network.hook"));
  EXPECT_EQ(fact_text(autodl(), "storage.durable"), "/root/autodl-fs");
  EXPECT_EQ(fact_text(autodl(), "network.exposed_ports"), "6006, 6008");
}

TEST(Profile, AnotherOneChangesAFewFieldsOfItsBase) {
  const Read mine = read(
      "extends: autodl\nnetwork: {exposed_ports: [80], no_proxy: unknown}\n"
      "storage: {tiers: {shared: {inodes: 5}, nas: {path: /mnt/nas, durable: true}}}\n");
  EXPECT_THAT(mine.errors, IsEmpty());
  EXPECT_EQ(mine.profile.name, "mine");
  EXPECT_THAT(mine.profile.network.exposed_ports, ElementsAre(80));
  EXPECT_FALSE(fact_known(mine.profile, "network.no_proxy"));
  EXPECT_THAT(mine.profile.network.no_proxy, IsEmpty());
  EXPECT_EQ(mine.profile.tier("shared")->inodes, 5);
  EXPECT_EQ(mine.profile.tier("shared")->path, "/root/autodl-fs");
  EXPECT_EQ(mine.profile.tier_of("/mnt/nas/x")->name, "nas");
  EXPECT_EQ(mine.profile.network.hook_file, "/etc/network_turbo");
}

TEST(Profile, MistakesAreNamedWithTheirPlace) {
  EXPECT_THAT(read("extends: autodll\n").errors,
              ElementsAre("9: no profile is called 'autodll'; did you mean 'autodl'?"));
  EXPECT_THAT(read("netwrk: {}\n").errors,
              ElementsAre("0: the profile has no key 'netwrk'; did you mean 'network'?"));
  EXPECT_THAT(read("panel: {prot: 1}\n").errors, ElementsAre(HasSubstr("did you mean 'port'?")));
  EXPECT_THAT(read("panel: {port: [1]}\n").errors,
              ElementsAre("14: 'panel.port' must be a whole number, not a list"));
  EXPECT_THAT(read("panel: {port: {value: 1, checked: soon}}\n").errors,
              ElementsAre(HasSubstr("must be a date")));
  EXPECT_THAT(read("panel: 6007\n").errors, Contains(HasSubstr("'panel' must be a mapping")));
  EXPECT_THAT(read("storage: {tiers: {x: {speed: quick}}}\n").errors,
              ElementsAre(HasSubstr("has no 'path'"), HasSubstr("'quick' is not one of fast")));
  EXPECT_THAT(read("images: {catalogue: {a: {torch: new}}}\n").errors,
              ElementsAre(HasSubstr("must be a version like 2.8.0")));
  for (const char* text : {"[]", "storage: []", "images: {catalogue: []}", "gotchas: [a]",
                           "overrides: {a: [b]}", "launch: {ssh_hosts: {a: b}}", "gpus: [[a]]",
                           "storage: {tiers: {a: 1}}", "storage: {tiers: {a: {survives: 1}}}"}) {
    EXPECT_FALSE(read(text).errors.empty()) << text;
  }
}

TEST(Profile, TheDocumentedExampleIsValid) {
  std::ifstream in(PREFLINT_SOURCE_DIR "/docs/profiles.md", std::ios::binary);
  const std::string page(std::istreambuf_iterator<char>(in), {});
  const size_t begin = page.find("```yaml\n") + 8;
  const Read mine = read(std::string_view(page).substr(begin, page.find("```\n", begin) - begin));
  EXPECT_THAT(mine.errors, IsEmpty());
  EXPECT_EQ(mine.profile.network.hook, "source /opt/proxy.sh");
  EXPECT_EQ(mine.profile.tier("public"), nullptr);
  EXPECT_TRUE(mine.profile.tier("nas")->durable);
}

TEST(Image, NamesOfTheCatalogueAndTags) {
  const auto named = [](std::string_view name) {
    return image_named(name, autodl()).value_or(Image());
  };
  Image image = named("pytorch-2.8.0-cu128-py3.12");
  EXPECT_EQ(image.torch + " " + image.torchvision + " " + image.torchaudio, "2.8.0 0.23.0 2.8.0");
  EXPECT_EQ(image.cuda + " " + image.python, "12.8 3.12");
  image = named("cuda12.4-cudnn-devel-ubuntu22.04-py312-torch2.5.1");
  EXPECT_EQ(image.torch + " " + image.torchvision + " " + image.cuda + " " + image.python,
            "2.5.1 0.20.1 12.4 3.12");
  image = named("hub.example/base:cuda11.8-cudnn8-devel-ubuntu20.04-py38-torch2.0.0");
  EXPECT_EQ(image.torch + " " + image.torchvision + " " + image.torchaudio + " " + image.python,
            "2.0.0 0.15.1 2.0.1 3.8");
  image = named("pytorch-2.6.0-cu126-py3.11");
  EXPECT_EQ(image.torch + " " + image.torchvision + " " + image.cuda, "2.6.0 0.21.0 12.6");
  EXPECT_EQ(named("tensorflow-2.9.0-cu112-py3.8").tensorflow, "2.9.0");
  EXPECT_EQ(named("tensorflow-2.9.0-cu112-py3.8").torch, "");
  EXPECT_FALSE(image_named("ubuntu22.04", autodl()));
  EXPECT_FALSE(image_named("", autodl()));
}

TEST(Image, CompanionsOfTorch) {
  const std::tuple<const char*, const char*, const char*> kRows[] = {{"1.7.0", "0.8.1", "0.7.0"},
                                                                     {"1.8.1", "0.9.1", "0.8.1"},
                                                                     {"1.9.0", "0.10.0", "0.9.0"},
                                                                     {"1.10.0", "0.11.0", "0.10.0"},
                                                                     {"1.11.0", "0.12.0", "0.11.0"},
                                                                     {"2.0.0", "0.15.1", "2.0.1"},
                                                                     {"2.1.0", "0.16.0", "2.1.0"},
                                                                     {"2.4.1", "0.19.1", "2.4.1"},
                                                                     {"2.9.0", "0.24.0", "2.9.0"},
                                                                     {"1.6.0", "", ""},
                                                                     {"nightly", "", ""}};
  for (const auto& [torch, vision, audio] : kRows) {
    EXPECT_EQ(torchvision_of(torch), vision) << torch;
    EXPECT_EQ(torchaudio_of(torch), audio) << torch;
  }
}

TEST(Facts, ReferencesAreFilledIn) {
  const Image image = *image_named("pytorch-2.8.0-cu128-py3.12", autodl());
  EXPECT_EQ(expand("a ${profile.panel.directory}/x ${image.torch}", autodl(), image),
            "a /root/tf-logs/x 2.8.0");
  EXPECT_EQ(expand("plain ${", autodl(), image), "plain ${");
  EXPECT_EQ(expand("${image.tensorflow}", autodl(), image), std::nullopt);
  EXPECT_EQ(bad_reference("${profile.panel.directory}"), std::nullopt);
  EXPECT_THAT(bad_reference("${profile.panel.dir}")->en,
              HasSubstr("no profile has a fact 'panel.dir'"));
  EXPECT_THAT(bad_reference("${HOME}")->en, HasSubstr("neither"));
  EXPECT_THAT(bad_reference("${image.tourch}")->en, HasSubstr("did you mean 'torch'?"));
}

}  // namespace
}  // namespace preflint::catalog
