#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "catalog/setup.h"
#include "engine/engine.h"
#include "support/lint.h"

namespace preflint {
namespace {

using ::testing::Contains;
using ::testing::Not;

/// A script in which SYN003 and NET001 find something.
const testing::Files kFiles = {{"train.sh",
                                "#!/bin/bash\n"
                                "git clone https://github.com/a/b\n"
                                "python train.py | tee log.txt && echo done\n"}};

/// The request for it, with a rule that breaks off as soon as it is applied.
engine::Request request_of(const testing::MemoryReader& reader, std::string_view breaking) {
  static const auto setup = catalog::default_setup("/project");
  engine::Request request;
  request.root = "/project";
  request.files = reader.linted();
  request.reader = &reader;
  request.config = &setup->config;
  request.profile = setup->profile;
  // The first question only tells what has to be looked at.
  request.selected = [breaking,
                      asked = std::map<std::string, int>()](const catalog::Rule& rule) mutable {
    if (rule.id == breaking && ++asked[std::string(rule.id)] == 2)
      throw std::out_of_range("planted");
    return true;
  };
  return request;
}

std::vector<std::string> rules_in(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& finding : findings) out.emplace_back(finding.rule);
  return out;
}

TEST(Faults, OfOneRuleLeaveWhatOthersFind) {
  const testing::MemoryReader reader(kFiles);
  ASSERT_THAT(rules_in(engine::analyse(request_of(reader, ""))), Contains("NET001"));
  engine::Request request = request_of(reader, "NET001");
  std::vector<engine::Fault> faults;
  request.fault = [&](const engine::Fault& fault) { faults.push_back(fault); };
  const auto found = rules_in(engine::analyse(request));
  EXPECT_THAT(found, Contains("SYN003"));
  EXPECT_THAT(found, Not(Contains("NET001")));
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].rule, "NET001");
  EXPECT_EQ(faults[0].root, "/project");
  EXPECT_EQ(faults[0].what, "planted");
}

TEST(Faults, AreThrownWhereNobodyIsTold) {
  const testing::MemoryReader reader(kFiles);
  EXPECT_THROW(engine::analyse(request_of(reader, "NET001")), std::out_of_range);
}

}  // namespace
}  // namespace preflint
