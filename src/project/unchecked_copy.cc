#include "project/unchecked_copy.h"

#include "catalog/profile.h"
#include "project/success.h"

namespace preflint::project {
namespace {

using shell::CommandEvent;
using shell::FrameKind;

/// Commands that may stand between a copy and the message about it.
bool incidental(const CommandEvent& event) {
  for (const std::string_view name : {"echo", "printf", "logger", "mkdir", "sleep", "cd", "ls", "date", "sync", "wait", "[", "test", "rm",
                                      "chmod", "du", "true", ":", "set", "export", "tee", "cat", "local", "touch", "popd", "pushd"}) {
    if (event.name == name) return true;
  }
  return false;
}

/// Does the text name the file or folder that was copied?
bool names(const std::string& text, const CommandEvent& copy) {
  for (const shell::Argument& argument : copy.arguments) {
    const std::string shown = argument.value.display();
    if (shown.starts_with("-")) continue;
    const std::string base = paths::basename(shown);
    if (base.size() >= 4 && base != "." && text.find(base) != std::string::npos) return true;
  }
  return false;
}

bool masked(const CommandEvent& copy) {
  if (copy.background || copy.within(FrameKind::pipeline)) return true;
  const shell::Frame* left = copy.enclosing(FrameKind::and_or_left);
  if (left && left->or_operator) return true;
  if (left && left->and_or) {  // a && b || true
    for (const shell::AndOr::Operator op : left->and_or->operators) {
      if (op == shell::AndOr::or_if) return true;
    }
  }
  for (const shell::RedirectEvent& redirect : copy.redirects) {
    if (redirect.redirect->fd == 2 && redirect.target.is("/dev/null")) return true;
    const bool both = redirect.redirect->kind == shell::RedirectKind::both;
    if (both && redirect.target.is("/dev/null")) return true;
  }
  return false;
}

}  // namespace

std::optional<UncheckedCopy> unchecked_copy(const Context& context, const Run& run, const CommandEvent& message) {
  const std::string text = printed_text(message);
  if (text.empty() || !message.state.may_have_failed || !claims_success(text, context.profile().success_words)) return std::nullopt;
  const auto& commands = run.shell->commands;
  const CommandEvent* nearest = nullptr;
  bool direct = true;
  for (int i = message.index - 1; i >= 0; --i) {
    const CommandEvent& before = commands[static_cast<size_t>(i)];
    if (is_copy(before)) {
      nearest = &before;
      break;
    }
    if (!incidental(before)) direct = false;
    if (message.index - i > 12) break;
  }
  if (nearest && direct && message.state.failed(nearest->index)) return UncheckedCopy{nearest, masked(*nearest)};
  if (nearest && direct) return std::nullopt;  // it speaks of a copy that was checked
  for (const int site : *message.state.may_have_failed) {
    const CommandEvent& copy = commands[static_cast<size_t>(site)];
    if (is_copy(copy) && names(text, copy)) return UncheckedCopy{&copy, masked(copy)};
  }
  return std::nullopt;
}

}  // namespace preflint::project
