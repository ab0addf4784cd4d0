// Where a finding is told as less than its rule's severity, because it is not shown that the
// program runs on the box.
#include <gmock/gmock.h>

#include "support/lint.h"

namespace preflint::testing {
namespace {

constexpr const char* kWriter =
    "from torch.utils.tensorboard import SummaryWriter\nwriter = SummaryWriter('runs')\n";

/// The severity of the only finding of a rule.
std::optional<Severity> severity(const Files& files, const char* rule, std::string config = "") {
  const auto found =
      lint(files, {.config = std::move(config), .floor = Severity::info, .only = rule});
  return found.size() == 1 ? std::optional(found[0].severity) : std::nullopt;
}

std::string notebook(const std::string& line) {
  return R"({"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": [")" + line +
         R"("]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})";
}

TEST(BoxShown, ByWhatStartsTheProgram) {
  EXPECT_EQ(severity({{"train.py", kWriter}}, "LOG001"), Severity::warning);
  EXPECT_EQ(severity({{"train.py", kWriter}, {"run.sh", "python train.py\n"}}, "LOG001"),
            Severity::error);
  EXPECT_EQ(severity({{"train.py", kWriter}}, "LOG001", "sites: {instance: [train.py]}\n"),
            Severity::error);
}

TEST(BoxShown, ByThePlacesThatItNames) {
  const std::string data = "data = '/root/autodl-tmp/data'\n";
  EXPECT_EQ(severity({{"train.py", kWriter + data}}, "LOG001"), Severity::error);
  EXPECT_EQ(severity({{"train.py", "import log\n" + data}, {"log.py", kWriter}}, "LOG001"),
            Severity::error);
  EXPECT_EQ(
      severity({{"a.ipynb", notebook("!git clone https://github.com/acme/widgets")}}, "NET001"),
      Severity::warning);
  EXPECT_EQ(severity({{"a.ipynb", notebook("!git clone https://github.com/acme/widgets "
                                           "/root/autodl-tmp/widgets")}},
                     "NET001"),
            Severity::error);
}

/// More programs than somebody writes for one machine.
Files crowd(Files files) {
  for (int i = 0; i < 26; ++i) {
    files["tools/step" + std::to_string(i) + ".py"] =
        "if __name__ == '__main__':\n    print('step')\n";
  }
  return files;
}

TEST(FewScripts, CountOfTheHostsProcessors) {
  const std::string pool = "import os\nfrom multiprocessing import Pool\nPool(os.cpu_count())\n";
  EXPECT_EQ(severity({{"a.py", pool}}, "ENV011"), Severity::warning);
  EXPECT_EQ(severity(crowd({{"a.py", pool}}), "ENV011"), Severity::info);
  EXPECT_EQ(severity(crowd({{"a.py", pool}, {"run.sh", "python a.py\n"}}), "ENV011"),
            Severity::warning);
  EXPECT_EQ(severity(crowd({{"a.py", pool + "open('/root/autodl-tmp/a')\n"}}), "ENV011"),
            Severity::warning);
}

TEST(Processors, WhereTheSettingsSayNothing) {
  const auto told = [](const std::string& number) {
    return severity({{"a.py",
                      "import os, yaml\nfrom multiprocessing import Pool\n"
                      "cfg = yaml.safe_load(open('a.yaml'))\nPool(" +
                          number + ")\n"}},
                    "ENV011");
  };
  EXPECT_EQ(told("os.cpu_count() - 1"), Severity::warning);
  EXPECT_EQ(told("cfg.workers or os.cpu_count()"), Severity::info);
}

