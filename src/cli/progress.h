#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

namespace preflint::cli {

/// A line on stderr that says that work goes on, while it lives: after a second, and only on a
/// terminal. It is gone before anything else is printed once `done` was called.
class Progress {
 public:
  explicit Progress(bool wanted);
  ~Progress() { done(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void done();

 private:
  void run();
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace preflint::cli
