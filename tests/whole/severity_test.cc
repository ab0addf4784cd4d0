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
  const auto found = lint(files, {.config = std::move(config), .only = rule});
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

}  // namespace
}  // namespace preflint::testing