TEST(FewScripts, PathsOfAnotherMachine) {
  const std::string load = "import json\njson.load(open('/home/alice/a.json'))\n";
  const std::string box = "open('/root/autodl-tmp/a')\n";
  EXPECT_EQ(severity({{"a.py", load}}, "STO011"), Severity::warning);
  EXPECT_EQ(severity({{"a.py", load}, {"b.py", box}}, "STO011"), Severity::info);
  EXPECT_EQ(severity({{"a.py", load + box}, {"b.py", box}}, "STO011"), Severity::warning);
  EXPECT_EQ(severity(crowd({{"a.py", load}}), "STO011"), Severity::info);
  EXPECT_EQ(severity(crowd({{"a.py", load + box}}), "STO011"), Severity::warning);
  EXPECT_EQ(
      severity(crowd({{"a.py", load}, {"run.sh", "ls /root/autodl-tmp\npython a.py\n"}}), "STO011"),
      Severity::warning);
  // The program names a place of the box; the text that gives it the path does not.
  const Files given = {{"a.py", "import sys\nopen(sys.argv[1])\n" + box},
                       {"run.sh", "python a.py /home/alice/a.json\n"}};
  EXPECT_EQ(severity(given, "STO011"), Severity::warning);
  EXPECT_EQ(severity(crowd(given), "STO011"), Severity::info);
}

TEST(FewScripts, DefaultsOfOptions) {
  const std::string options =
      "import argparse\np = argparse.ArgumentParser()\n"
      "p.add_argument('--data', default='/home/alice/data')\nopen(p.parse_args().data)\n";
  EXPECT_EQ(severity({{"a.py", options}}, "STO011"), Severity::info);
  EXPECT_EQ(severity({{"a.py", options}, {"run.sh", "python a.py\n"}}, "STO011"),
            Severity::warning);
}

TEST(SetInTime, InTheProgramThatTheFileIs) {
  const auto told = [](const std::string& load) {
    return severity({{"run.sh", "python generate.py --model \"$1\"\n"},
                     {"generate.py",
                      "import argparse\nfrom transformers import AutoModel\n"
                      "from extract import settings\n"
                      "p = argparse.ArgumentParser()\np.add_argument('--model')\n" +
                          load},
                     {"extract.py",
                      "import os\nos.environ['HF_HUB_DISABLE_XET'] = '1'\n"
                      "from transformers import AutoModel\nsettings = {}\n"
                      "if __name__ == '__main__':\n    AutoModel.from_pretrained('acme/a')\n"}},
                    "NET012");
  };
  EXPECT_EQ(told("AutoModel.from_pretrained(p.parse_args().model)\n"), Severity::info);
  EXPECT_EQ(told("AutoModel.from_pretrained('acme/a')\n"), Severity::error);
}

TEST(Elsewhere, WhereAnotherRentalIsLoggedInto) {
  const std::string run = "cd /root/autodl-tmp/widgets\npython3 train.py\n";
  const std::string login =
      "import paramiko\nbox = paramiko.SSHClient()\nbox.connect('i-1.gpushare.com', port=27000)\n";
  EXPECT_EQ(severity({{"run.sh", run}}, "ENV001"), Severity::warning);
  EXPECT_EQ(severity({{"run.sh", run}, {"login.py", login}}, "ENV001"), Severity::info);
  EXPECT_EQ(severity({{"run.sh", run}, {"up.sh", "scp -P 27000 a root@i-1.gpushare.com:/hy-tmp\n"}},
                     "ENV001"),
            Severity::info);
  // Both are used, or the address is only spoken of.
  EXPECT_EQ(
      severity({{"run.sh", run}, {"login.py", login}, {"README.md", "# On AutoDL\n"}}, "ENV001"),
      Severity::warning);
  EXPECT_EQ(severity({{"run.sh", run},
                      {"login.py", login},
                      {"up.sh", "scp -P 27001 a root@connect.westb.seetacloud.com:/root\n"}},
                     "ENV001"),
            Severity::warning);
  EXPECT_EQ(severity({{"run.sh", run}, {"README.md", "ssh root@i-1.gpushare.com\n"}}, "ENV001"),
            Severity::warning);
}

TEST(Overwritten, WhereEachRoundAlsoWritesANumberedFile) {
  const auto told = [](const std::string& beside) {
    return severity({{"a.py",
                      "import os, torch\n"
                      "if os.path.exists('latest.pt'):\n    model = torch.load('latest.pt')\n"
                      "for epoch in range(9):\n" +
                          beside + "    torch.save(model, 'latest.pt')\n"}},
                    "SYN004");
  };
  EXPECT_EQ(told(""), Severity::warning);
  EXPECT_EQ(told("    torch.save(model, f'out/{epoch}.pt')\n"), Severity::info);
  EXPECT_EQ(told("    torch.save(model, os.path.join('out', f'e_{epoch:04d}.pt'))\n"),
            Severity::info);
  EXPECT_EQ(told("    if epoch % 50 == 0:\n        torch.save(model, f'out/{epoch}.pt')\n"),
            Severity::warning);
  EXPECT_EQ(told("    torch.save(model, f'out/{name}.pt')\n"), Severity::warning);
}

