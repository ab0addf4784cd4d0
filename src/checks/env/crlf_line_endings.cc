#include <algorithm>

#include "base/text.h"
#include "project/context.h"
#include "project/upkeep.h"

namespace preflint::checks {

namespace {

bool kept_for_others(const project::Context& context, const File& file) {
  const project::Program& program = context.program();
  return project::kept_for_others(file, program.root, context.profile(), *program.reader,
                                  context.shared<project::OwnFolders>());
}

/// Does a text of the box name the script?
bool started(const project::Context& context, const File& script) {
  const auto& files = context.program().files;
  const std::string name = paths::basename(script.path);
  return std::any_of(files.begin(), files.end(), [&](const auto& file) {
    return file->path != script.path && find_text(file->bytes, name) != std::string_view::npos &&
           !kept_for_others(context, *file);
  });
}

}  // namespace

void crlf_line_endings(project::Context& context) {
  for (const auto& file : context.program().files) {
    if (file->kind != FileKind::shell) continue;
    const std::string_view text = file->bytes;
    const size_t first = text.find("\r\n");
    if (first == std::string_view::npos) continue;
    if (kept_for_others(context, *file) && !started(context, *file)) continue;
    const size_t newline = first == 0 ? std::string_view::npos : text.rfind('\n', first - 1);
    const size_t start = newline == std::string_view::npos ? 0 : newline + 1;
    Finding& finding =
        context.report(*file, {static_cast<uint32_t>(start), static_cast<uint32_t>(first + 1)});
    if (text.starts_with("#!") && start == 0) {
      finding.message = "shebang";
      finding.arguments["interpreter"] = std::string(text.substr(2, first - 2));
    }
    const Source source(*file);
    for (size_t at = first; at != std::string_view::npos; at = text.find("\r\n", at + 1)) {
      context.edit(finding, source, {static_cast<uint32_t>(at), static_cast<uint32_t>(at) + 1}, "");
    }
  }
}

}  // namespace preflint::checks
