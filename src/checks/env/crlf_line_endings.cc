#include "project/context.h"

namespace preflint::checks {

void crlf_line_endings(project::Context& context) {
  for (const auto& file : context.program().files) {
    if (file->kind != FileKind::shell) continue;
    const std::string_view text = file->bytes;
    const size_t first = text.find("\r\n");
    if (first == std::string_view::npos) continue;
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
