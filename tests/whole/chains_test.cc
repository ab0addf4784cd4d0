// A job is one program: what a wrapper does is seen in everything that it starts.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/lint.h"

namespace preflint::testing {
namespace {

/// The findings of one rule as `path:line`.
std::vector<std::string> places(const Files& files, std::string_view rule,
                                Severity floor = Severity::info) {
  std::vector<std::string> out;
  for (const Found& one : lint(files, {.floor = floor})) {
    if (one.rule == rule) out.push_back(one.path + ":" + std::to_string(one.line));
  }
  return out;
}

std::vector<std::string> chain(const Found& found) {
  std::vector<std::string> out;
  for (const Note& note : found.finding.chain)
    out.push_back(note.place.path.substr(note.place.path.rfind('/') + 1));
  return out;
}

Files queue(const std::string& first_line) {
  return {{"queue.sh", "#!/bin/bash\n" + first_line + "bash a.sh\nbash b.sh\n"},
          {"a.sh", "#!/bin/bash\ngit clone https://github.com/acme/widget\n"},
          {"b.sh", "#!/bin/bash\n/root/miniconda3/bin/python train.py\n"},
          {"train.py", "import wandb\nwandb.init(project='demo')\n"}};
}

TEST(Chains, TheHookInTheWrapperMendsEveryScriptBelow) {
  EXPECT_EQ(places(queue(""), "NET001"), (std::vector<std::string>{"a.sh:2", "b.sh:2"}));
  EXPECT_EQ(places(queue("source /etc/network_turbo\n"), "NET001"), std::vector<std::string>{});
}

TEST(Chains, OneGoodAndOneBadLaunchReportTheBadChainOnly) {
  const Files files = {{"good.sh", "#!/bin/bash\nsource /etc/network_turbo\nbash child.sh\n"},
                       {"bad.sh", "#!/bin/bash\nbash child.sh\n"},
                       {"child.sh", "#!/bin/bash\ngit clone https://github.com/acme/widget\n"}};
  std::vector<Found> found = lint(files);
  std::erase_if(found, [](const Found& one) { return one.rule != "NET001"; });
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].path, "child.sh");
  EXPECT_EQ(chain(found[0]), std::vector<std::string>{"bad.sh"});
}

TEST(Chains, ArgumentsOfEachLaunchReachTheProgram) {
  const std::string train =
      "import argparse, torch\np = argparse.ArgumentParser()\np.add_argument('--out', "
      "default='/root/never')\n"
      "a = p.parse_args()\nfor epoch in range(3):\n    loss.backward()\n    torch.save(1, a.out + "
      "'/last.pth')\n";
  const Files files = {{"good.sh", "#!/bin/bash\npython train.py --out /root/autodl-tmp/x\n"},
                       {"bad.sh", "#!/bin/bash\npython train.py --out /root/x\n"},
                       {"train.py", train}};
  std::vector<Found> found = lint(files);
  std::erase_if(found, [](const Found& one) { return one.rule != "STO001"; });
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].message.find("/root/x/last.pth"), std::string::npos) << found[0].message;
  EXPECT_EQ(chain(found[0]), std::vector<std::string>{"bad.sh"});
}

TEST(Chains, TheCacheIsMendedInTheWrapper) {
  const std::string train =
      "from transformers import AutoModel\nAutoModel.from_pretrained('acme/widget')\n";
  const auto wrapper = [](const std::string& line) {
    return "#!/bin/bash\n" + line + "for size in 1 2; do\n    bash one.sh $size\ndone\n";
  };
  Files files = {{"run.sh", wrapper("")},
                 {"one.sh", "#!/bin/bash\npython train.py $1\n"},
                 {"train.py", train}};
  EXPECT_EQ(places(files, "STO006"), std::vector<std::string>{"one.sh:2"});
  files["run.sh"] = wrapper("export HF_HOME=/root/autodl-tmp/hf\n");
  EXPECT_EQ(places(files, "STO006"), std::vector<std::string>{});
}

TEST(Chains, ACopyInTheWrapperKeepsWhatTheRunSaves) {
  const std::string train =
      "import torch\nfor epoch in range(3):\n    loss.backward()\n    torch.save(1, "
      "'/root/autodl-tmp/a.pth')\n";
  Files files = {{"queue.sh", "#!/bin/bash\nbash one.sh\n"},
                 {"one.sh", "#!/bin/bash\npython train.py\n"},
                 {"train.py", train}};
  EXPECT_EQ(places(files, "STO003"), std::vector<std::string>{"one.sh:2"});
  files["queue.sh"] += "cp /root/autodl-tmp/a.pth /root/autodl-fs/ || exit 1\n";
  EXPECT_EQ(places(files, "STO003"), std::vector<std::string>{});
}

}  // namespace
}  // namespace preflint::testing
