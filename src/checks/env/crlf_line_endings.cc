#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "project/context.h"
#include "project/upkeep.h"

namespace preflint::checks {

namespace {

bool kept_for_others(const project::Context& context, const File& file) {
  const project::Program& program = context.program();
  return project::kept_for_others(file, program.root, context.profile(), *program.reader,
                                  context.shared<project::OwnFolders>());
}

/// The names of scripts that some text of the box names, as far as such a name says which.
std::set<std::string, std::less<>> started(const project::Context& context) {
  std::set<std::string, std::less<>> out;
  for (const auto& file : context.program().files) {
    if (kept_for_others(context, *file)) continue;
    const std::string_view text = file->bytes;
    constexpr std::string_view kBetween = " \t\r\n\"'`/\\;&|()<>{}[]=,:";
    for (size_t at = text.find_first_not_of(kBetween); at != std::string_view::npos;) {
      const size_t end = std::min(text.find_first_of(kBetween, at), text.size());
      const std::string_view word = text.substr(at, end - at);
      if (word.ends_with("sh") && word.find('.') != std::string_view::npos) out.emplace(word);
      at = text.find_first_not_of(kBetween, end);
    }
  }
  return out;
}

}  // namespace

void crlf_line_endings(project::Context& context) {
  std::optional<std::set<std::string, std::less<>>> named;  // asked for where it matters
  for (const auto& file : context.program().files) {
    if (file->kind != FileKind::shell) continue;
    const std::string_view text = file->bytes;
    const size_t first = text.find("\r\n");
    if (first == std::string_view::npos) continue;
    if (kept_for_others(context, *file)) {
      if (!named) named = started(context);
      if (!named->contains(paths::basename(file->path))) continue;
    }
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
