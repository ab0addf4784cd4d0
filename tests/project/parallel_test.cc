#include "project/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace preflint::project {
namespace {

TEST(ForEachNumber, ComesToEachOnce) {
  for (const size_t count : {0, 1, 15, 64, 65, 1000}) {
    std::vector<std::atomic<int>> seen(count);
    for_each_number(count, 4, [&](size_t i) { ++seen[i]; });
    for (const auto& times : seen) EXPECT_EQ(times, 1) << count;
  }
}

TEST(ForEachNumber, ThrowsWhatAThreadThrows) {
  std::atomic<int> done = 0;
  const auto work = [&](size_t i) {
    if (i == 77) throw std::runtime_error("77");
    ++done;
  };
  EXPECT_THROW(for_each_number(1000, 4, work, 1), std::runtime_error);
  EXPECT_LT(done, 1000);
}

}  // namespace
}  // namespace preflint::project
