#include "project/framework_filters.h"

#include <algorithm>
#include <set>

#include "base/one_of.h"
#include "project/context.h"

namespace preflint::project {
namespace {

using req::Line;
using req::LineKind;

constexpr std::string_view kAfterName = "([^A-Za-z0-9._-]|$)";

/// Constraints of the install for a project: nothing when one of the files is not known.
std::optional<req::Specifiers> constraints_for(const Install& install, const std::string& project) {
  req::Specifiers out;
  for (const InstalledFile& file : install.files) {
    if (file.how != InstalledFile::constraints) continue;
    if (!file.content || !file.content->known) return std::nullopt;
    for (const Line& line : req::read_requirements(file.content->text).lines) {
      if (line.requirement.project == project) out = out.and_also(line.requirement.specifiers);
    }
  }
  return out;
}

std::string joined(const std::set<std::string>& names, std::string_view by) {
  std::string out;
  for (const std::string& name : names) (out += out.empty() ? "" : std::string(by)) += name;
  return out;
}

/// The project that a line of a requirements file names; "" for none.
std::string project_of(const std::string& text) {
  const auto lines = req::read_requirements(text).lines;
  return lines.size() == 1 ? lines[0].requirement.project : "";
}

/// Where a line before a command goes.
struct FilterPlace {
  const Source* source = nullptr;
  uint32_t at = 0;
  std::string before;  // indentation and a notebook's `!`
};

/// Nothing where the command is not the first thing on a line of a script or a notebook.
std::optional<FilterPlace> filter_place(const shell::CommandEvent& event) {
  const Unit& unit = *event.unit;
  FilterPlace out;
  uint32_t begin = event.span.begin;
  std::string_view mark;
  if (unit.embedding == Embedding::notebook_line && unit.parent) {
    out.source = &unit.parent->source;
    begin = unit.parent_span.begin;
    mark = "!";
  } else if (unit.embedding == Embedding::notebook_cell ||
             (unit.embedding == Embedding::file && !unit.source.embedded())) {
    out.source = &unit.source;
  } else {
    return std::nullopt;
  }
  const std::string_view text = out.source->text();
  const size_t newline = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
  out.at = newline == std::string_view::npos ? 0 : static_cast<uint32_t>(newline + 1);
  const std::string_view indent = text.substr(out.at, begin - out.at);
  if (indent.find_first_not_of(" \t") != std::string_view::npos) return std::nullopt;
  out.before = std::string(indent) + std::string(mark);
  return out;
}

}  // namespace

bool limited(const Context& context, const Install& install, const req::Requirement& requirement) {
  const auto limits = constraints_for(install, requirement.project);
  if (!limits) return true;
  if (limits->empty()) return false;
  // A constraint that names the image's own version keeps it: pip refuses instead of replacing.
  const auto image = context.shared<ImagePins>().installed(requirement.project);
  return image ? limits->contains(*image, true) : limits->exact() != nullptr;
}

std::vector<FrameworkPin> framework_pins_in(const Context& context, const Install& install,
                                            const InstalledFile& file) {
  std::vector<FrameworkPin> out;
  if (!file.content || !file.content->known) return out;
  const auto& pins = context.shared<ImagePins>();
  const auto& dependencies = context.shared<Dependencies>();
  const auto consider = [&](const req::Requirement& requirement, const std::string& text,
                            const PinEffect& effect, const Dependency* entry) {
    if (effect.kind == PinEffect::none) return;
    if (limited(context, install, requirement) ||
        there_by_then(dependencies.installs(), install, requirement))
      return;
    out.push_back({text, effect, entry});
  };
  const DependencyFile* known = !file.content->generated && file.content->from.size() == 1
                                    ? dependencies.file(file.content->from[0])
                                    : nullptr;
  if (known) {
    for (const DependencyFile* each : dependencies.with_includes(*known)) {
      if (dependencies.recorded(each->file->path)) continue;
      for (const Dependency& entry : each->entries) {
        if (entry.constraint || !entry.group.empty() || pins.applies(entry.requirement) != Tri::yes)
          continue;
        consider(entry.requirement, entry.text, pins.effect(dependencies, *each, entry), &entry);
      }
    }
    return out;
  }
  for (const Line& line : req::read_requirements(file.content->text).lines) {
    if (line.requirement.project.empty() || pins.applies(line.requirement) != Tri::yes) continue;
    consider(line.requirement, quoted_text(line.requirement, line.text),
             pins.effect(line.requirement.project, line.requirement.specifiers, cuda_of(install)),
             nullptr);
  }
  return out;
}

void add_filter_fix(const Context& context, Finding& finding, const Install& install,
                    const InstalledFile& file, const std::vector<FrameworkPin>& pins) {
  const shell::CommandEvent& event = *install.event;
  const Unit& unit = *event.unit;
  if (file.path.empty() || file.shown == "xargs" || !file.content || file.content->generated)
    return;
  if (file.shown.find_first_of("{}$'\"* ") != std::string::npos) return;
  const std::optional<FilterPlace> place = filter_place(event);
  if (!place) return;
  // As it is written: `-r FILE`, `-rFILE` or `--requirement=FILE`.
  const std::string_view written = unit.source.slice(file.span);
  if (!written.ends_with(file.shown) ||
      !one_of(written.substr(0, written.size() - file.shown.size()), {"", "-r", "--requirement="}))
    return;
  const auto name_begin = static_cast<uint32_t>(file.span.end - file.shown.size());
  std::set<std::string> names;
  const auto& image = context.shared<ImagePins>();
  const auto& dependencies = context.shared<Dependencies>();
  const DependencyFile* top = dependencies.file(file.path);
  if (!top) return;
  for (const FrameworkPin& pin : pins) names.insert(pin.effect.project);
  std::string inputs;
  const auto closure = dependencies.with_includes(*top);
  const std::string folder = paths::dirname(file.path);
  const std::string shown_folder =
      file.shown.find('/') == std::string::npos ? "" : paths::dirname(file.shown) + "/";
  for (const DependencyFile* each : closure) {
    if (!paths::under(each->file->path, folder)) return;
    (inputs += " ") += shown_folder + each->file->path.substr(folder.size() + 1);
    for (const DependencyFile::Include& include : each->includes) {
      if (include.constraint || !include.exists) return;
    }
    for (const Dependency& entry : each->entries) {
      // Partners that stay would be resolved against what pip fetches anew.
      if (entry.constraint) return;
      if (image.framework(entry.requirement.project) && names.contains("torch"))
        names.insert(entry.requirement.project);
    }
  }
  std::string pattern = "^[[:space:]]*(" + joined(names, "|") + ")" + std::string(kAfterName);
  std::string options = "-ivE";
  if (closure.size() > 1) {
    pattern = "^[[:space:]]*((" + joined(names, "|") + ")" + std::string(kAfterName) +
              "|-r|--requirement)";
    options = "-hivE";
  }
  const size_t dot = file.shown.rfind('.');
  const size_t slash = file.shown.rfind('/');
  const bool ending = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1);
  const std::string copy = ending ? file.shown.substr(0, dot) + ".filtered" + file.shown.substr(dot)
                                  : file.shown + ".filtered";
  context.edit(
      finding, *place->source, {place->at, place->at},
      place->before + "grep " + options + " '" + pattern + "'" + inputs + " > " + copy + "\n");
  context.edit(finding, unit, {name_begin, file.span.end}, copy);
  // Half of it would install a file that nothing writes.
  if (finding.fix && finding.fix->edits.size() != 2) finding.fix.reset();
}

