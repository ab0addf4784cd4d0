#include "project/order.h"

namespace preflint::project {

std::optional<bool> happens_before(const Run& first, int first_command, const Run& second,
                                   int second_command) {
  int at = first_command;
  for (const Run* one = &first; one; at = one->launch_command, one = one->parent) {
    int other_at = second_command;
    for (const Run* other = &second; other;
         other_at = other->launch_command, other = other->parent) {
      if (one == other) return at < other_at || (at == other_at && first.index < second.index);
    }
  }
  return std::nullopt;
}

}  // namespace preflint::project
