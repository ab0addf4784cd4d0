// Requirements files as pip reads them.
#include "model/requirements/file.h"

#include <gtest/gtest.h>

#include <string>

namespace preflint::req {
namespace {

std::string shown(const std::string& text) {
  std::string out;
  for (const Line& line : read_requirements(text).lines) {
    static constexpr const char* kKinds[] = {"requirement", "link",   "editable", "include",
                                             "constraint",  "option", "invalid"};
    out += kKinds[static_cast<size_t>(line.kind)];
    out += " [" + text.substr(line.span.begin, line.span.size()) + "]";
    if (!line.requirement.project.empty())
      out += " " + line.requirement.project + line.requirement.specifiers.str();
    if (!line.option.empty()) out += " " + line.option;
    if (!line.target.empty()) out += " " + line.target;
    out += "\n";
  }
  return out;
}

TEST(RequirementsFile, ReadsEveryKindOfLine) {
  EXPECT_EQ(
      shown("\xEF\xBB\xBFnumpy  # a comment\n"
            "-r more/base.txt\r\n--requirement=other.txt\n-c constraints.txt # limits\n"
            "--index-url https://pypi.example/simple\n-i "
            "https://x/simple\n--extra-index-url=https://y/\n-f wheels\n"
            "-e git+https://github.com/a/b.git#egg=Foo_Bar\n"
            "git+https://github.com/c/d\n./local/pkg\nwheels/"
            "torch-2.1.0+cu118-cp310-cp310-linux_x86_64.whl\n"
            "torch @ https://x.org/torch-2.3.1-cp312-cp312-linux_x86_64.whl\n"
            "torch==${TORCH_VERSION}\n--pre\n"),
      "requirement [numpy] numpy\n"
      "include [-r more/base.txt] --requirement more/base.txt\n"
      "include [--requirement=other.txt] --requirement other.txt\n"
      "constraint [-c constraints.txt] --constraint constraints.txt\n"
      "option [--index-url https://pypi.example/simple] --index-url https://pypi.example/simple\n"
      "option [-i https://x/simple] --index-url https://x/simple\n"
      "option [--extra-index-url=https://y/] --extra-index-url https://y/\n"
      "option [-f wheels] --find-links wheels\n"
      "editable [-e git+https://github.com/a/b.git#egg=Foo_Bar] foo-bar --editable "
      "git+https://github.com/a/b.git#egg=Foo_Bar\n"
      "link [git+https://github.com/c/d] git+https://github.com/c/d\n"
      "link [./local/pkg] ./local/pkg\n"
      "link [wheels/torch-2.1.0+cu118-cp310-cp310-linux_x86_64.whl] torch==2.1.0+cu118 "
      "wheels/torch-2.1.0+cu118-cp310-cp310-linux_x86_64.whl\n"
      "requirement [torch @ https://x.org/torch-2.3.1-cp312-cp312-linux_x86_64.whl] torch==2.3.1 "
      "https://x.org/torch-2.3.1-cp312-cp312-linux_x86_64.whl\n"
      "option [torch==${TORCH_VERSION}]\n"
      "option [--pre] --pre\n");
}

TEST(RequirementsFile, JoinsContinuationsAndPassesHashes) {
  const std::string text =
      "torch==2.3.1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nnumpy>=1, \\\n  <2\n# c "
      "\\\nscipy\n";
  const auto file = read_requirements(text);
  ASSERT_EQ(file.lines.size(), 3U);
  EXPECT_EQ(file.lines[0].requirement.specifiers.str(), "==2.3.1");
  EXPECT_EQ(
      text.substr(file.lines[0].whole.begin, file.lines[0].whole.size()).find("sha256:bb\n") !=
          std::string::npos,
      true);
  EXPECT_EQ(file.lines[1].requirement.specifiers.str(), ">=1,<2");
  EXPECT_EQ(text.substr(file.lines[1].specifier_span.begin, file.lines[1].specifier_span.size()),
            ">=1, \\\n  <2");
  EXPECT_EQ(file.lines[2].requirement.project, "scipy");
}

TEST(RequirementsFile, PlacesErrors) {
  const std::string text = "numpy==\n  torch >=1, \\\n   nonsense\n";
  const auto file = read_requirements(text);
  ASSERT_EQ(file.lines.size(), 2U);
  EXPECT_EQ(file.lines[0].kind, LineKind::invalid);
  EXPECT_EQ(file.lines[0].reason_span, (Span{5, 7}));
  EXPECT_EQ(file.lines[1].kind, LineKind::invalid);
  EXPECT_EQ(text.substr(file.lines[1].reason_span.begin, 8), "nonsense");
}

TEST(RequirementsFile, KnowsCondaExports) {
  EXPECT_TRUE(
      read_requirements(
          "# This file may be used to create an environment using:\n_libgcc_mutex=0.1=main\n")
          .conda_export);
  EXPECT_TRUE(read_requirements("a=1=x\nb=2=y\nc=3=z\nd=4=w\n").conda_export);
  EXPECT_FALSE(read_requirements("numpy=1.2\ntorch==2.0\n").conda_export);
}

TEST(RequirementsFile, TextForPeople) {
  EXPECT_TRUE(read_requirements("The job has to end by itself.\n\n---\n必须说明原因\n"
                                "Write each file to the data disk.\nNo more than one GPU.\ntorch\n")
                  .prose);
  EXPECT_TRUE(
      read_requirements("# 目标\n本文说明工作要求。\n- one GPU, CUDA >= 12\n- 先理解已有内容\n"
                        "  - open weights\n1. Next step\n```md\nskills\n")
          .prose);
  EXPECT_FALSE(read_requirements("- numpy\n- torch\nscipy\npandas==2.0\ntqdm\n").prose);
  EXPECT_FALSE(read_requirements("numpy =1.2\npip install torch\nscipy>=1.0,*\npandas <> 2\n"
                                 "tqdm 4.0\n")
                   .prose);
}

TEST(RequirementsFile, StandsHostileInput) {
  EXPECT_EQ(read_requirements(std::string(8'000'000, 'x')).lines[0].kind, LineKind::invalid);
  EXPECT_TRUE(read_requirements(std::string(1'000'000, '\\')).lines.size() == 1);
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "a\n";
  EXPECT_TRUE(read_requirements(many).truncated);
  read_requirements(std::string("torch; ") + std::string(60'000, '('));
}

TEST(RequirementsFile, EmptyAndOddEnds) {
  EXPECT_TRUE(read_requirements("").lines.empty());
  EXPECT_TRUE(read_requirements("\n\r\n  \n# x").lines.empty());
  EXPECT_EQ(read_requirements("torch \\").lines.size(), 1U);
  EXPECT_EQ(read_requirements("a\rb\rc").lines.size(), 3U);
}

}  // namespace
}  // namespace preflint::req
