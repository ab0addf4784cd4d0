#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace preflint::project {

/// Does one thing for each number below `count`, on up to `threads` threads when there is enough to
/// do: more than four times `batch`, which a thread takes at once. The work for different numbers
/// must not touch the same data. What it throws ends all of it and is thrown here.
template <typename Work>
void for_each_number(size_t count, unsigned threads, const Work& work, size_t batch = 16) {
  std::atomic<size_t> next = 0;
  std::exception_ptr thrown;
  std::mutex throwing;
  const auto run = [&] {
    try {
      for (size_t begin; (begin = next.fetch_add(batch)) < count;) {
        for (size_t i = begin; i < std::min(begin + batch, count); ++i) work(i);
      }
    } catch (...) {
      next = count;
      const std::lock_guard lock(throwing);
      if (!thrown) thrown = std::current_exception();
    }
  };
  std::vector<std::thread> helpers;
  if (count > 4 * batch) {
    const size_t most = std::min<size_t>(threads, count / batch);
    helpers.reserve(most);
    try {
      while (helpers.size() + 1 < most) helpers.emplace_back(run);
    } catch (const std::system_error&) {
      // The system has no more threads to give: those that are there do it.
    }
  }
  run();
  for (std::thread& helper : helpers) helper.join();
  if (thrown) std::rethrow_exception(thrown);
}

/// How many texts a thread takes at once to parse them.
constexpr size_t kParsedAtOnce = 4;

}  // namespace preflint::project