std::optional<DirectInstall> direct_install(const ImagePins& pins, const Install& install) {
  if (install.target != Install::image || install.action == Install::create) return std::nullopt;
  if (install.event->name != "pip" && !shell::is_conda(install.event->name)) return std::nullopt;
  if (pins.without_frameworks(install.event->unit->file().path)) return std::nullopt;
  const bool conda = install.tool == Install::conda;
  const auto form = conda ? Dependency::conda : Dependency::pip;
  for (const InstalledPackage& package : install.packages) {
    if (package.line.kind == LineKind::invalid || package.line.kind == LineKind::editable) continue;
    const std::string name = ImagePins::framework_name(package.line.requirement, form);
    if (!pins.framework(name) || pins.applies(package.line.requirement) == Tri::no) continue;
    DirectInstall out;
    out.package = &package;
    out.effect = pins.effect(name, package.line.requirement.specifiers, cuda_of(install));
    out.effect.project = name;
    const auto image = pins.installed(name);
    if (!pins.image_known() && name == "tensorflow") continue;  // most images are PyTorch's
    if (image) out.effect.installed = image->str();
    if (install.action == Install::uninstall) {
      if (pins.image_known() && !image) continue;  // the image has none
      out.message = "uninstall";
      return out;
    }
    // On another image than its own a framework is an addition.
    if (pins.image_known() && !image) continue;
    if (out.effect.kind != PinEffect::none) {
      out.message = out.effect.kind == PinEffect::pinned ? "unknown-image"
                    : out.effect.wanted.empty()          ? "open"
                    : out.effect.no_kernels              ? "no-kernels"
                                                         : "";
      return out;
    }
    const bool pinned_to_image = image && !package.line.requirement.specifiers.empty() &&
                                 package.line.requirement.specifiers.contains(*image, true);
    if (install.force_reinstall) {
      out.message = "reinstall";
      return out;
    }
    if (install.upgrade && !package.line.requirement.specifiers.exact()) {
      out.message = "upgrade";
      return out;
    }
    if (conda && !pinned_to_image && package.line.requirement.specifiers.empty()) {
      out.message = "conda";
      return out;
    }
  }
  return std::nullopt;
}

