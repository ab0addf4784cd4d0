#include "project/local_builds.h"

#include <re2/re2.h>

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

/// `pip install -r requirements.txt --extra-index-url https://…/whl/cu118` in a guide, or the same
/// with just that release, `torch==2.1.0`, in place of the list, which is met then.
bool told_with_index(const Context& context, const DependencyFile& file, const Dependency& entry,
                     const req::Version& version) {
  static const RE2 kIndex(R"(--index-url|--extra-index-url|--find-links|\s-[if]\s)");
  const std::string list = paths::basename(file.file->path), local = version.local_text();
  const std::string release = entry.requirement.name + "==" + version.public_part().str();
  const auto tells = [&](std::string_view command) {
    return command.find(" install ") != std::string_view::npos &&
           command.find(local) != std::string_view::npos &&
           (command.find(list) != std::string_view::npos ||
            command.find(release) != std::string_view::npos) &&
           RE2::PartialMatch(re2::StringPiece(command.data(), command.size()), kIndex);
  };
  const auto& guides = context.shared<Guides>().files;
  return std::any_of(guides.begin(), guides.end(), [&](const auto& guide) {
    std::string command;
    for (std::string_view rest = guide->bytes; !rest.empty();) {
      const std::string_view line = trimmed(take_line(rest));
      constexpr size_t kLongest = 4'000;
      const bool goes_on = line.ends_with('\\') && command.size() < kLongest;
      (command += line.substr(0, line.size() - (goes_on ? 1 : 0))) += ' ';
      if (goes_on) continue;
      if (tells(command)) return true;
      command.clear();
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
  if (told_with_index(context, file, entry, pin->version)) return false;
  return find_text(file.file->bytes, "/whl/" + pin->version.local_text()) == std::string_view::npos;
}

}  // namespace preflint::project
