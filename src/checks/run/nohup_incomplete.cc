#include <algorithm>
#include <string>

#include "model/python/trace.h"
#include "project/context.h"
#include "project/python_statements.h"
#include "project/waiting.h"

namespace preflint::checks {

namespace {

/// `ssh -n`, `ssh … </dev/null`: the other side has no input to wait for.
bool without_input(const project::Run& run) {
  for (const project::Run* at = &run; at; at = at->parent) {
    const shell::CommandEvent* launcher = at->launcher();
    if (launcher && launcher->name == "ssh")
      return launcher->has_option("-n") || launcher->has_option("-f");
  }
  return false;
}

/// A script that the text writes down on the other side says itself that bash runs it, and bash
/// gives what runs in the background another input.
bool script_of_bash(const Unit& unit) {
  const std::string_view text = unit.source.text();
  return unit.embedding == Embedding::heredoc && text.starts_with("#!") &&
         text.substr(0, text.find('\n')).find("bash") != std::string_view::npos;
}

std::string missing(const shell::CommandEvent& event, bool input_matters) {
  std::string out;
  if (event.stdin_attached && input_matters) out += " </dev/null";
  if (event.stdout_attached && event.stderr_attached)
    out += " >nohup.log 2>&1";
  else if (event.stdout_attached)
    out += " >nohup.log";
  else if (event.stderr_attached)
    out += " 2>&1";
  return out;
}

/// `cd x && nohup y &`: the `&` is that of the list, so bash starts a shell for it, which waits for
/// y and keeps the streams that y was given others for.
bool waited_for_by_list(const shell::CommandEvent& event) {
  for (const shell::Frame* at = event.frame; at; at = at->parent) {
    if (at->kind == shell::FrameKind::background) return false;
    if (at->kind == shell::FrameKind::and_or_right)
      return event.within(shell::FrameKind::background);
  }
  return false;
}

/// `subprocess.Popen(["nohup", …])`, whose end nothing waits for: it runs beside the program.
bool left_behind(const project::Run& run, const shell::CommandEvent& event) {
  if (!run.parent || !run.parent->python || run.unit->embedding == Embedding::file) return false;
  if (event.index + 1 != static_cast<int>(run.shell->commands.size())) return false;
  const auto& calls = run.parent->python->calls;
  const auto waits = [&](const py::CallEvent& popen) {
    // The end of a `with` waits.
    bool entered = false;
    project::each_statement(popen.file->syntax, [&](const py::Stmt& s) {
      entered |= s.kind == py::StmtKind::with &&
                 std::any_of(s.blocks.begin(), s.blocks.end(), [&](const py::Block& block) {
                   return block.test && block.test->span == popen.span;
                 });
    });
    return entered || std::any_of(calls.begin(), calls.end(), [&](const py::CallEvent& call) {
             return call.receiver_call == popen.index &&
                    (call.method == "wait" || call.method == "communicate");
           });
  };
  return std::any_of(calls.begin(), calls.end(), [&](const py::CallEvent& call) {
    return call.span == run.launch_span && call.origin == "subprocess.Popen" && !waits(call);
  });
}

/// Is it the text of paramiko's `exec_command`?
bool through_channel(const project::Run& run) {
  if (!run.parent || !run.parent->python || !run.launch_file) return false;
  const auto& calls = run.parent->python->calls;
  return std::any_of(calls.begin(), calls.end(), [&](const py::CallEvent& call) {
    return call.span == run.launch_span && call.method == "exec_command";
  });
}

/// …whose output nothing reads to its end: the channel's status comes when the remote shell ends,
/// whatever holds its streams.
bool never_read(const project::Run& run) {
  if (!through_channel(run)) return false;
  constexpr size_t kNear = 300;  // bytes in which the output is read, where it is read
  std::string_view behind = run.launch_file->syntax.source.text().substr(run.launch_span.end);
  behind = behind.substr(0, std::min({kNear, behind.size(), behind.find("exec_command")}));
  return behind.find("read") == std::string_view::npos &&
         behind.find(" in stdout") == std::string_view::npos;
}

}  // namespace

void nohup_incomplete(project::Context& context) {
  context.each_command(project::Where::anywhere, [&](const project::Run& run,
                                                     const shell::CommandEvent& event) {
    // A whole command that stands in a variable may have its redirections in it.
    const bool unknown = event.name.empty() && event.arguments.empty();
    if (!event.has_prefix("nohup") || unknown || project::in_session(run) ||
        left_behind(run, event) || never_read(run))
      return;
    const bool remote = project::over_ssh(run) && run.unit->embedding != Embedding::file;
    const std::string redirects =
        remote ? missing(event, !without_input(run) && !script_of_bash(*run.unit)) : "";
    // Kept for its status or its output: the author waits for it on purpose.
    const bool waits =
        !event.background && (event.within(shell::FrameKind::if_condition) ||
                              event.within(shell::FrameKind::command_substitution) ||
                              event.within(shell::FrameKind::and_or_left) || event.stdout_piped);
    if ((event.background || waits) && redirects.empty()) return;
    // Nobody who has the output waits for the input.
    if (event.background && redirects == " </dev/null" && !waited_for_by_list(event) &&
        through_channel(run))
      return;
    Finding& finding = context.report(run, event);
    finding.arguments = {{"command", event.name.empty() ? event.word.value.display() : event.name},
                         {"redirects", redirects.empty() ? "" : redirects.substr(1)}};
    const bool list = waited_for_by_list(event);
    if (event.background) {
      finding.message = list ? "list" : redirects == " </dev/null" ? "input" : "attached";
    }
    const uint32_t end = event.command->span.end;
    const std::string_view rest = event.unit->source.text().substr(end);
    const size_t next = rest.find_first_not_of(" \t");
    if (list) {
      // Only where the `&` follows at once is it known which one it is.
      if (next == std::string_view::npos || rest[next] != '&') return;
      const uint32_t behind = end + static_cast<uint32_t>(next) + 1;
      context.edit(finding, *event.unit, {event.span.begin, event.span.begin}, "{ ");
      context.edit(finding, *event.unit, {end, end}, redirects);
      context.edit(finding, *event.unit, {behind, behind}, " }");
      return;
    }
    const bool last = next == std::string_view::npos || rest[next] == '\n' || rest[next] == '\r' ||
                      rest[next] == '#';
    if (!event.background && !last) return;
    context.edit(finding, *event.unit, {end, end}, redirects + (event.background ? "" : " &"));
  });
}

}  // namespace preflint::checks
