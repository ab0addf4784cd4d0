#include "catalog/profile.h"
#include "project/artefacts.h"
#include "project/stopping.h"
#include "project/training.h"

namespace preflint::checks {

using project::Run;
using shell::CommandEvent;
using shell::FrameKind;

namespace {

/// `train && shutdown`: the `&&` whose right side the stop is.
const shell::Frame* only_on_success(const CommandEvent& event) {
  for (const shell::Frame* frame = event.frame; frame; frame = frame->parent) {
    if (frame->kind == FrameKind::and_or_right && !frame->or_operator && frame->and_or)
      return frame;
    if (frame->kind == FrameKind::function || frame->kind == FrameKind::sourced ||
        frame->kind == FrameKind::if_body)
      return nullptr;
  }
  return nullptr;
}

/// Is what decides about the stop a training run?
bool after_training(const Run& run, const CommandEvent& stop, const shell::Frame& frame) {
  for (const CommandEvent& event : run.shell->commands) {
    if (event.index >= stop.index) break;
    if (event.unit == frame.text && frame.and_or->span.contains(event.span) &&
        project::starts_training(run, event))
      return true;
  }
  return false;
}

bool stops_somewhere(const Run& root, const catalog::Profile& profile) {
  bool found = false;
  project::each_run_below(root, [&](const Run& run) {
    if (!run.shell) return;
    for (const CommandEvent& event : run.shell->commands)
      found = found || project::stops(event, profile) || project::releases(event, profile);
  });
  return found;
}

/// A detached script that starts several trainings one after the other.
bool queue(const Run& child) {
  bool found = false;
  project::each_run_below(child, [&](const Run& run) {
    if (!run.shell) return;
    for (const CommandEvent& event : run.shell->commands) {
      if (!event.within(FrameKind::loop_body)) continue;
      if (project::starts_training(run, event)) found = true;
      for (const Run* below : run.children) {
        if (below->launch_command != event.index) continue;
        project::each_run_below(*below, [&](const Run& deeper) {
          found = found || (deeper.python && project::trains(*deeper.python));
        });
      }
    }
  });
  return found;
}

}  // namespace

void meter_left_running(project::Context& context) {
  const catalog::Profile& profile = context.profile();
  if (profile.billing.stop_commands.empty()) return;
  const std::string& verb = profile.billing.stop_commands.front();
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    for (const CommandEvent& event : run.shell->commands) {
      if (project::stops(event, profile)) {
        const shell::Frame* frame = only_on_success(event);
        if (!frame || !after_training(run, event, *frame)) continue;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"command", event.name}};
        // The last `&&` before it becomes `;`, where the list is nothing but the run and the stop.
        const std::string_view text = event.unit->source.text();
        const size_t operator_at = text.rfind("&&", event.span.begin);
        if (frame->text == event.unit && frame->and_or->pipelines.size() == 2 &&
            operator_at != std::string_view::npos &&
            frame->and_or->span.contains(static_cast<uint32_t>(operator_at))) {
          const size_t before = text.find_last_not_of(" \t", operator_at - 1);
          context.edit(finding, *event.unit,
                       {static_cast<uint32_t>(before + 1), static_cast<uint32_t>(operator_at + 2)},
                       ";");
        }
      } else if (event.background || event.has_prefix("nohup") || event.name == "tmux" ||
                 event.name == "screen") {
        for (const Run* child : run.children) {
          if (child->launch_command != event.index || !child->shell || !queue(*child) ||
              stops_somewhere(run.root(), profile))
            continue;
          Finding& finding = context.report(run, event);
          finding.message = "queue";
          finding.arguments = {{"command", verb}};
        }
      }
    }
  });
}

}  // namespace preflint::checks