TEST(Deletions, AskedForByTheScriptsName) {
  EXPECT_EQ(severity({{"start.sh", "rm -r checkpoints\n"}}, "STO007"), Severity::warning);
  EXPECT_EQ(severity({{"remove_saving.sh", "rm -r checkpoints\n"}}, "STO007"), Severity::info);
  EXPECT_EQ(
      severity({{"clean.sh", "rm -r checkpoints\n"}, {"start.sh", "bash clean.sh\n"}}, "STO007"),
      Severity::warning);
}

TEST(Deletions, FetchedAgain) {
  const std::string gone = "rm -rf checkpoints\nmkdir checkpoints\n";
  EXPECT_EQ(severity({{"a.sh", gone + "cd checkpoints\ngdown 1o7\nunzip t2m.zip\n"}}, "STO007"),
            Severity::info);
  EXPECT_EQ(severity({{"a.sh", gone + "unzip t2m.zip -d checkpoints\n"}}, "STO007"),
            Severity::info);
  EXPECT_EQ(severity({{"a.sh", gone + "cd src\nunzip t2m.zip\n"}}, "STO007"), Severity::warning);
}

TEST(LinesOfNotebooks, OfWhichNothingLaterDepends) {
  const auto told = [](const std::string& lines) {
    return severity({{"a.ipynb", notebook(lines)}}, "ENV015");
  };
  EXPECT_EQ(told("!export A=1\\ntrain()"), Severity::warning);
  EXPECT_EQ(told("train()\\n!export A=1"), Severity::info);
  EXPECT_EQ(told("!export A=1\\n!export B=2\\n!ldconfig /usr/lib\\n# done"), Severity::info);
  EXPECT_EQ(told("!cd widgets\\n!ls"), Severity::warning);
  EXPECT_EQ(told("!export A=1\\n!export B=2\\n!python train.py"), Severity::warning);
  EXPECT_EQ(told("!export A=1\\npath = '/mnt/workspace'\\ntrain()"), std::nullopt);
}

TEST(Environments, OthersThatTheProjectMakes) {
  const std::string uses =
      "eval \"$(conda shell.bash hook)\"\nconda activate widgets\npython a.py\n";
  EXPECT_EQ(severity({{"run.sh", uses}}, "ENV006"), Severity::warning);
  EXPECT_EQ(
      severity({{"run.sh", uses}, {"setup.sh", "conda create -n widget python=3.10\n"}}, "ENV006"),
      Severity::error);
}

TEST(Reached, OnlyBehindAConditionThatIsNotKnown) {
  const std::string load = "from transformers import AutoModel\n";
  const std::string call = "AutoModel.from_pretrained('acme/widget')\n";
  const auto told = [&](const std::string& program) {
    return severity({{"run.sh", "python train.py\n"}, {"train.py", load + program}}, "NET001");
  };
  EXPECT_EQ(told(call), Severity::error);
  EXPECT_EQ(told("if input():\n    " + call), Severity::warning);
  EXPECT_EQ(told("import config\nif config.rank == 0:\n    " + call), Severity::error);
  EXPECT_EQ(told("if input():\n    " + call + call), Severity::error);
}

/// A project of many folders, one of whose scripts names the platform.
Files large(Files own) {
  for (char folder = 'a'; folder < 'k'; ++folder) {
    for (const char* name : {"one", "two", "three"})
      own.emplace(std::string("lib/") + folder + "/" + name + ".py", "x = 1\n");
  }
  own.emplace("box/start.sh", "cd /root/autodl-tmp\nbash run_here.sh\npython ../tools/fit.py\n");
  return own;
}

