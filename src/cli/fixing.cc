#include "cli/fixing.h"

#include <unistd.h>

#include <algorithm>

#include "cli/emit.h"
#include "cli/write_file.h"
#include "engine/engine.h"
#include "output/diff.h"
#include "output/width.h"

namespace preflint::cli {
namespace {

/// A control character would make `patch` take another file, and a terminal obey.
std::string shown_name(const std::string& path, const std::string& directory) {
  return output::visible(output::relative(path, directory));
}

/// The folder that a file's symlinks may not leave.
std::string root_of(const std::string& path, const workspace::Project& project) {
  for (const workspace::Group& group : project.groups()) {
    const auto it = std::lower_bound(
        group.files.begin(), group.files.end(), path,
        [](const auto& file, const std::string& wanted) { return file->path < wanted; });
    if (it != group.files.end() && (*it)->path == path) return group.root;
  }
  return path.substr(0, path.rfind('/'));
}

}  // namespace

Fixing work_out(const CheckOptions& options, const workspace::Project& project,
                const workspace::LintResult& result, const Narrow& narrow,
                const output::Report& report) {
  const auto overlay_of = [&](const engine::Contents& contents) {
    workspace::Overlay overlay;
    for (const auto& [path, text] : contents) {
      if (const auto file = result.file(path)) {
        overlay[path] = std::make_shared<const File>(File{path, file->kind, text});
      }
    }
    return overlay;
  };
  const engine::LintRound round = [&](const engine::Contents& contents) {
    workspace::LintResult now = workspace::lint(project, overlay_of(contents));
    output::Report seen = report;
    seen.file = [&](const std::string& path) { return now.file(path); };
    narrow.apply(now.findings, seen, result, options.severity);
    return std::move(now.findings);
  };
  // Only what was named is touched, and configuration is not ours to mend.
  const engine::FileLookup file = [&](const std::string& path) -> std::shared_ptr<const File> {
    const auto it = result.known.find(path);
    const bool ours =
        it != result.known.end() && project.in_focus(path) && it->second->kind != FileKind::config;
    return ours ? it->second : nullptr;
  };
  Fixing out;
  out.changed = overlay_of(engine::fix_all(round, options.unsafe_fixes, file, &out.count));
  return out;
}

void write_fixes(Fixing& fixing, const workspace::Project& project,
                 const workspace::LintResult& result) {
  std::erase_if(fixing.changed, [&](const auto& entry) {
    const auto& [path, file] = entry;
    const auto why =
        replace_file(path, root_of(path, project), result.file(path)->bytes, file->bytes);
    if (!why) return false;
    const std::string name = output::relative(path, result.root);
    complain({name + ": not fixed: " + why->en, name + "：未修复：" + why->zh});
    return fixing.failed = true;
  });
}

std::string diff_of(const Fixing& fixing, const workspace::LintResult& result,
                    const std::string& directory) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  std::string out;
  for (const auto& [path, file] : fixing.changed) {
    const std::string one =
        output::unified_diff(result.file(path)->bytes, file->bytes, shown_name(path, directory));
    if (!terminal) {
      out += one;
      continue;
    }
    for (size_t at = 0; at < one.size();) {
      const size_t end = std::min(one.find('\n', at), one.size());
      out += output::visible(std::string_view(one).substr(at, end - at)) + "\n";
      at = end + 1;
    }
  }
  return out;
}

}  // namespace preflint::cli
