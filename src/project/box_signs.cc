#include "project/box_signs.h"

#include "project/builder.h"
#include "project/upkeep.h"

namespace preflint::project {

bool box_shown(const Context& context, const Run& run, const File& file) {
  if (run.root().shell || run.over_ssh) return true;
  const File& first = run.root().unit->file();
  const auto named = [&](const File& one) {
    return meant_for_platform(one.bytes, context.profile());
  };
  return named(first) || (&file != &first && named(file)) ||
         matches_any(context.config().sites.instance, context.config().folder, first.path);
}

}  // namespace preflint::project
