// A folder of projects: each is linted as if it were alone, and no more of them is kept than has to
// be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "workspace/project.h"

namespace preflint::workspace {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class ManyProjects : public ::testing::Test {
 protected:
  ManyProjects()
      : root_(fs::temp_directory_path() / ("preflint-many-" + std::to_string(::getpid()))) {
    fs::remove_all(root_);
    for (int number = 0; number < kProjects; ++number) {
      const std::string folder = "p" + std::to_string(number);
      write(folder + "/run.sh",
            "#!/bin/bash\n/root/miniconda3/bin/python train.py\ncp best.pth /root/autodl-fs/; echo "
            "synced\n");
      write(folder + "/train.py",
            "from model.m0 import f\nimport torch\ntorch.save(f(), "
            "'/root/autodl-fs/x/latest.pth')\n");
      for (int i = 0; i < 60; ++i)
        write(folder + "/model/m" + std::to_string(i) + ".py", "def f():\n    return 1\n");
    }
  }
  ~ManyProjects() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << text;
  }
  LintRequest request(size_t most_kept) const {
    LintRequest out;
    out.paths = {root_.string()};
    out.ceiling = root_.string();
    out.select = {"ALL"};
    out.most_kept = most_kept;
    return out;
  }
  static std::vector<std::string> summary(const LintResult& result) {
    std::vector<std::string> out;
    for (const Finding& finding : result.findings) {
      const auto file = result.file(finding.place.path);
      out.push_back(std::string(finding.rule) + " " + finding.place.path + " " +
                    (file ? file->bytes.substr(finding.place.span.begin, finding.place.span.size())
                          : "no file"));
    }
    return out;
  }

  static constexpr int kProjects = 9;
  fs::path root_;
};

TEST_F(ManyProjects, AreLintedApart) {
  const Project project(request(SIZE_MAX));
  EXPECT_EQ(project.groups().size(), size_t{kProjects});
  EXPECT_EQ(project.groups()[0].root, root_.string() + "/p0");
  EXPECT_EQ(project.read().files, size_t{kProjects} * 62);
}

TEST_F(ManyProjects, WhatIsNotKeptIsReadAgain) {
  const auto kept = lint(request(SIZE_MAX)), read_again = lint(request(10));
  EXPECT_EQ(summary(kept), summary(read_again));
  EXPECT_EQ(kept.files, read_again.files);
  EXPECT_THAT(summary(kept), Contains(HasSubstr("SYN001")).Times(kProjects));
  EXPECT_THAT(summary(read_again), Not(Contains(HasSubstr("no file"))));
}

TEST_F(ManyProjects, ThreadsChangeNothing) {
  LintRequest one = request(SIZE_MAX), many = request(SIZE_MAX);
  many.threads = 4;
  EXPECT_EQ(summary(lint(one)), summary(lint(many)));
  // One project, in which there is something to do for several threads at each stage.
  for (int i = 0; i < 100; ++i) {
    const std::string name = "p0/many/n" + std::to_string(i);
    write(name + ".sh",
          i % 3 == 0 ? "if then\n" : "#!/bin/bash\npython3 x.py | tee log && echo ok\n");
    write(name + ".py", i % 3 == 0 ? "def (:\n"
                        : i % 3 == 1
                            ? "import wandb\nif __name__ == '__main__':\n    wandb.init()\n"
                            : "KEY = 'hf_qZ7rT2mXw9KpL4vNs8JdBy3HcFgE6uWaPk'\n");
  }
  one.paths = many.paths = {(root_ / "p0").string()};
  const auto found = summary(lint(many));
  EXPECT_EQ(summary(lint(one)), found);
  for (const char* rule : {"PFL002", "ENV001", "SEC001"})
    EXPECT_THAT(found, Contains(HasSubstr(rule)).Times(::testing::Ge(33))) << rule;
}

TEST_F(ManyProjects, WhatIsGoneWhenItIsReadAgainIsSaid) {
  const Project project(request(10));
  fs::remove(root_ / "p0/run.sh");
  fs::resize_file(root_ / "p1/run.sh", 12);
  const auto found = summary(lint(project, {}));
  const std::string gone = "PFL003 " + (root_ / "p0/run.sh").string();
  EXPECT_THAT(found, Contains(HasSubstr(gone)).Times(1));
  EXPECT_THAT(found, Contains(HasSubstr("PFL003")).Times(1));
  EXPECT_THAT(found, Contains(HasSubstr("SYN001")).Times(kProjects - 2));
}

TEST_F(ManyProjects, StandardInputStandsForItsFile) {
  LintRequest one = request(10);
  one.input = std::make_shared<const File>(File{(root_ / "p0/run.sh").string(), FileKind::shell,
                                                "cp best.pth /root/autodl-fs/; echo saved\n"});
  EXPECT_THAT(summary(lint(std::move(one))), Contains(HasSubstr("echo saved")));
}

TEST_F(ManyProjects, OnesThatAreLeftOutStayOutWithAConfigurationOfTheirOwn) {
  write("preflint.yaml", "exclude: ['p1/**', 'p[2-8]']\n");
  for (const char* folder : {"p0", "p1", "p2"})
    write(std::string(folder) + "/preflint.yaml", "profile: autodl\n");
  const auto found = summary(lint(request(SIZE_MAX)));
  EXPECT_THAT(found, Contains(HasSubstr("/p0/")));
  EXPECT_THAT(found, Not(Contains(HasSubstr("/p1/"))));
  EXPECT_THAT(found, Not(Contains(HasSubstr("/p2/"))));
  LintRequest one = request(SIZE_MAX);
  one.paths = {(root_ / "p1").string()};
  EXPECT_THAT(summary(lint(std::move(one))), Contains(HasSubstr("/p1/")));
}

TEST_F(ManyProjects, AFolderWithScriptsOfItsOwnIsOneProject) {
  write("all.sh", "for i in 1 2; do bash p$i/run.sh; done\n");
  EXPECT_EQ(Project(request(SIZE_MAX)).groups().size(), 1u);
}

TEST_F(ManyProjects, ARepositoryIsOneProject) {
  fs::create_directories(root_ / ".git");
  EXPECT_EQ(Project(request(SIZE_MAX)).groups().size(), 1u);
}

}  // namespace
}  // namespace preflint::workspace
