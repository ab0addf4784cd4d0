#include "project/waiting.h"

#include <re2/re2.h>

#include <algorithm>

namespace preflint::project {
namespace {

/// The words that a heredoc's shell was given: `bash -s NAME <<EOF`.
std::string words_of(const shell::CommandEvent& event) {
  std::string out = event.name;
  for (const shell::Argument& argument : event.arguments)
    out += " " + argument.constant().value_or("");
  return out;
}

bool fed_by_input(const Run& run) {
  if (run.unit->embedding == Embedding::heredoc) return true;
  const shell::CommandEvent* launcher = run.launcher();
  if (!launcher) return false;
  if (launcher->name == "expect") return run.unit->login;  // typed at a prompt
  return std::any_of(launcher->redirects.begin(), launcher->redirects.end(),
                     [](const shell::RedirectEvent& redirect) {
                       return redirect.redirect->kind == shell::RedirectKind::heredoc ||
                              redirect.redirect->kind == shell::RedirectKind::here_string;
                     });
}

}  // namespace

bool text_in_command_line(const Run& run) {
  switch (run.unit->embedding) {
    case Embedding::dash_c:
    case Embedding::os_call:
    case Embedding::session:
    case Embedding::remote_api:
      return true;
    case Embedding::ssh:
      return !fed_by_input(run);
    default:
      return false;
  }
}

std::string own_command_line(const Run& run) {
  if (text_in_command_line(run)) return "bash -c " + std::string(run.unit->source.text());
  if (run.unit->embedding != Embedding::file || run.over_ssh) {
    const shell::CommandEvent* launcher = run.launcher();
    return launcher ? words_of(*launcher) : "";
  }
  std::string out = "bash " + paths::basename(run.unit->file().path);
  for (const shell::Argument& argument : run.arguments)
    out += " " + argument.constant().value_or("");
  return out;
}

bool over_ssh(const Run& run) {
  for (const Run* at = &run; at; at = at->parent) {
    if (at->unit->embedding == Embedding::ssh || at->unit->embedding == Embedding::remote_api ||
        at->over_ssh)
      return true;
  }
  return false;
}

bool in_session(const Run& run) {
  for (const Run* at = &run; at; at = at->parent) {
    if (at->unit->embedding == Embedding::session) return true;
    const shell::CommandEvent* launcher = at->launcher();
    if (launcher && launcher->has_prefix("screen")) return true;
  }
  return false;
}

bool pattern_matches(const std::string& pattern, const std::string& text) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  const RE2 expression(pattern, options);
  return expression.ok() && RE2::PartialMatch(text, expression);
}

}  // namespace preflint::project
