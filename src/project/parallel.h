#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace preflint::project {

/// Does one thing for each number below `count`, on up to `threads` threads when there is enough to
/// do. The work for different numbers must not touch the same data.
template <typename Work>
void for_each_number(size_t count, unsigned threads, const Work& work) {
  constexpr size_t kBatch = 16;
  std::atomic<size_t> next = 0;
  const auto run = [&] {
    for (size_t begin; (begin = next.fetch_add(kBatch)) < count;) {
      for (size_t i = begin; i < std::min(begin + kBatch, count); ++i) work(i);
    }
  };
  std::vector<std::thread> helpers;
  if (count > 4 * kBatch) {
    const size_t most = std::min<size_t>(threads, count / kBatch);
    try {
      while (helpers.size() + 1 < most) helpers.emplace_back(run);
    } catch (const std::system_error&) {
      // The system has no more threads to give: those that are there do it.
    }
  }
  run();
  for (std::thread& helper : helpers) helper.join();
}

}  // namespace preflint::project
