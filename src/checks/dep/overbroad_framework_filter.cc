#include <algorithm>

#include "project/context.h"
#include "project/framework_filters.h"
#include "project/image_pins.h"
#include "project/line_filters.h"

namespace preflint::checks {
namespace {

/// `pip install torchmetrics` in the same script: it was dropped to be installed by itself.
bool installed_by_name(const project::Installs& installs, const project::LineFilter& filter,
                       const std::string& package) {
  return std::any_of(
      installs.all.begin(), installs.all.end(), [&](const project::Install& install) {
        return install.action == project::Install::install &&
               &install.run->root() == &filter.run->root() &&
               std::any_of(install.packages.begin(), install.packages.end(), [&](const auto& one) {
                 return one.line.requirement.project == package;
               });
      });
}

}  // namespace

void overbroad_framework_filter(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  const project::Installs& installs = context.shared<project::Dependencies>().installs();
  for (const project::LineFilter& filter : installs.filters) {
    if (!project::applies(project::Where::instance, *filter.run)) continue;
    // Without -v the lines are picked, as a rule for a first install of their own.
    const auto test = project::line_test(*filter.event);
    if (test && test->keep) continue;
    auto lost = project::lost_packages(pins, filter);
    std::erase_if(lost, [&](const std::string& package) {
      return installed_by_name(installs, filter, package);
    });
    if (lost.empty()) continue;
    Finding& finding = context.report(*filter.run, *filter.event, filter.pattern_span);
    std::string packages;
    for (size_t i = 0; i < std::min<size_t>(lost.size(), 3); ++i)
      (packages += i ? ", " : "") += lost[i];
    if (lost.size() > 3) packages += ", …";
    finding.arguments = {{"pattern", filter.pattern},
                         {"packages", packages},
                         {"count", std::to_string(lost.size())}};
    if (const auto exact = project::exact_pattern(pins, filter)) {
      context.edit(finding, *filter.event->unit, filter.pattern_span, *exact);
    }
  }
}

}  // namespace preflint::checks
