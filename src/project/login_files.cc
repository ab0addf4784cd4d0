#include "project/login_files.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/profile.h"

namespace preflint::project {
namespace {

using shell::CommandEvent;
using shell::RedirectKind;

bool login_file(const Value& path) {
  static constexpr std::string_view kNames[] = {
      ".bashrc", ".bash_profile", ".bash_login",  ".profile",         ".zshrc",
      ".zshenv", ".zprofile",     "/etc/profile", "/etc/environment", "/etc/bash.bashrc"};
  return std::all_of(path.alternatives().begin(), path.alternatives().end(), [](const Text& one) {
    const std::string_view end = one.known_suffix();
    return end.starts_with("/etc/profile.d/") ||
           std::any_of(std::begin(kNames), std::end(kNames),
                       [&](std::string_view name) { return end.ends_with(name); });
  });
}

/// The files that what a command prints ends up in.
std::vector<Value> files_of(const CommandEvent& event) {
  std::vector<Value> out;
  for (const shell::RedirectEvent& redirect : event.redirects) {
    if (redirect.redirect->takes_output()) out.push_back(redirect.target);
  }
  for (const shell::Frame* frame = event.frame; frame && out.empty(); frame = frame->parent) {
    if (frame->kind != shell::FrameKind::group && frame->kind != shell::FrameKind::subshell)
      continue;
    if (!frame->command) continue;
    for (const shell::Redirect& redirect : frame->command->redirects) {
      if (redirect.takes_output())
        out.push_back(Value::literal(frame->text->source.slice(redirect.target.span)));
    }
  }
  if (event.name != "tee") return out;
  for (const shell::Argument& argument : event.arguments) {
    if (!argument.value.known_start().starts_with('-')) out.push_back(argument.value);
  }
  return out;
}

bool by_ssh(const Run& run) {
  for (const Run* at = &run; at; at = at->parent) {
    if (at->over_ssh) return true;
  }
  return false;
}

}  // namespace

void each_written_text(const Context& context, const WrittenText& visit) {
  context.each_command(Where::instance, {"echo", "printf", "cat", "tee"},
                       [&](const Run& run, const CommandEvent& event) {
                         for (const Value& file : files_of(event)) {
                           for (const shell::RedirectEvent& redirect : event.redirects) {
                             if (redirect.redirect->kind == RedirectKind::heredoc)
                               visit(run, event, file,
                                     event.unit->source.slice(redirect.redirect->body));
                           }
                           for (const shell::Argument& argument : event.arguments) {
                             for (const Text& one : argument.value.alternatives())
                               visit(run, event, file, one.known_prefix());
                           }
                         }
                       });
}

LoginFiles::LoginFiles(const Context& context) {
  const std::string& hook = context.profile().network.hook_file;
  each_written_text(
      context, [&](const Run& run, const CommandEvent&, const Value& file, std::string_view text) {
        if (login_file(file)) lines(text, run.root(), hook);
      });
}

void LoginFiles::lines(std::string_view text, const Run& writer, const std::string& hook) {
  while (!text.empty()) {
    std::string_view row = take_line(text);
    row.remove_prefix(std::min(row.find_first_not_of(" \t"), row.size()));
    if (row.starts_with('#')) continue;
    if (!hook.empty() && row.find(hook) != std::string_view::npos) proxied_.insert(&writer);
    if (!row.starts_with("export ")) continue;
    row.remove_prefix(7);
    const size_t equals = row.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    std::string_view value = trimmed(row.substr(equals + 1));
    if (value.size() > 1 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
      value = value.substr(1, value.size() - 2);
    exported_[std::string(row.substr(0, equals))].insert(&writer);
    values_[std::string(row.substr(0, equals))].emplace(value);
    if (shell::is_proxy_variable(row.substr(0, equals))) proxied_.insert(&writer);
  }
}

bool LoginFiles::before(const Writers& writers, const Run& run) {
  // What ssh runs reads no start-up file.
  return !by_ssh(run) && std::any_of(writers.begin(), writers.end(),
                                     [&](const Run* root) { return root != &run.root(); });
}

bool LoginFiles::exports(std::string_view name, const Run& run) const {
  const auto found = exported_.find(name);
  return found != exported_.end() && before(found->second, run);
}

bool LoginFiles::exports(std::string_view name, std::string_view value, const Run& run) const {
  const auto written = values_.find(name);
  return exports(name, run) && written != values_.end() && written->second.size() == 1 &&
         *written->second.begin() == value;
}

bool LoginFiles::proxied(const Run& run) const { return before(proxied_, run); }

}  // namespace preflint::project
