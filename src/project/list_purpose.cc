#include "project/list_purpose.h"

#include <re2/re2.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/one_of.h"
#include "base/text.h"
#include "catalog/profile.h"
#include "project/box_signs.h"
#include "project/guide_steps.h"
#include "project/guides.h"
#include "project/upkeep.h"

namespace preflint::project {
namespace {

/// The folders of a project, with those around them, in which some file names the platform.
struct NamingFolders {
  explicit NamingFolders(const Context& context) {
    const std::string& root = context.program().root;
    const auto take = [&](const File& file) {
      for (std::string folder = paths::dirname(file.path); folder.size() > root.size();
           folder = paths::dirname(folder))
        folders.insert(folder);
      any = true;
    };
    const auto& naming = context.shared<NamingFiles>();
    for (const auto& file : context.program().files) {
      if (naming.hold(*file)) take(*file);
    }
    for (const auto& guide : context.shared<Guides>().files) {
      if (meant_for_platform(guide->bytes, context.profile())) take(*guide);
    }
  }
  std::set<std::string> folders;
  bool any = false;
};

/// The folder that a list is of: `demo` for `demo/requirements/gpu.txt`.
std::string folder_of(const std::string& path) {
  const std::string folder = paths::dirname(path);
  const bool of_lists = one_of(lower(paths::basename(folder)),
                               {"requirements", "requirement", "reqs", "deps", "dependencies",
                                "env", "envs", "environment", "environments", "install", "setup"});
  return of_lists ? paths::dirname(folder) : folder;
}

/// `# Isolated RAG environment`, `# 单独的虚拟环境`.
bool head_tells(const File& file) {
  static const RE2 kOwn(
      R"((?i)\b(?:isolated|separate|dedicated|standalone|virtual|venv|conda)\b[^\n]*\benv(?:ironment)?s?\b|\bvirtualenv\b|\bvenv\b|(?:虚拟|独立|单独|隔离)的?[^\n]{0,24}环境)");
  if (file.kind != FileKind::requirements) return false;
  const std::string_view head = head_comment(file.bytes);
  return RE2::PartialMatch(head, kOwn);
}

/// `requires-python = ">=3.11,<3.12"`, which every image's pip would refuse.
bool wants_other_python(const DependencyFile& file, const catalog::Profile& profile) {
  static const RE2 kPython(R"re((?m)^requires-python\s*=\s*["']([^"'\n]+)["'])re");
  std::string text;
  if (file.file->kind != FileKind::pyproject || profile.images.empty() ||
      !RE2::PartialMatch(file.file->bytes, kPython, &text))
    return false;
  const auto specifiers = req::Specifiers::parse(text);
  if (!specifiers) return false;
  return std::none_of(profile.images.begin(), profile.images.end(), [&](const auto& image) {
    const auto python = req::Version::parse(image.python);
    return !python || specifiers->contains(*python, true);
  });
}

bool installed_by_project(const Context& context, const std::string& path) {
  return !context.shared<Dependencies>().uses(path).empty() ||
         context.shared<GuideSteps>().installed_plainly(path);
}

/// Does it lie in a folder of which no file names the platform while others of the project do?
bool in_other_folder(const Context& context, const std::string& folder) {
  if (folder.size() <= context.program().root.size() ||
      context.shared<GuideSteps>().names_image(folder))
    return false;
  const auto& naming = context.shared<NamingFolders>();
  return naming.any && !naming.folders.contains(folder);
}

/// `ocr-requirements-freeze.txt`, `provenance/gpu.txt`, and `requirements-lock.txt` beside the list
/// that it was made from.
bool named_as_record(const File& file, const Reader& reader) {
  if (file.kind != FileKind::requirements) return false;
  const std::string folder = paths::dirname(file.path);
  const std::string name = lower(paths::basename(file.path));
  if (holds_any(lower(paths::basename(folder)), {"provenance", "snapshot"}) ||
      holds_any(name, {"freeze", "frozen"}))
    return true;
  static const RE2 kLock(R"((.+)[-_.]lock(?:ed)?\.txt)");
  std::string of;
  return RE2::FullMatch(name, kLock, &of) &&
         (reader.exists(folder + "/" + of + ".in") || reader.exists(folder + "/" + of + ".txt"));
}

}  // namespace

bool for_another_environment(const Context& context, const DependencyFile& file) {
  const std::string& path = file.file->path;
  if (installed_by_project(context, path)) return false;
  if (head_tells(*file.file) || wants_other_python(file, context.profile())) return true;
  if (lower(paths::basename(path)).find("dev") != std::string::npos) return true;
  const std::string folder = folder_of(path);
  if (file.file->kind == FileKind::pyproject &&
      context.program().reader->exists(folder + "/uv.lock"))
    return true;
  return in_other_folder(context, folder);
}

bool left_aside(const Context& context, const DependencyFile& file) {
  const std::string& path = file.file->path;
  return in_other_folder(context, folder_of(path)) && !context.shared<FewScripts>().found &&
         !installed_by_project(context, path);
}

bool record_of_environment(const Context& context, const DependencyFile& file) {
  const Reader& reader = *context.program().reader;
  const std::string& path = file.file->path;
  if (!named_as_record(*file.file, reader) || installed_by_project(context, path) ||
      context.shared<Guides>().tell_to_install(paths::basename(path)))
    return false;
  const auto& lists = context.shared<Dependencies>().files();
  return std::any_of(lists.begin(), lists.end(), [&](const DependencyFile& other) {
    return !other.entries.empty() && !named_as_record(*other.file, reader);
  });
}

}  // namespace preflint::project
