#include "base/finding.h"

#include <tuple>

namespace preflint {

bool before(const Finding& a, const Finding& b) {
  return std::tie(a.place.path, a.place.span.begin, a.rule, a.place.span.end, a.message,
                  a.arguments) < std::tie(b.place.path, b.place.span.begin, b.rule,
                                          b.place.span.end, b.message, b.arguments);
}

}  // namespace preflint
