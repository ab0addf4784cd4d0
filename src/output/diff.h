#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace preflint::output {

/// Lines that differ: those of the old text that go and those of the new one that come, counted
/// from 0.
struct Change {
  uint32_t old_begin = 0, old_end = 0;
  uint32_t new_begin = 0, new_end = 0;
  friend bool operator==(const Change&, const Change&) = default;
};

/// The fewest changes that lead from one text to the other, in order. Texts that differ in more
/// than some thousand lines come out as one change.
std::vector<Change> changes(std::string_view before, std::string_view after);

/// The same as `diff -u` prints it, for `patch`; "" when nothing differs.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view name);

}  // namespace preflint::output
