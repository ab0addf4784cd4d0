// Which files a program installs, as its commands have left them by then, and into which
// environment.
#include "project/installs.h"

#include <gtest/gtest.h>

#include "catalog/builtin.h"
#include "catalog/config.h"
#include "catalog/profile.h"
#include "project/build.h"
#include "support/lint.h"

namespace preflint::testing {
namespace {

/// "pip image requirements.txt[numpy\ntorch==2.0\n]" for each install.
std::vector<std::string> installs(Files files) {
  files.emplace("requirements.txt", "numpy\ntorch==2.0\ntorchmetrics\n");
  const MemoryReader reader(files);
  const catalog::Config config;
  project::BuildRequest request;
  request.root = "/project";
  request.files = reader.linted();
  request.reader = &reader;
  request.profile = *catalog::builtin_profile("autodl");
  request.config = &config;
  const auto program = project::build(request);
  const auto found = project::installs_of(*program, *request.profile);
  std::vector<std::string> out;
  for (const project::Install& install : found.all) {
    static constexpr const char* kTools[] = {"pip",    "uv-pip", "conda", "uv",
                                             "poetry", "pdm",    "pipenv"};
    static constexpr const char* kTargets[] = {"image", "other", "unknown"};
    std::string one = std::string(kTools[install.tool]) + " " + kTargets[install.target];
    for (const auto& package : install.packages) one += " " + package.text;
    for (const auto& file : install.files) {
      one += " " + file.shown;
      if (file.missing) one += "(missing)";
      one += !file.content ? "[?]" : !file.content->known ? "[..]" : "[" + file.content->text + "]";
    }
    out.push_back(one);
  }
  return out;
}

std::vector<std::string> in_shell(const std::string& script) {
  return installs({{"run.sh", "#!/bin/bash\n" + script}});
}
using Lines = std::vector<std::string>;

TEST(Installs, ReadFilesAsTheyAreByThen) {
  const std::string whole = "numpy\ntorch==2.0\ntorchmetrics\n";
  EXPECT_EQ(in_shell("pip install -r requirements.txt"),
            Lines{"pip image requirements.txt[" + whole + "]"});
  EXPECT_EQ(in_shell("grep -v '^torch==' requirements.txt > x.txt; pip install -rx.txt"),
            Lines{"pip image x.txt[numpy\ntorchmetrics\n]"});
  EXPECT_EQ(
      in_shell("T=$(mktemp)\ngrep -v torch requirements.txt >\"$T\"\npip install -r \"$T\"").size(),
      1U);
  EXPECT_EQ(in_shell("grep -v torchm requirements.txt | grep -v '#' | sort | tee x > /dev/null; "
                     "pip install -r x"),
            Lines{"pip image x[numpy\ntorch==2.0\n]"});
  EXPECT_EQ(in_shell("sed -i '/torch/d' requirements.txt; pip install -r requirements.txt"),
            Lines{"pip image requirements.txt[numpy\n]"});
  EXPECT_EQ(in_shell("cp requirements.txt /tmp/r; sed -i.bak '/^torch==/d;/^numpy/d' /tmp/r; pip "
                     "install -r /tmp/r"),
            Lines{"pip image /tmp/r[torchmetrics\n]"});
  EXPECT_EQ(in_shell("python strip.py > x.txt; pip install -r x.txt"),
            Lines{"pip image x.txt[..]"});
  EXPECT_EQ(in_shell("echo scipy >> requirements.txt; pip install -r requirements.txt"),
            Lines{"pip image requirements.txt[" + whole + "scipy\n]"});
  EXPECT_EQ(in_shell("cat requirements.txt | xargs -n1 pip install"),
            Lines{"pip image xargs[" + whole + "]"});
  EXPECT_EQ(in_shell("awk '!/^torch/' requirements.txt | pip install -r /dev/stdin"),
            Lines{"pip image /dev/stdin[numpy\n]"});
}

TEST(Installs, KnowTheirEnvironment) {
  EXPECT_EQ(in_shell("pip install a"), Lines{"pip image a"});
  EXPECT_EQ(in_shell("source venv/bin/activate; pip install a"), Lines{"pip other a"});
  EXPECT_EQ(in_shell("conda activate x; python -m pip install a"), Lines{"pip other a"});
  EXPECT_EQ(in_shell("conda activate base; pip install a"), Lines{"pip image a"});
  EXPECT_EQ(in_shell("source /root/miniconda3/bin/activate; pip install a"), Lines{"pip image a"});
  EXPECT_EQ(in_shell("source activate x; pip install a"), Lines{"pip other a"});
  EXPECT_EQ(in_shell("/root/miniconda3/bin/pip install a"), Lines{"pip image a"});
  EXPECT_EQ(in_shell("/root/miniconda3/envs/x/bin/pip install a"), Lines{"pip other a"});
  EXPECT_EQ(in_shell("conda install -n x a"), Lines{"conda other a"});
  EXPECT_EQ(in_shell("conda run -n x pip install a"), Lines{"pip other a"});
  EXPECT_EQ(in_shell("uv pip install --system a"), Lines{"uv-pip image a"});
  EXPECT_EQ(in_shell("pip install --target lib a"), Lines{"pip other a"});
}

TEST(Installs, AreFollowedThroughScripts) {
  const auto found =
      installs({{"a.sh", "#!/bin/bash\ngrep -v torch requirements.txt > left.txt\nbash sub/b.sh\n"},
                {"sub/b.sh",
                 "#!/bin/bash\npip install -r left.txt\npip install -r \"$(dirname "
                 "\"$0\")/../gone.txt\"\n"}});
  EXPECT_EQ(found, (Lines{"pip image left.txt[numpy\n]", "pip image gone.txt(missing)[?]"}));
}

TEST(Installs, StandHostileText) {
  std::string script;
  for (int i = 0; i < 500; ++i)
    script += "grep -v a requirements.txt > f" + std::to_string(i) + "; pip install -r f" +
              std::to_string(i) + "\n";
  EXPECT_EQ(in_shell(script).size(), 500U);
  EXPECT_EQ(in_shell("grep -vE '(((((' requirements.txt > x; pip install -r x"),
            Lines{"pip image x[..]"});
}

}  // namespace
}  // namespace preflint::testing
