#include "catalog/profile.h"
#include "project/python_copies.h"
#include "project/uncalled.h"
#include "project/unchecked_copy.h"

namespace preflint::checks {

void masked_copy_failure(project::Context& context) {
  context.each_command(
      project::Where::instance, {"echo", "printf", "logger"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        const auto found = project::unchecked_copy(context, run, event);
        if (!found || !(found->masked)) return;
        const project::Written written = project::written_at(event);
        Finding& finding = context.report(run, *written.unit, written.span, written.frame);
        if (found->waited) finding.message = "waited";
        finding.arguments = {{"copy", found->copy->name},
                             {"message", std::string(written.unit->source.slice(written.span))}};
        finding.related.push_back(
            context.note(*found->copy->unit, found->copy->span,
                         found->copy->name == "mv" ? "moved-here" : "copied-here"));
      });
  context.each_python_run(project::Where::instance, [&](const project::Run& run) {
    for (const project::PythonCopy& one :
         project::unchecked_python_copies(run, context.profile().success_words)) {
      if (context.shared<project::UnnamedFunctions>().hold(run, one.message->frame)) continue;
      const Source& source = one.message->file->syntax.source;
      Finding& finding = context.report(run, source, one.message->span, one.message->frame);
      finding.message = "python";
      // How one function tells another of a copy's end has more ways than are followed.
      if (one.copy->function() != one.message->function()) finding.severity = Severity::warning;
      finding.arguments = {{"copy", one.name},
                           {"message", std::string(source.slice(one.message->span))}};
      finding.related.push_back(
          context.note(one.copy->file->syntax.source, one.copy->span,
                       one.copy->origin == "shutil.move" ? "moved-here" : "copied-here"));
    }
  });
}

}  // namespace preflint::checks
