#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace preflint::lsp {

using Clock = std::chrono::steady_clock;

/// Hands values from several threads to one. Whoever pushes waits while it is full, so that a flood
/// of input stays in the pipe instead of in memory.
template <typename T>
class Queue {
 public:
  explicit Queue(size_t capacity) : capacity_(capacity) {}

  void push(T value) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return closed_ || values_.size() < capacity_; });
    values_.push_back(std::move(value));
    filled_.notify_one();
  }
  /// Never waits: for the values that empty the queue in the end.
  void push_now(T value) {
    const std::lock_guard lock(mutex_);
    values_.push_back(std::move(value));
    filled_.notify_one();
  }
  /// The next value; nothing when `until` has passed.
  std::optional<T> pop(std::optional<Clock::time_point> until) {
    std::unique_lock lock(mutex_);
    const auto ready = [&] { return !values_.empty(); };
    if (!until) {
      filled_.wait(lock, ready);
    } else if (!filled_.wait_until(lock, *until, ready)) {
      return std::nullopt;
    }
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    room_.notify_one();
    return value;
  }
  /// Lets everyone go on who waits to push.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    room_.notify_all();
  }

 private:
  size_t capacity_;
  std::mutex mutex_;
  std::condition_variable filled_, room_;
  std::deque<T> values_;
  bool closed_ = false;
};

}  // namespace preflint::lsp
