#include <algorithm>

#include "catalog/config.h"
#include "catalog/facts.h"
#include "catalog/matcher.h"
#include "engine/matchers.h"
#include "project/dependencies.h"
#include "project/image_pins.h"

namespace preflint::engine {
namespace {

using catalog::Matcher;
using catalog::VersionTest;
using project::Context;

bool holds(const VersionTest& test, const req::Requirement& requirement, const Context& context) {
  if (test.kind == VersionTest::Kind::pinned)
    return requirement.specifiers.exact() || !requirement.url.empty();
  if (test.kind == VersionTest::Kind::unpinned)
    return requirement.specifiers.empty() && requirement.url.empty();
  return std::any_of(test.versions.begin(), test.versions.end(), [&](std::string_view raw) {
    const auto text = catalog::expand(raw, context.profile(), context.config().image);
    const auto version = text ? req::Version::parse(*text) : std::nullopt;
    if (!version) return false;  // of what is not known nothing holds
    return requirement.specifiers.contains(*version, true) ==
           (test.kind == VersionTest::Kind::admits);
  });
}

bool fits(const Matcher& matcher, const req::Requirement& requirement, const Context& context) {
  if (std::find(matcher.names.begin(), matcher.names.end(), requirement.project) ==
      matcher.names.end())
    return false;
  return std::all_of(matcher.versions.begin(), matcher.versions.end(),
                     [&](const VersionTest& test) { return holds(test, requirement, context); });
}

}  // namespace

void match_requirement(const Matcher& matcher, Context& context) {
  const auto& dependencies = context.shared<project::Dependencies>();
  const auto& pins = context.shared<project::ImagePins>();
  const auto fill = [](Finding& finding, const req::Requirement& requirement,
                       const std::string& text) {
    finding.arguments = {
        {"name", requirement.name}, {"specifier", requirement.specifiers.str()}, {"text", text}};
  };
  for (const project::DependencyFile& file : dependencies.files()) {
    if (dependencies.recorded(file.file->path)) continue;
    for (const project::Dependency& entry : file.entries) {
      if (!dependencies.chosen(file, entry) || pins.applies(entry.requirement) == Tri::no) continue;
      if (!fits(matcher, entry.requirement, context)) continue;
      const Span marked =
          matcher.at == Matcher::At::name && entry.line ? entry.line->name_span : entry.span;
      fill(context.report(entry.source, marked.empty() ? entry.span : marked), entry.requirement,
           entry.text);
    }
  }
  for (const project::Install& install : dependencies.installs().all) {
    if (install.action == project::Install::uninstall) continue;
    if (matcher.site == Matcher::Site::instance && install.run->site != Site::instance) continue;
    if (matcher.site == Matcher::Site::local && install.run->site != Site::local) continue;
    for (const project::InstalledPackage& package : install.packages) {
      if (package.line.kind == req::LineKind::invalid ||
          !fits(matcher, package.line.requirement, context))
        continue;
      fill(context.report(*install.run, *install.event, package.argument->span),
           package.line.requirement, package.text);
    }
  }
}

}  // namespace preflint::engine
