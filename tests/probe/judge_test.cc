// Captured outputs are judged: a healthy box is a GO, and each fault flips its own verdict and no
// other.
#include "probe/judge.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "catalog/builtin.h"
#include "output/words.h"
#include "probe/image.h"

namespace preflint::probe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr long long kClock = 1795665703;

std::string captured(const std::string& name) {
  std::ifstream in(PREFLINT_SOURCE_DIR "/tests/probe/boxes/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The healthy box with one line replaced, added or (value "-") taken away.
std::string with(std::string text, const std::map<std::string, std::string>& changes) {
  for (const auto& [key, value] : changes) {
    const std::string line = value == "-" ? "" : key + "=" + value + "\n";
    const size_t at = text.find("\n" + key + "=");
    if (at != std::string::npos) {
      text.replace(at + 1, text.find('\n', at + 1) - at, line);
    } else {
      text.insert(text.find("preflint.end"), line);
    }
  }
  return text;
}

const catalog::Profile& autodl() { return **catalog::builtin_profile("autodl"); }

std::vector<Answer> judged(const std::string& text, const catalog::Profile& profile = autodl()) {
  return judge(Facts::parse(text), profile, {"box", kClock});
}

/// Rule → verdict of all that is no GO, but for what this box can never tell.
std::map<std::string, Verdict> faults(const std::map<std::string, std::string>& changes) {
  std::map<std::string, Verdict> out;
  for (const Answer& answer : judged(with(captured("rtx5090.facts"), changes))) {
    if (answer.rule == "PRB009" && answer.verdict == Verdict::unknown) continue;
    if (answer.verdict != Verdict::go) out[answer.rule] = answer.verdict;
  }
  return out;
}

std::string reason(const Answer& answer, Language language = Language::en) {
  Finding finding;
  finding.rule = answer.rule;
  finding.message = answer.message;
  finding.arguments = answer.arguments;
  return output::message_of(finding, &catalog::find_builtin(answer.rule)->rule, language);
}

TEST(Judge, AHealthyBoxIsAGo) {
  const auto answers = judged(captured("rtx5090.facts"));
  EXPECT_EQ(overall(answers), Verdict::go);
  for (const Answer& answer : answers) {
    if (answer.rule == "PRB009") continue;  // a card of this kind counts no memory errors
    EXPECT_EQ(answer.verdict, Verdict::go) << answer.rule << ": " << reason(answer);
  }
}

struct Fault {
  std::map<std::string, std::string> changes;
  std::string rule;
  Verdict verdict;
};

TEST(Judge, EachFaultFlipsItsOwnVerdict) {
  const Fault kFaults[] = {
      {{{"hook.file", "absent"}}, "PRB002", Verdict::no_go},
      {{{"hook.file", "unreadable"}}, "PRB002", Verdict::no_go},
      {{{"hook.exports", ""}}, "PRB002", Verdict::warn},
      {{{"hook.proxy_answers", "no"}}, "PRB003", Verdict::no_go},
      {{{"hook.proxy_answers", "untested"}}, "PRB003", Verdict::unknown},
      {{{"python.interpreter", "absent"}, {"torch.import", "-"}}, "PRB004", Verdict::no_go},
      {{{"python.interpreter", "not-executable"}, {"torch.import", "-"}}, "PRB004", Verdict::no_go},
      {{{"python.fault", "status 127"}, {"torch.import", "failed"}}, "PRB004", Verdict::no_go},
      {{{"torch.import", "failed"}, {"torch.fault", "ImportError: libcudnn.so.9"}},
       "PRB005",
       Verdict::no_go},
      {{{"torch.import", "absent"}}, "PRB005", Verdict::warn},
      {{{"torch.import", "slow"}}, "PRB005", Verdict::unknown},
      {{{"torch.cuda", "none"}, {"torch.version", "2.8.0+cpu"}}, "PRB005", Verdict::no_go},
      {{{"torch.cuda_available", "no"}}, "PRB005", Verdict::no_go},
      {{{"torch.arch_list", "sm_50 sm_60 sm_70 sm_75 sm_80 sm_86 sm_90"}},
       "PRB006",
       Verdict::no_go},
      {{{"torch.arch_list", "sm_100a sm_90a"}}, "PRB006", Verdict::no_go},
      {{{"torch.arch_list", ""}}, "PRB006", Verdict::unknown},
      {{{"gpu.tool", "absent"}, {"gpu.count", "-"}}, "PRB007", Verdict::no_go},
      {{{"gpu.tool", "failed"}, {"gpu.status", "9"}, {"gpu.count", "-"}}, "PRB007", Verdict::no_go},
      {{{"gpu.tool", "slow"}, {"gpu.count", "-"}}, "PRB007", Verdict::no_go},
      {{{"gpu.0.used_mib", "20111"}}, "PRB008", Verdict::warn},
      {{{"gpu.0.ecc_errors", "3"}}, "PRB009", Verdict::no_go},
      {{{"gpu.xid", "2"}}, "PRB009", Verdict::warn},
      {{{"tier.shared.mount", "/"}}, "PRB010", Verdict::no_go},
      {{{"tier.data.mount", "/"}, {"cache.real", "/root/autodl-fs/hf"}}, "PRB010", Verdict::warn},
      {{{"tier.shared.state", "absent"}}, "PRB010", Verdict::warn},
      {{{"tier.data.kib_free", "1024"}}, "PRB011", Verdict::no_go},
      {{{"tier.system.kib_free", "2097152"}}, "PRB011", Verdict::warn},
      {{{"tier.shared.inodes_free", "0"}}, "PRB012", Verdict::no_go},
      {{{"tier.shared.inodes_free", "12000"}}, "PRB012", Verdict::warn},
      {{{"tier.data.read_only", "yes"}}, "PRB013", Verdict::no_go},
      {{{"cache.real", "/root/.cache/huggingface"}}, "PRB014", Verdict::warn},
      {{{"cache.kib", "41943040"}}, "PRB014", Verdict::warn},
      {{{"panel.logdir", "/root/runs"}, {"panel.logdir_real", "/root/runs"}},
       "PRB015",
       Verdict::warn},
      {{{"panel.answers", "no"}}, "PRB015", Verdict::warn},
      {{{"panel.answers", "other"}}, "PRB015", Verdict::warn},
      {{{"panel.logdir", "-"}, {"panel.logdir_real", "-"}, {"panel.runs", "4"}},
       "PRB015",
       Verdict::warn},
      {{{"panel.events", "yes"}}, "PRB015", Verdict::warn},
      {{{"port.6008", "taken"}}, "PRB016", Verdict::warn},
      {{{"port.6006", "unknown"}, {"port.6008", "unknown"}}, "PRB016", Verdict::unknown},
      {{{"tool.nohup", "-"}, {"tool.setsid", "-"}}, "PRB017", Verdict::warn},
      {{{"credential.state", "absent"}, {"credential.mode", "-"}, {"credential.real", "-"}},
       "PRB018",
       Verdict::warn},
      {{{"credential.mode", "644"}}, "PRB018", Verdict::warn},
      {{{"credential.shared", "/root/autodl-fs/.netrc"}}, "PRB019", Verdict::no_go},
      {{{"credential.real", "/autodl-fs/data/key"}}, "PRB019", Verdict::no_go},
      {{{"memory.limit_bytes", "2147483648"}, {"memory.used_bytes", "1"}}, "PRB020", Verdict::warn},
      {{{"memory.used_bytes", "96636764160"}}, "PRB020", Verdict::warn},
      {{{"memory.oom_kills", "1"}}, "PRB021", Verdict::warn},
      {{{"cpu.limit_percent", "50"}}, "PRB022", Verdict::warn},
      {{{"box.clock", "1795662103"}}, "PRB023", Verdict::warn},
      {{{"dns.answers", "no"}}, "PRB024", Verdict::warn},
  };
  for (const Fault& fault : kFaults) {
    EXPECT_THAT(faults(fault.changes), ElementsAre(Pair(fault.rule, fault.verdict)))
        << fault.changes.begin()->first << "=" << fault.changes.begin()->second;
  }
}

TEST(Judge, WhatIsRightStaysSo) {
  // Only page cache: it is given back. A link into the panel's folder. A later card of the same
  // major version, and PTX for one that is newer still.
  EXPECT_THAT(faults({{"memory.used_bytes", "96000000000"}, {"memory.cache_bytes", "90000000000"}}),
              IsEmpty());
  EXPECT_THAT(faults({{"panel.logdir", "/root/tf-logs/"}}), IsEmpty());
  EXPECT_THAT(
      faults({{"panel.link", "/root/autodl-tmp/tb"}, {"panel.logdir_real", "/root/autodl-tmp/tb"}}),
      IsEmpty());
  EXPECT_THAT(faults({{"torch.0.capability", "8.9"}}), IsEmpty());
  EXPECT_THAT(faults({{"torch.arch_list", "sm_80 compute_90"}}), IsEmpty());
  EXPECT_THAT(faults({{"tier.shared.inodes", "0"}, {"tier.shared.inodes_free", "0"}}), IsEmpty());
  EXPECT_THAT(faults({{"credential.mode", "400"}}), IsEmpty());
  EXPECT_THAT(faults({{"cpu.limit_percent", "-"}}), IsEmpty());
}

TEST(Judge, InodesAreToldBesideTheBytesThatAreFree) {
  const auto answers = judged(with(captured("rtx5090.facts"), {{"tier.shared.inodes_free", "0"}}));
  const auto it = std::find_if(answers.begin(), answers.end(),
                               [](const Answer& a) { return a.rule == "PRB012"; });
  ASSERT_NE(it, answers.end());
  EXPECT_THAT(reason(*it),
              HasSubstr("`/root/autodl-fs` has 0 of 200000 inodes left although 132 GiB are free"));
  EXPECT_EQ(it->fact, "tier.shared.inodes_free");
  EXPECT_THAT(captured("rtx5090.facts").substr(it->span.begin, 10), HasSubstr("tier.share"));
}

TEST(Judge, NothingIsKnownOfAnEmptyOutput) {
  const auto answers = judged("preflint.begin=1\npreflint.end=ok\n");
  EXPECT_EQ(overall(answers), Verdict::unknown);
  for (const Answer& answer : answers) {
    if (answer.rule == "PRB025") continue;
    EXPECT_EQ(answer.verdict, Verdict::unknown) << answer.rule;
  }
}

TEST(Judge, AMountedRootIsAskedOnlyWhatItCanTell) {
  const auto answers = judged(
      "preflint.begin=1\nbox.root=/"
      "mnt\nhook.file=present\nhook.exports=http_proxy\nhook.proxy=10.0.0.1:12798\n"
      "python.interpreter=present\npython.version=3.12\ninstalled.torch=2.8.0\ninstalled.cuda=12."
      "8\n"
      "tier.system.state=present\ntier.system.path=/\ntier.system.mount=/"
      "mnt\ntier.system.kib=30000000\n"
      "tier.system.kib_free=20000000\ntier.system.inodes=1000\ntier.system.inodes_free=900\n"
      "tier.data.state=absent\ntier.shared.state=absent\ntool.asked=yes\ntool.tmux=yes\ncache.real="
      "/root/.cache\n"
      "credential.state=present\ncredential.mode=600\ncredential.real=/root/"
      ".wandb_key\npreflint.end=ok\n");
  EXPECT_EQ(overall(answers), Verdict::go);
  for (const Answer& answer : answers) EXPECT_EQ(answer.verdict, Verdict::go) << reason(answer);
}

TEST(Judge, WithoutAProfilesFactsThereIsNothingToSay) {
  for (const Answer& answer :
       judged(captured("rtx5090.facts"), **catalog::builtin_profile("generic-ssh"))) {
    EXPECT_NE(answer.rule, "PRB002") << reason(answer);
    EXPECT_NE(answer.rule, "PRB015") << reason(answer);
    EXPECT_NE(answer.rule, "PRB018") << reason(answer);
  }
}

TEST(Judge, FindingsAreTheFaults) {
  const auto answers = judged(with(captured("rtx5090.facts"), {{"hook.file", "absent"}}));
  std::vector<std::string> rules;
  for (const Finding& finding : findings(answers, "/box")) {
    if (finding.severity == Severity::error) rules.push_back(finding.rule);
  }
  EXPECT_THAT(rules, ElementsAre("PRB002"));
}

/// Every message that a fault can lead to exists, in both languages, with all its blanks filled.
TEST(Judge, NoWordsAreMissing) {
  std::set<std::string> rules;
  const std::string healthy = captured("rtx5090.facts");
  std::vector<std::string> texts = {healthy, "preflint.begin=1\npreflint.end=ok\n"};
  const std::string kValues[] = {
      "absent", "unreadable", "",      "no",    "failed", "slow", "none", "0",
      "1",      "unknown",    "taken", "other", "yes",    "777",  "/",    "9999999999999999999"};
  for (size_t at = healthy.find("begin=1\n") + 8; at < healthy.size();) {
    const size_t end = healthy.find('\n', at);
    const std::string key = healthy.substr(at, healthy.find('=', at) - at);
    if (key == "preflint.end") break;
    for (const std::string& value : kValues) texts.push_back(with(healthy, {{key, value}}));
    texts.push_back(with(healthy, {{key, "-"}}));
    at = end + 1;
  }
  for (const std::string& text : texts) {
    for (const Answer& answer : judged(text)) {
      rules.insert(answer.rule);
      const catalog::Rule& rule = catalog::find_builtin(answer.rule)->rule;
      EXPECT_EQ(rule.emitted_by, "probe");
      for (const Language language : {Language::en, Language::zh}) {
        const std::string words = reason(answer, language);
        EXPECT_EQ(words.find('{'), std::string::npos) << answer.rule << ": " << words;
        EXPECT_EQ(words.find("``"), std::string::npos) << answer.rule << ": " << words << "\n"
                                                       << answer.fact;
        std::string remedy = output::fill(rule.advice.in(language), answer.arguments, language);
        for (const auto& note : rule.notes) {
          if (note.key == answer.message)
            remedy = output::fill(note.words.in(language), answer.arguments, language);
        }
        if (answer.verdict == Verdict::warn || answer.verdict == Verdict::no_go) {
          EXPECT_EQ(remedy.find('{'), std::string::npos)
              << answer.rule << " " << answer.message << ": " << remedy;
        }
      }
    }
  }
  std::set<std::string> catalogue;
  for (const auto& entry : catalog::builtin_rules()) {
    if (entry.rule.emitted_by == "probe") catalogue.emplace(entry.rule.id);
  }
  catalogue.erase("PRB001");  // of boxes that could not be asked
  EXPECT_EQ(rules, catalogue);
}

TEST(Image, WhatWasReadIsWhatAConfigurationStates) {
  const Image image = image_of(Facts::parse(captured("rtx5090.facts")), autodl());
  EXPECT_EQ(image.image.torch, "2.8.0");
  EXPECT_EQ(image.image.torchvision, "0.23.0");
  EXPECT_EQ(image.image.cuda, "12.8");
  EXPECT_EQ(image.image.python, "3.12");
  EXPECT_EQ(image.gpu, "RTX 5090");
  EXPECT_EQ(yaml(image, "A box."),
            "# A box.\n# In preflint.yaml: `image: box.yaml`.\nimage:\n  torch: \"2.8.0\"\n  "
            "torchvision: \"0.23.0\"\n"
            "  torchaudio: \"2.8.0\"\n  cuda: \"12.8\"\n  python: \"3.12\"\ngpu: \"RTX "
            "5090\"\ngpus: 1\n");
}

TEST(Image, CardsHaveTheNamesThatPeopleUse) {
  const auto name = [](const std::string& full) {
    return image_of(Facts::parse("preflint.begin=1\ngpu.0.name=" + full + "\n"), autodl()).gpu;
  };
  EXPECT_EQ(name("NVIDIA GeForce RTX 4090 D"), "RTX 4090D");
  EXPECT_EQ(name("NVIDIA A100-SXM4-80GB"), "A100");
  EXPECT_EQ(name("Tesla V100-SXM2-32GB"), "V100");
  EXPECT_EQ(name("NVIDIA RTX PRO 6000 Blackwell Server Edition"), "RTX PRO 6000");
  EXPECT_EQ(name("NVIDIA GeForce RTX 2080 Ti"), "RTX 2080 Ti");
  EXPECT_EQ(name("NVIDIA H800"), "H800");
  EXPECT_EQ(name("NVIDIA GeForce GTX 745"), "GTX 745");
}

TEST(Image, WhatIsNoVersionIsNotBelieved) {
  const Image image = image_of(
      Facts::parse(
          "preflint.begin=1\ntorch.version=\"; rm -rf /\ntorch.cuda=none\npython.version=3\n"),
      autodl());
  EXPECT_EQ(image.image.torch, "");
  EXPECT_EQ(image.image.cuda, "");
  EXPECT_EQ(image.image.python, "3");
}

}  // namespace
}  // namespace preflint::probe
