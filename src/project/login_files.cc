#include "project/login_files.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/profile.h"
#include "project/guides.h"

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

/// `echo 'export A=b' >> ~/.bashrc` in a document, also as inline code and behind a prompt.
bool appends_to_login_file(std::string_view line) {
  const size_t arrow = line.find(">>");
  const size_t tee = arrow == std::string_view::npos ? line.find("tee -a") : arrow;
  if (tee == std::string_view::npos) return false;
  std::string_view file = line.substr(tee + (arrow == std::string_view::npos ? 6 : 2));
  file.remove_prefix(std::min(file.find_first_not_of(" \t\"'"), file.size()));
  file = file.substr(0, file.find_first_of(" \t\r\"'`;&<|"));
  return login_file(Value::literal(file));
}

/// What such a line appends; takes the text of a here-document off `rest`.
std::string_view appended(std::string_view line, std::string_view& rest) {
  if (const size_t here = line.find("<<"); here != std::string_view::npos) {
    std::string_view end = line.substr(here + 2);
    end.remove_prefix(std::min(end.find_first_not_of("- \t\"'\\"), end.size()));
    end = end.substr(0, end.find_first_of(" \t\r\"'`>|"));
    const std::string_view body = rest;
    while (!end.empty() && !rest.empty()) {
      const auto size = static_cast<size_t>(rest.data() - body.data());
      if (trimmed(take_line(rest)) == end) return body.substr(0, size);
    }
    rest = body;  // no such end: a text about here-documents
    return {};
  }
  const size_t end = std::min(line.find(">>"), line.find('|'));
  const size_t echo = line.rfind("echo ", end);
  if (echo == std::string_view::npos) return {};
  std::string_view text = trimmed(line.substr(echo + 5, end - echo - 5));
  if (text.size() > 1 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0])
    text = text.substr(1, text.size() - 2);
  return text;
}

/// "Add to `~/.bashrc`:" in a document, with a block of code behind it: takes the block off `rest`.
std::string_view block_for_login_file(std::string_view line, std::string_view& rest) {
  const std::string_view said = trimmed(line, " \t\r*");
  if (!said.ends_with(":") && !said.ends_with("：")) return {};
  if (said.find("bashrc") == std::string_view::npos &&
      said.find(".profile") == std::string_view::npos &&
      said.find(".zshrc") == std::string_view::npos)
    return {};
  std::string_view behind = rest;
  std::string_view fence = take_line(behind);
  if (trimmed(fence).empty()) fence = take_line(behind);
  if (!trimmed(fence).starts_with("```")) return {};
  const std::string_view body = behind;
  while (!behind.empty()) {
    const auto size = static_cast<size_t>(behind.data() - body.data());
    if (!trimmed(take_line(behind)).starts_with("```")) continue;
    // Commands of its own, like `echo … >> ~/.bashrc`, are read line by line.
    if (body.substr(0, size).find(">>") != std::string_view::npos) return {};
    rest = behind;
    return body.substr(0, size);
  }
  return {};
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

LoginFiles::LoginFiles(const Context& context) : context_(context) {
  const std::string& hook = context.profile().network.hook_file;
  each_written_text(
      context, [&](const Run& run, const CommandEvent&, const Value& file, std::string_view text) {
        if (login_file(file)) by_scripts_.lines(text, &run.root(), hook);
      });
  // Kept with the environment, in force whenever it is activated.
  context.each_command(Where::instance, {"conda", "mamba"},
                       [&](const Run&, const CommandEvent& event) {
                         const auto words = event.words();
                         if (words.size() < 5 || words[0] != "env" || words[1] != "config") return;
                         for (const std::string_view word : words)
                           by_scripts_.lines("export " + std::string(word), nullptr, hook);
                       });
}

const LoginFiles::Written& LoginFiles::by_documents() const {
  if (by_documents_) return *by_documents_;
  by_documents_.emplace();
  const std::string& hook = context_.profile().network.hook_file;
  for (const auto& file : context_.shared<Guides>().files) {
    std::string_view rest = file->bytes;
    while (!rest.empty()) {
      const std::string_view line = take_line(rest);
      const std::string_view text =
          appends_to_login_file(line) ? appended(line, rest) : block_for_login_file(line, rest);
      by_documents_->lines(text, nullptr, hook);
    }
  }
  return *by_documents_;
}

void LoginFiles::Written::lines(std::string_view text, const Run* writer, const std::string& hook) {
  while (!text.empty()) {
    std::string_view row = take_line(text);
    row.remove_prefix(std::min(row.find_first_not_of(" \t"), row.size()));
    if (row.starts_with('#')) continue;
    if (!hook.empty() && row.find(hook) != std::string_view::npos) proxied.insert(writer);
    if (!row.starts_with("export ")) continue;
    row.remove_prefix(7);
    const size_t equals = row.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    std::string_view value = trimmed(row.substr(equals + 1));
    if (value.size() > 1 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
      value = value.substr(1, value.size() - 2);
    exported[std::string(row.substr(0, equals))].insert(writer);
    values[std::string(row.substr(0, equals))].emplace(value);
    if (shell::is_proxy_variable(row.substr(0, equals))) proxied.insert(writer);
  }
}

bool LoginFiles::before(const Writers& writers, const Run& run) {
  // What ssh runs reads no start-up file.
  return !by_ssh(run) && std::any_of(writers.begin(), writers.end(),
                                     [&](const Run* root) { return root != &run.root(); });
}

bool LoginFiles::Written::exports(std::string_view name, const Run& run) const {
  const auto found = exported.find(name);
  return found != exported.end() && before(found->second, run);
}

bool LoginFiles::Written::exports(std::string_view name, std::string_view value,
                                  const Run& run) const {
  const auto written = values.find(name);
  return exports(name, run) && written != values.end() && written->second.size() == 1 &&
         *written->second.begin() == value;
}

bool LoginFiles::exports(std::string_view name) const {
  return by_scripts_.exported.find(name) != by_scripts_.exported.end() ||
         by_documents().exported.find(name) != by_documents().exported.end();
}

bool LoginFiles::exports(std::string_view name, const Run& run) const {
  return by_scripts_.exports(name, run) || by_documents().exports(name, run);
}

bool LoginFiles::exports(std::string_view name, std::string_view value, const Run& run) const {
  return by_scripts_.exports(name, value, run) || by_documents().exports(name, value, run);
}

bool LoginFiles::proxied(const Run& run) const {
  return before(by_scripts_.proxied, run) || before(by_documents().proxied, run);
}

}  // namespace preflint::project
