#pragma once

#include <cstddef>
#include <cstdint>

namespace preflint {

/// What operations on long texts and lists have cost on this thread, in bytes that were copied or
/// compared. The interpreters look at it before each of their steps, so that one step over a long
/// text counts for as many as it costs; whoever runs many of them sees what they cost together. It
/// depends on the program alone, never on a clock: the same input ends at the same place.
class Work {
 public:
  static constexpr size_t kPiece = 128;    // a piece of a text
  static constexpr size_t kItem = 128;     // an element of a list, a slot of a scope
  static constexpr uint64_t kStep = 2048;  // what one step of an interpreter is worth

  static void done(size_t bytes) { total_ += bytes; }

  /// The steps that the work since the last question is worth.
  class Meter {
   public:
    Meter() : seen_(total_) {}
    uint64_t steps() {
      const uint64_t steps = (total_ - seen_) / kStep;
      seen_ += steps * kStep;
      return steps;
    }

   private:
    uint64_t seen_;
  };

 private:
  static inline thread_local uint64_t total_ = 0;
};

}  // namespace preflint