const std::string kBare = "python3 -c 'import torch'\n";

TEST(Elsewhere, WhatIsCalledByThePathsOfAMac) {
  const auto told = [](const std::string& guide, const std::string& script = kBare) {
    return severity(large({{"scripts/check.sh", script},
                           {"docs/steps.md", guide},
                           {"README.md", "bash scripts/check.sh\n"}}),
                    "ENV001");
  };
  EXPECT_EQ(told("bash /Users/alice/widgets/scripts/check.sh\n"), Severity::info);
  EXPECT_EQ(told("SCRIPTS=/Users/alice/widgets/scripts\n"), Severity::info);
  EXPECT_EQ(told("bash /Users/alice/widgets/tools/check.sh\n"), Severity::warning);
  EXPECT_EQ(told("bash /Users/yourname/widgets/scripts/check.sh\n"), Severity::warning);
  EXPECT_EQ(told("On AutoDL: rsync /Users/alice/widgets/scripts box:\n"), Severity::warning);
  EXPECT_EQ(told("bash /Users/alice/widgets/scripts/check.sh\n", kBare + "df /root/autodl-tmp\n"),
            Severity::warning);
}

TEST(Unplaced, WhatNothingOfTheBoxNamesIsAdvice) {
  EXPECT_EQ(severity(large({{"other/run.sh", kBare}}), "ENV001"), Severity::info);
  const auto found =
      lint(large({{"other/run.sh", kBare}}), {.floor = Severity::info, .only = "ENV001"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::info);
  // A key is a key wherever it stands.
  const std::string login = "wandb login 8f14e45fceea167a5a36dedd4bea2543d1a9c3b7\n";
  EXPECT_EQ(severity(large({{"other/run.sh", login}}), "SEC001"), Severity::error);
  // The user's word stands above it.
  EXPECT_EQ(severity(large({{"other/run.sh", kBare}}), "ENV001", "severity: {ENV001: error}\n"),
            Severity::error);
  EXPECT_EQ(
      severity(large({{"other/run.sh", kBare}}), "ENV001", "sites: {instance: [other/*.sh]}\n"),
      Severity::warning);
}

TEST(Unplaced, WhatABoxScriptOrAGuideNames) {
  EXPECT_EQ(severity(large({{"box/run_here.sh", kBare}}), "ENV001"), Severity::warning);
  EXPECT_EQ(severity(large({{"other/run.sh", kBare},
                            {"other/doc.md", "On AutoDL: `bash other/run.sh`\n"}}),
                     "ENV001"),
            Severity::warning);
  EXPECT_EQ(
      severity(large({{"other/run.sh", kBare}, {"README.md", "1. bash other/run.sh\n"}}), "ENV001"),
      Severity::warning);
  EXPECT_EQ(
      severity(large({{"other/run.sh", kBare}, {"other/doc.md", "At home: `bash other/run.sh`\n"}}),
               "ENV001"),
      Severity::info);
}

TEST(Unplaced, WhatStartsAProgramOfTheBox) {
  const std::string data = "DATA = '/root/autodl-tmp/data'\n";
  EXPECT_EQ(
      severity(large({{"other/run.sh", "python3 place.py\n"}, {"other/place.py", data}}), "ENV001"),
      Severity::warning);
  // Another file of that name is another program.
  EXPECT_EQ(severity(large({{"other/run.sh", "python3 one.py\n"},
                            {"other/one.py", ""},
                            {"lib/b/one.py", data}}),
                     "ENV001"),
            Severity::info);
}

TEST(Unplaced, OneFileOfTheWayIsEnough) {
  const std::string load =
      "from transformers import AutoModel\nAutoModel.from_pretrained('acme/widget')\n";
  EXPECT_EQ(severity(large({{"box/go.sh", "# AutoDL\npython load.py\n"},
                            {"box/load.py", ""},
                            {"other/go.sh", "python lib/a/load.py\n"},
                            {"other/lib/a/load.py", load}}),
                     "NET001"),
            Severity::info);
  EXPECT_EQ(severity(large({{"box/go.sh", "# AutoDL\npython deep/load.py\n"},
                            {"box/deep/load.py", load}}),
                     "NET001"),
            Severity::error);
}

TEST(Unplaced, ASmallProjectOrOneThatNamesThePlatformNowhere) {
  EXPECT_EQ(
      severity({{"other/run.sh", kBare}, {"box/start.sh", "cd /root/autodl-tmp\n"}}, "ENV001"),
      Severity::warning);
  Files files = large({{"other/run.sh", kBare}});
  files["box/start.sh"] = "true\n";
  EXPECT_EQ(severity(files, "ENV001"), Severity::warning);
}

TEST(Reached, WhatPythonStartsBehindATest) {
  const std::string get = "import os, subprocess\n";
  const std::string call = "subprocess.run('curl -LO https://github.com/acme/w.pt', shell=True)\n";
  const auto told = [&](const std::string& program) {
    return severity({{"run.sh", "python get.py\n"}, {"get.py", get + program}}, "NET001");
  };
  EXPECT_EQ(told(call), Severity::error);
  EXPECT_EQ(told("if os.environ.get('FETCH'):\n    " + call), Severity::warning);
}

TEST(Elsewhere, AScriptForAnotherServer) {
  const std::string clone = "git clone https://github.com/acme/widgets /data/ce/widgets\n";
  const auto told = [&](Files files) { return severity(crowd(std::move(files)), "NET001"); };
  const Files box = {{"box.sh", "cd /root/autodl-tmp/widgets && bash train.sh\n"}};
  const auto with = [&](Files files) {
    files.insert(box.begin(), box.end());
    return files;
  };
  EXPECT_EQ(told(with({{"lab.sh", clone}})), Severity::info);
  EXPECT_EQ(told(with({{"lab.sh",
                        "ROOT=${ROOT:-/data/ce}\ngit clone https://github.com/acme/w $ROOT\n"}})),
            Severity::info);
  EXPECT_EQ(severity(with({{"lab.sh", clone}}), "NET001"), Severity::error) << "a few files";
  EXPECT_EQ(told({{"lab.sh", clone}}), Severity::error) << "nothing names the platform";
  EXPECT_EQ(told(with({{"train.sh", clone}})), Severity::error) << "a script of the box starts it";
  EXPECT_EQ(told(with({{"lab.sh", "# /data/ce/model\ngit clone https://github.com/acme/w\n"}})),
            Severity::error)
      << "in a comment";
  EXPECT_EQ(told(with({{"lab.sh", "git clone https://github.com/acme/w /data/your_folder/w\n"}})),
            Severity::error)
      << "to be filled in";
  EXPECT_EQ(told(with({{"lab.sh", clone}, {"link.sh", "ln -s /root/autodl-tmp /data/ce\n"}})),
            Severity::error)
      << "the box has that folder";
  EXPECT_EQ(told(with({{"lab.sh", "mkdir -p /data/ce\n" + clone}})), Severity::error)
      << "the script makes it";
  EXPECT_EQ(told(with({{"lab.sh", clone + "source activate /root/autodl-tmp/env\n"}})),
            Severity::error)
      << "it names the platform";
}

TEST(Elsewhere, WhatAScriptForAnotherServerStarts) {
  const Files files = {{"box.sh", "cd /root/autodl-tmp/widgets && python other.py\n"},
                       {"lab.sh", "python train.py --data /data/ce/coco\n"},
                       {"train.py", kWriter}};
  EXPECT_EQ(severity(crowd(files), "LOG001"), Severity::info);
}

TEST(Copied, WhatAnotherFileHasAllTheSame) {
  const std::string clone = "cd /root/autodl-tmp\ngit clone https://github.com/acme/widgets\n";
  const auto told = [&](Files files) {
    std::vector<std::string> out;
    for (const auto& finding : lint(crowd(std::move(files)), {.only = "NET001"}))
      out.push_back(finding.path);
    return out;
  };
  using ::testing::UnorderedElementsAre;
  EXPECT_THAT(told({{"job/a.sh", clone}, {"old/job/a.sh", clone}}),
              UnorderedElementsAre("job/a.sh"));
  EXPECT_THAT(told({{"job/a.sh", clone}, {"old/job/a.sh", clone + "echo\n"}}),
              UnorderedElementsAre("job/a.sh", "old/job/a.sh"))
      << "changed since";
  EXPECT_THAT(told({{"job/a.sh", clone}, {"other/a.sh", clone}}),
              UnorderedElementsAre("job/a.sh", "other/a.sh"))
      << "a folder of its own";
}

TEST(Elsewhere, ANotebookWithColabsBadge) {
  const auto told = [&](const std::string& first) {
    const std::string code =
        R"({"cell_type": "code", "metadata": {}, "outputs": [], "source": ["!git clone https://github.com/acme/w"]})";
    return severity({{"a.ipynb", R"({"cells": [)" + first + code +
                                     R"(], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})"}},
                    "NET001");
  };
  EXPECT_EQ(told(""), Severity::warning);
  EXPECT_EQ(
      told(
          R"j({"cell_type": "markdown", "metadata": {}, "source": ["[Open](https://colab.research.google.com/x)"]},)j"),
      std::nullopt);
}

TEST(Elsewhere, WhatIsBuiltForADesktop) {
  const std::string get =
      "import subprocess\nsubprocess.run(['git', 'clone', 'https://github.com/acme/w'])\n";
  EXPECT_EQ(severity({{"build.py", get}}, "NET001"), Severity::warning);
  EXPECT_EQ(severity({{"build.py", "import PyInstaller\n" + get}}, "NET001"), std::nullopt);
}

TEST(Elsewhere, AHomeOnAMac) {
  const std::string mac =
      "ROOT=/Users/alex/widgets\nPYTHONPATH=\"$ROOT\" python3 -m widgets.fit --device cpu\n";
  EXPECT_EQ(severity({{"run.sh", mac}}, "ENV001"), std::nullopt);
  EXPECT_EQ(severity({{"run.sh", mac + "cp -r out /root/autodl-tmp/\n"}}, "ENV001"),
            Severity::warning);
}

TEST(Lists, LeftAsideInAFolderOfAnotherProject) {
  const std::string frozen = "numpy==1.26.4\nsix @ file:///croot/six_1644875935023/work\n";
  const std::string apart = "packaging==23.2\ntqdm\npackaging==24.0\n";
  const std::pair<const char*, const char*> box{"train.py", "open('/root/autodl-tmp/data')\n"};
  for (const auto& [rule, list] : {std::pair("DEP014", frozen), std::pair("DEP008", apart)}) {
    const std::pair<const char*, std::string> aside{"baselines/kv/requirements.txt", list};
    EXPECT_EQ(severity(crowd({aside, box}), rule), Severity::info);
    EXPECT_EQ(severity(crowd({{"baselines/kv/freeze_requirements.txt", list}, box}), rule),
              Severity::info);
    // The project's own, a small project, one that names the platform nowhere.
    EXPECT_EQ(severity(crowd({{"requirements.txt", list}, box}), rule), Severity::error);
    EXPECT_EQ(severity(crowd({{"requirements/gpu.txt", list}, box}), rule), Severity::error);
    EXPECT_EQ(severity({aside, box}, rule), Severity::error);
    EXPECT_EQ(severity(crowd({aside}), rule), Severity::error);
    // A script installs it, or its folder is for the platform.
    EXPECT_EQ(
        severity(
            crowd({aside, box, {"setup.sh", "pip install -r baselines/kv/requirements.txt\n"}}),
            rule),
        Severity::error);
    EXPECT_EQ(severity(crowd({aside, {"baselines/kv/run.sh", "ls /root/autodl-tmp\n"}}), rule),
              Severity::error);
  }
}

TEST(Lists, TheRecordOfAnEnvironment) {
  const std::string frozen = "numpy==1.26.4\nsix @ file:///root/wheels/six-1.16.0.whl\n";
  const std::pair<const char*, const char*> own{"requirements.txt", "numpy\nsix\n"};
  const std::pair<const char*, const char*> in{"requirements.in", "numpy\nsix\n"};
  const std::pair<const char*, std::string> freeze{"requirements-freeze.txt", frozen};
  const std::pair<const char*, std::string> lock{"requirements-lock.txt", frozen};
  EXPECT_EQ(severity({freeze, own}, "DEP014"), Severity::info);
  EXPECT_EQ(severity({{"results/provenance/requirements.txt", frozen}, own}, "DEP014"),
            Severity::info);
  EXPECT_EQ(severity({lock, in, own}, "DEP014"), Severity::info);
  // The only list, one that is installed or told to be, a lock of nothing.
  EXPECT_EQ(severity({freeze}, "DEP014"), Severity::error);
  EXPECT_EQ(severity({{"requirements-gpu-lock.txt", frozen}, own}, "DEP014"), Severity::error);
  EXPECT_EQ(
      severity({freeze, own, {"setup.sh", "pip install -r requirements-freeze.txt\n"}}, "DEP014"),
      Severity::error);
  EXPECT_EQ(
      severity({freeze, own, {"README.md", "Run `pip install -r requirements-freeze.txt`.\n"}},
               "DEP014"),
      Severity::error);
}

TEST(SyntaxErrors, ATemplateThatIsStillToBeFilledIn) {
  const auto told = [](const char* script) { return severity({{"run.sh", script}}, "PFL002"); };
  EXPECT_EQ(told("PYTHONPATH=. \\\npython tools/test.py \\\n<config> \\\n<weights> \\\n--out x\n"),
            Severity::info);
  EXPECT_EQ(told("python tools/test.py <config> <weights>\n"), Severity::info);
  EXPECT_EQ(told("python tools/test.py config.py < < weights\n"), Severity::error);
  EXPECT_EQ(told("python tools/test.py '<config>'\npython tools/test.py (weights\n"),
            Severity::error);
}

TEST(Unplaced, ACredentialOnTheCommandLine) {
  const std::string ask = "curl -s -H \"Authorization: token $TOKEN\" https://example.com/runs\n";
  EXPECT_EQ(severity({{"ask.sh", ask}}, "SEC003"), Severity::error);
  EXPECT_EQ(severity({{".buildkite/scripts/ask.sh", ask}}, "SEC003"), Severity::info);
  EXPECT_EQ(severity({{".github/ask.sh", ask}}, "SEC003"), Severity::info);
  EXPECT_EQ(severity(large({{"other/ask.sh", ask}}), "SEC003"), Severity::info);
}

/// A program that sets a variable above its own imports, or below them, and that another imports.
Files fetcher(const std::string& head, const char* tail) {
  return {{"fetch.py", head + "def fetch():\n    snapshot_download('acme/widgets')\n" + tail},
          {"resume.py",
           "from huggingface_hub import HfApi\nfrom fetch import fetch\nHfApi()\nfetch()\n"}};
}

TEST(OwnProgram, SetsTheVariableInTime) {
  const std::string os = "import os\n", hub = "from huggingface_hub import snapshot_download\n",
                    sets = "os.environ['HF_ENDPOINT'] = 'https://hf-mirror.com'\n";
  const char* main = "if __name__ == '__main__':\n    fetch()\n";
  EXPECT_EQ(severity(fetcher(os + sets + hub, main), "NET012"), Severity::info);
  Files within = fetcher(os + sets + hub, main);
  within["resume.py"] =
      "from huggingface_hub import HfApi\n\n\ndef main():\n    from fetch import fetch\n"
      "    HfApi()\n    fetch()\n\n\nmain()\n";
  EXPECT_EQ(severity(within, "NET012"), Severity::info);
  // A script starts the program that imports it.
  Files started = fetcher(os + sets + hub, main);
  started["run.sh"] = "#!/bin/bash\npython resume.py\n";
  EXPECT_EQ(severity(started, "NET012"), Severity::error);
  // A module that is no program, and one that is late by itself.
  EXPECT_EQ(severity(fetcher(os + sets + hub, ""), "NET012"), Severity::warning);
  EXPECT_EQ(severity(fetcher(os + hub + sets, main), "NET012"), Severity::error);
  Files through = fetcher(os + "import common\n" + sets + hub, main);
  through["common.py"] = "import transformers\n";
  EXPECT_EQ(severity(through, "NET012"), Severity::warning);
}

}  // namespace
}  // namespace preflint::testing
