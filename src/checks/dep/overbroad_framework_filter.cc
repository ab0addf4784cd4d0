#include <algorithm>

#include "project/context.h"
#include "project/framework_filters.h"
#include "project/image_pins.h"
#include "project/line_filters.h"

namespace preflint::checks {

void overbroad_framework_filter(project::Context& context) {
  const auto& pins = context.shared<project::ImagePins>();
  for (const project::LineFilter& filter :
       context.shared<project::Dependencies>().installs().filters) {
    if (!project::applies(project::Where::instance, *filter.run)) continue;
    // Without -v the lines are picked, as a rule for a first install of their own.
    const auto test = project::line_test(*filter.event);
    if (test && test->keep) continue;
    const auto lost = project::lost_packages(pins, filter);
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
