#include "project/unchecked_copy.h"

namespace preflint::checks {

void unchecked_sync_echo(project::Context& context) {
  context.each_command(
      project::Where::instance, {"echo", "printf", "logger"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        const auto found = project::unchecked_copy(context, run, event);
        if (!found || !(!found->masked)) return;
        const project::Written written = project::written_at(event);
        Finding& finding = context.report(run, *written.unit, written.span, written.frame);
        finding.arguments = {{"copy", found->copy->name},
                             {"message", std::string(written.unit->source.slice(written.span))}};
        finding.related.push_back(
            context.note(*found->copy->unit, found->copy->span,
                         found->copy->name == "mv" ? "moved-here" : "copied-here"));
      });
}

}  // namespace preflint::checks
