#include "cli/progress.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace preflint::cli {

Progress::Progress(bool wanted) {
  if (wanted && ::isatty(STDERR_FILENO) == 1) thread_ = std::thread([this] { run(); });
}

void Progress::done() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Progress::run() {
  std::unique_lock lock(mutex_);
  int seconds = 1;
  for (; !changed_.wait_for(lock, std::chrono::seconds(1), [this] { return done_; }); ++seconds) {
    std::fprintf(stderr, "\r\x1b[Kpreflint: linting, %d s", seconds);
  }
  if (seconds > 1) std::fputs("\r\x1b[K", stderr);
}

}  // namespace preflint::cli
