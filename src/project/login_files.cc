#include "project/login_files.h"

#include <algorithm>

namespace preflint::project {
namespace {

using shell::CommandEvent;
using shell::RedirectKind;

bool login_file(const Value& path) {
  static constexpr std::string_view kNames[] = {".bashrc", ".bash_profile", ".bash_login", ".profile", ".zshrc", ".zshenv", ".zprofile",
                                                "/etc/profile", "/etc/environment", "/etc/bash.bashrc"};
  return std::all_of(path.alternatives().begin(), path.alternatives().end(), [](const Text& one) {
    const std::string_view end = one.known_suffix();
    return end.starts_with("/etc/profile.d/") ||
           std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view name) { return end.ends_with(name); });
  });
}

/// Does what the command prints end up in a file that a login reads?
bool writes_login_file(const CommandEvent& event) {
  for (const shell::RedirectEvent& redirect : event.redirects) {
    const RedirectKind kind = redirect.redirect->kind;
    if ((kind == RedirectKind::output || kind == RedirectKind::append) && redirect.redirect->fd != 2 && login_file(redirect.target)) return true;
  }
  return event.name == "tee" && std::any_of(event.arguments.begin(), event.arguments.end(), [](const shell::Argument& argument) { return login_file(argument.value); });
}

}  // namespace

LoginFiles::LoginFiles(const Context& context) {
  context.each_command(Where::instance, {"echo", "printf", "cat", "tee"}, [&](const Run&, const CommandEvent& event) {
    if (!writes_login_file(event)) return;
    for (const shell::RedirectEvent& redirect : event.redirects) {
      if (redirect.redirect->kind == RedirectKind::heredoc) lines(event.unit->source.slice(redirect.redirect->body));
    }
    for (const shell::Argument& argument : event.arguments) {
      for (const Text& one : argument.value.alternatives()) lines(one.known_prefix());
    }
  });
}

void LoginFiles::lines(std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    row.remove_prefix(std::min(row.find_first_not_of(" \t"), row.size()));
    if (!row.starts_with("export ")) continue;
    row.remove_prefix(7);
    const size_t equals = row.find('=');
    if (equals != std::string_view::npos && equals > 0) exported_.emplace(row.substr(0, equals));
  }
}

}  // namespace preflint::project