std::vector<std::string> lost_packages(const ImagePins& pins, const LineFilter& filter) {
  std::vector<std::string> out;
  std::set<std::string> frameworks;
  std::vector<std::string> others;
  for (const std::string& line : filter.dropped) {
    const std::string project = project_of(line);
    if (project.empty()) continue;
    if (pins.framework(project))
      frameworks.insert(project);
    else
      others.push_back(project);
  }
  if (frameworks.empty()) return out;
  const std::string pattern = req::normalised_name(filter.pattern);
  for (const std::string& project : others) {
    // Caught by a framework's name within its own; what the pattern names itself is meant.
    const bool caught = std::any_of(
        frameworks.begin(), frameworks.end(),
        [&](const std::string& name) { return project.find(name) != std::string::npos; });
    if (!caught || pattern.find(project) != std::string::npos) continue;
    if (one_of(project, {"tensorflow-gpu", "tensorflow-cpu", "tensorflow-intel", "pytorch"}))
      continue;
    if (std::find(out.begin(), out.end(), project) == out.end()) out.push_back(project);
  }
  return out;
}

std::optional<std::string> exact_pattern(const ImagePins& pins, const LineFilter& filter) {
  const std::string& tool = filter.event->name;
  if (tool != "grep" && tool != "egrep") return std::nullopt;
  if (filter.event->has_option("-F") || filter.event->has_option("-w") ||
      filter.event->has_option("-x"))
    return std::nullopt;
  const bool extended =
      tool == "egrep" || filter.event->has_option("-E") || filter.event->has_option("-P");
  // ^(a|b), a\|b: names and what joins them.
  std::string names = filter.pattern;
  for (const std::string_view part : {"^", "\\(", "\\)", "(", ")", "\\s*", "[[:space:]]*"}) {
    for (size_t at = names.find(part); at != std::string::npos; at = names.find(part))
      names.erase(at, part.size());
  }
  for (size_t at = names.find("\\|"); at != std::string::npos; at = names.find("\\|"))
    names.replace(at, 2, "|");
  if (!extended && filter.pattern.find('|') != std::string::npos &&
      filter.pattern.find("\\|") == std::string::npos)
    return std::nullopt;
  if (names.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-|") !=
      std::string::npos)
    return std::nullopt;
  std::vector<std::string> all;
  for (size_t at = 0; at <= names.size();) {
    const size_t end = std::min(names.find('|', at), names.size());
    if (end > at) all.push_back(names.substr(at, end - at));
    at = end + 1;
  }
  if (all.empty()) return std::nullopt;
  // Frameworks that fell by the way (torchvision by `torch`) are meant as well.
  for (const std::string& line : filter.dropped) {
    const std::string project = project_of(line);
    if (!project.empty() && pins.framework(project) &&
        std::find(all.begin(), all.end(), project) == all.end())
      all.push_back(project);
  }
  std::string out = extended ? "'^(" : "'^\\(";
  for (size_t i = 0; i < all.size(); ++i) (out += i ? (extended ? "|" : "\\|") : "") += all[i];
  out += extended ? ")([^A-Za-z0-9._-]|$)'" : "\\)\\([^A-Za-z0-9._-]\\|$\\)'";
  return out;
}

}  // namespace preflint::project
