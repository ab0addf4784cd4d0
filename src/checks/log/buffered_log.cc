#include "project/context.h"
#include "project/detached.h"

namespace preflint::checks {

namespace {

/// Does the command run a program, and do the interpreter's own options leave its output buffered?
bool buffers(const shell::CommandEvent& event) {
  for (const shell::Argument& argument : event.arguments) {
    const auto word = argument.constant();
    if (!word) return !argument.may_split;
    if (!word->starts_with('-') || *word == "-") return true;
    if (word->starts_with("--")) continue;
    if (word->find('u') != std::string::npos || word->find('V') != std::string::npos) return false;
    if (word->ends_with('m') || word->ends_with('c')) return true;
  }
  return false;
}

}  // namespace

void buffered_log(project::Context& context) {
  context.each_command(project::Where::instance, {"python"},
                       [&](const project::Run& run, const shell::CommandEvent& event) {
                         if (!event.via.empty() || !buffers(event)) return;
                         if (!project::detaches(event) && !project::detached(run)) return;
                         if (!project::logs_to_file(run, event) || event.has_prefix("stdbuf") ||
                             event.has_prefix("unbuffer"))
                           return;
                         // A substitution's output is read by the script.
                         if (event.within(shell::FrameKind::command_substitution) ||
                             event.environment.set("PYTHONUNBUFFERED") != Tri::no)
                           return;
                         Finding& finding = context.report(run, event, event.command_span);
                         // The command may come out of "$@" as a whole: nothing can be put after
                         // its first word then.
                         const Span word = event.word.span;
                         const std::string_view written = event.unit->source.slice(word);
                         if (written.find_first_of("@*") != std::string_view::npos) return;
                         context.edit(finding, *event.unit, {word.end, word.end}, " -u");
                       });
}

}  // namespace preflint::checks
