#include <algorithm>

#include "catalog/profile.h"
#include "project/context.h"

namespace preflint::checks {

namespace {

bool versioned(std::string_view word) {
  for (const std::string_view tool : {"python3", "pip3"}) {
    if (!word.starts_with(tool)) continue;
    const std::string_view rest = word.substr(tool.size());
    return rest.empty() || (rest[0] == '.' && rest.find_first_not_of("0123456789", 1) == std::string_view::npos);
  }
  return false;
}

/// The command stands in a branch that was taken because the interpreter was found.
bool looked_for(const shell::CommandEvent& event) {
  for (const shell::Frame* frame = event.frame; frame; frame = frame->parent) {
    std::string_view condition;
    if (frame->kind == shell::FrameKind::if_body && frame->command && frame->index < frame->command->clauses.size()) {
      condition = event.unit->source.slice(frame->command->clauses[frame->index].condition.span);
    } else if (frame->kind == shell::FrameKind::and_or_right && frame->and_or) {
      condition = event.unit->source.slice(frame->and_or->pipelines[frame->index - 1].span);
    }
    for (const std::string_view test : {"command -v", "which ", "type ", "hash "}) {
      if (condition.find(test) != std::string_view::npos) return true;
    }
  }
  return false;
}

bool aliased(const project::Run& run, const shell::CommandEvent& event, const std::string& word) {
  return std::any_of(run.shell->commands.begin(), run.shell->commands.begin() + event.index, [&](const shell::CommandEvent& before) {
    return before.name == "alias" && !before.arguments.empty() && before.arguments.back().value.display().starts_with(word + "=");
  });
}

}  // namespace

void bare_python3(project::Context& context) {
  const auto& python = context.profile().python;
  if (python.interpreter.empty()) return;
  context.each_command(project::Where::instance, {"python", "pip"}, [&](const project::Run& run, const shell::CommandEvent& event) {
    const auto word = event.word.constant();
    if (!word || !versioned(*word) || event.environment.activated != Tri::no) return;
    if (looked_for(event) || aliased(run, event, *word)) return;
    Finding& finding = context.report(run, event, event.word.span);
    const bool pip = word->starts_with("pip");
    const std::string interpreter = pip ? python.interpreter + " -m pip" : python.interpreter;
    finding.arguments = {{"command", *word}, {"interpreter", interpreter}};
    const Embedding how = run.unit->embedding;
    // A wrapper started from a login shell inherits a PATH that often holds it.
    if (how == Embedding::file && !run.over_ssh) finding.severity = Severity::warning;
    else if (how == Embedding::ssh || run.over_ssh) finding.message = "non-interactive";
    if (event.unit->source.slice(event.word.span) == *word) context.edit(finding, *event.unit, event.word.span, interpreter);
  });
}

}  // namespace preflint::checks
