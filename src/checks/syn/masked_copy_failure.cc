#include "project/unchecked_copy.h"

namespace preflint::checks {

void masked_copy_failure(project::Context& context) {
  context.each_command(project::Where::instance, {"echo", "printf", "logger"},
                       [&](const project::Run& run, const shell::CommandEvent& event) {
    const auto found = project::unchecked_copy(context, run, event);
    if (!found || !(found->masked)) return;
    Finding& finding = context.report(run, event);
    finding.arguments = {{"copy", found->copy->name}, {"message", std::string(event.unit->source.slice(event.span))}};
    finding.related.push_back(context.note(*found->copy->unit, found->copy->span, "copied-here"));
  });
}

}  // namespace preflint::checks
