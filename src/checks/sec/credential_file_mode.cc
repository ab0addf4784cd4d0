#include <algorithm>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/credentials.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;
using shell::RedirectKind;

/// 600, 0400, go-rwx, u=rw,go=
bool private_mode(std::string_view mode) {
  const bool octal = !mode.empty() && mode.find_first_not_of("01234567") == std::string_view::npos;
  return octal ? mode.size() >= 3 && mode.ends_with("00")
               : mode.find("go-") != std::string_view::npos ||
                     mode.find("go=") != std::string_view::npos ||
                     mode.find("og-") != std::string_view::npos;
}

bool sets_umask(const CommandEvent& event) {
  return event.name == "umask" && event.operand() &&
         event.operand()->constant().value_or("").ends_with("77");
}

/// Are new files private already, or is this one made so anywhere in the program?
bool kept_private(const project::Run& run, const CommandEvent& event, const Value& path) {
  for (const CommandEvent& other : run.shell->commands) {
    if (sets_umask(other) && other.index < event.index) return true;
    if (other.name != "chmod" && other.name != "install") continue;
    const auto words = other.words();
    if (std::none_of(words.begin(), words.end(), private_mode)) continue;
    for (const shell::Argument& argument : other.arguments) {
      if (argument.value == path) return true;
    }
  }
  for (const project::Run* from = run.parent; from; from = from->parent) {
    if (from->shell &&
        std::any_of(from->shell->commands.begin(), from->shell->commands.end(), sets_umask))
      return true;
  }
  return false;
}

/// `chmod 600 FILE` on the next line, when the command stands alone on its own.
void mend(project::Context& context, Finding& finding, const CommandEvent& event,
          const shell::Redirect& redirect) {
  if (event.unit->embedding != Embedding::file || event.stdin_piped || event.background) return;
  const std::string_view text = event.unit->source.text();
  const Span whole = event.command->span;
  const size_t start = whole.begin == 0 ? 0 : text.rfind('\n', whole.begin - 1) + 1;
  const std::string_view indent = text.substr(start, whole.begin - start);
  if (indent.find_first_not_of(" \t") != std::string_view::npos) return;
  size_t end = text.find('\n', whole.end);
  if (end == std::string_view::npos) return;
  const std::string_view rest = text.substr(whole.end, end - whole.end);
  if (rest.find_first_not_of(" \t") != std::string_view::npos) return;
  for (const shell::RedirectEvent& other : event.redirects) {
    if (other.redirect->kind != RedirectKind::heredoc) continue;
    end = text.find('\n', other.redirect->body.end);  // of the delimiter's line
    if (end == std::string_view::npos) return;
  }
  const auto at = static_cast<uint32_t>(end + 1);
  context.edit(finding, *event.unit, {at, at},
               std::string(indent) + "chmod 600 " +
                   std::string(event.unit->source.slice(redirect.target.span)) + "\n");
}

}  // namespace

void credential_file_mode(project::Context& context) {
  const auto& profile = context.profile();
  context.each_command(
      project::Where::anywhere, [&](const project::Run& run, const CommandEvent& event) {
        for (const shell::RedirectEvent& redirect : event.redirects) {
          const RedirectKind kind = redirect.redirect->kind;
          if (kind != RedirectKind::output && kind != RedirectKind::append) continue;
          if (!project::credential_file(redirect.target, profile) ||
              kept_private(run, event, redirect.target))
            continue;
          Finding& finding = context.report(run, event, redirect.redirect->target.span);
          finding.arguments = {
              {"path", project::as_written(*event.unit, redirect.redirect->target.span)}};
          mend(context, finding, event, *redirect.redirect);
        }
        if (event.name != "tee") return;
        for (const shell::Argument& argument : event.arguments) {
          if (!project::credential_file(argument.value, profile) ||
              kept_private(run, event, argument.value))
            continue;
          context.report(run, event, argument.span).arguments = {
              {"path", project::as_written(*event.unit, argument.span)}};
        }
      });
  context.each_python_run(project::Where::anywhere, [&](const project::Run& run) {
    const auto& calls = run.python->calls;
    const bool careful = std::any_of(calls.begin(), calls.end(), [](const py::CallEvent& call) {
      return call.is_call_to({"os.chmod", "os.umask", "os.open", "os.fchmod"}) ||
             call.method == "chmod";
    });
    if (careful) return;
    for (const py::CallEvent& call : calls) {
      if (!call.is_call_to({"builtins.open", "io.open"})) continue;
      const py::Argument* path = call.argument(0, {"file"});
      const py::Argument* mode = call.argument(1, {"mode"});
      const auto how = mode ? mode->value.constant() : std::nullopt;
      if (!path || !how || how->find_first_of("wax") == std::string::npos ||
          !project::credential_file(path->value.text(), profile))
        continue;
      context.report(run, call.file->syntax.source, path->span, call.frame).arguments = {
          {"path", path->value.text().display()}};
    }
  });
}

}  // namespace preflint::checks
