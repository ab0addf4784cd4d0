#include "project/local_builds.h"

#include <algorithm>

#include "base/text.h"
#include "project/guides.h"
#include "project/image_pins.h"

namespace preflint::project {

const req::Specifier* local_pin(const req::Requirement& requirement) {
  if (!requirement.url.empty()) return nullptr;
  const req::Specifier* exact = requirement.specifiers.exact();
  if (!exact || !exact->readable || exact->version.local.empty()) return nullptr;
  return exact;
}

bool asks_other_index(const Install& install) {
  if (install.no_index) return true;
  return std::any_of(install.indexes.begin(), install.indexes.end(), [](const Value& value) {
    const auto url = value.constant();
    // Mirrors of PyPI have what PyPI has.
    return !url || (!url->ends_with("/simple") && !url->ends_with("/simple/"));
  });
}

bool unserved(const Install& install, const InstalledPackage& package) {
  return (install.tool == Install::pip || install.tool == Install::uv_pip) &&
         install.action == Install::install && local_pin(package.line.requirement) &&
         !asks_other_index(install);
}

namespace {

/// `pip install -r requirements.txt --extra-index-url https://…/whl/cu118` in a guide.
bool told_with_index(const Context& context, const DependencyFile& file, const std::string& local) {
  const std::string name = paths::basename(file.file->path);
  const auto& guides = context.shared<Guides>().files;
  return std::any_of(guides.begin(), guides.end(), [&](const auto& guide) {
    const std::string_view text = guide->bytes;
    for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
      const size_t begin = text.rfind('\n', at) + 1;  // 0 where there is none
      const std::string_view line = text.substr(begin, text.find('\n', at) - begin);
      if (line.find("install") != std::string_view::npos &&
          line.find(local) != std::string_view::npos)
        return true;
    }
    return false;
  });
}

}  // namespace

bool unserved(const Context& context, const DependencyFile& file, const Dependency& entry) {
  const req::Specifier* pin = local_pin(entry.requirement);
  if (!pin || entry.form == Dependency::conda || !entry.index.empty()) return false;
  if (context.shared<ImagePins>().satisfies(entry.requirement)) return false;
  const auto& dependencies = context.shared<Dependencies>();
  for (const DependencyFile* each : dependencies.with_includes(file)) {
    if (!each->indexes.empty()) return false;
  }
  for (const auto& use : dependencies.uses(file.file->path)) {
    const DependencyFile* top = dependencies.file(use.file->path);
    if (asks_other_index(*use.install) || (top && !top->indexes.empty())) return false;
  }
  // `# pip install torch --index-url …/whl/cu128` first: then the file finds it installed.
  if (told_with_index(context, file, pin->version.local_text())) return false;
  return find_text(file.file->bytes, "/whl/" + pin->version.local_text()) == std::string_view::npos;
}

}  // namespace preflint::project
