#include <optional>
#include <string>

#include "project/context.h"
#include "project/waiting.h"

namespace preflint::checks {

namespace {

using project::Run;
using shell::CommandEvent;
using shell::Frame;
using shell::FrameKind;

const shell::Argument* pattern_of(const CommandEvent& event) {
  if (event.name == "pgrep")
    return event.has_option("-f") && !event.has_option("-x") ? event.operand() : nullptr;
  if (event.name == "grep" || event.name == "egrep")
    return event.has_option("-v") ? nullptr : event.operand();
  return nullptr;
}

const Frame* pipeline_of(const CommandEvent& event) {
  return event.frame && event.frame->kind == FrameKind::pipeline ? event.frame : nullptr;
}

/// The other commands of the pipeline that a grep stands in.
struct Pipe {
  bool lists_processes = false;  // ps … | grep X
  bool drops_grep = false;       // | grep -v grep
};

Pipe around(const Run& run, const CommandEvent& grep) {
  Pipe out;
  const Frame* frame = pipeline_of(grep);
  if (!frame) return out;
  const auto& commands = run.shell->commands;
  const size_t first = grep.index > 8 ? static_cast<size_t>(grep.index) - 8 : 0;
  for (size_t i = first; i < commands.size() && i < static_cast<size_t>(grep.index) + 8; ++i) {
    const CommandEvent& event = commands[i];
    const Frame* other = pipeline_of(event);
    if (!other || other->pipeline != frame->pipeline) continue;
    const bool one = event.has_option("-p") || event.has_option("-C") || event.has_option("--pid");
    if (event.name == "ps" && !one && other->index < frame->index) out.lists_processes = true;
    if (event.name == "grep" && event.has_option("-v")) out.drops_grep = true;
  }
  return out;
}

bool in_loop(const Run& run, const CommandEvent& event) {
  if (event.within(FrameKind::loop_condition) || event.within(FrameKind::loop_body)) return true;
  const CommandEvent* launcher = run.launcher();
  return launcher && run.parent && in_loop(*run.parent, *launcher);
}

/// Does its status, or whether it prints something, decide what happens next?
bool decides(const CommandEvent& event) {
  for (const Frame* frame = event.frame; frame; frame = frame->parent) {
    if (frame->kind == FrameKind::loop_condition || frame->kind == FrameKind::if_condition ||
        frame->kind == FrameKind::and_or_left)
      return true;
  }
  return false;
}

/// `bash -c 'pgrep -f x'`: bash becomes that one command, and pgrep leaves itself out.
bool becomes_it(const Run& run) {
  const auto& items = run.unit->shell->list.items;
  return items.size() == 1 && items[0].pipelines.size() == 1 &&
         items[0].pipelines[0].commands.size() == 1 && !items[0].pipelines[0].negated &&
         items[0].pipelines[0].commands[0]->kind == shell::CommandKind::simple;
}

/// `train.py` → `[t]rain.py`: matches the program and not the text of the pattern.
std::optional<std::string> bracketed(std::string_view written) {
  for (size_t i = 0; i < written.size(); ++i) {
    const char c = written[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter)
      return std::string(written.substr(0, i)) + "[" + c + "]" + std::string(written.substr(i + 1));
    if (c != '\'' && c != '"' && c != '^' && c != '.' && c != '/') return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

void pgrep_self_match(project::Context& context) {
  context.each_command(
      project::Where::anywhere, {"pgrep", "grep", "egrep"},
      [&](const Run& run, const CommandEvent& event) {
        const shell::Argument* argument = pattern_of(event);
        const auto pattern = argument ? argument->constant() : std::nullopt;
        if (!pattern || pattern->size() < 2) return;
        const bool by_pgrep = event.name == "pgrep";
        const bool handed_over = project::text_in_command_line(run);
        if (!in_loop(run, event) && !(handed_over && decides(event))) return;
        if (!by_pgrep) {
          const Pipe pipe = around(run, event);
          if (!pipe.lists_processes || pipe.drops_grep) return;
          // grep's own command line holds the pattern, whatever runs it.
          if (!decides(event)) return;
          if (!project::pattern_matches(*pattern, "grep " + *pattern)) return;
        } else {
          if (!handed_over && !in_loop(run, event)) return;
          if (handed_over && becomes_it(run)) return;
          if (!project::pattern_matches(*pattern, project::own_command_line(run))) return;
        }
        Finding& finding = context.report(run, event);
        finding.arguments = {{"pattern", *pattern}, {"command", event.name}};
        if (!by_pgrep) finding.message = "grep";
        // Where nothing waits, it only says the wrong thing.
        if (by_pgrep && !in_loop(run, event)) {
          finding.message = "once";
          finding.severity = Severity::warning;
        }
        if (const auto better = bracketed(event.unit->source.slice(argument->span)))
          context.edit(finding, *event.unit, argument->span, *better);
      });
}

}  // namespace preflint::checks
