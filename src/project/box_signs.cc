#include "project/box_signs.h"

#include <algorithm>

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

FewScripts::FewScripts(const Context& context) {
  constexpr int kFew = 25;
  const auto& files = context.program().files;
  found = std::count_if(files.begin(), files.end(), [](const auto& file) {
            return file->kind == FileKind::shell || file->kind == FileKind::notebook ||
                   (file->kind == FileKind::python &&
                    file->bytes.find("__main__") != std::string::npos);
          }) <= kFew;
}

}  // namespace preflint::project
