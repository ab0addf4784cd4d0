#include "model/shell/event.h"

#include "base/one_of.h"
#include "model/value_after.h"

namespace preflint::shell {

std::vector<std::string> CommandEvent::words() const {
  std::vector<std::string> out;
  out.reserve(arguments.size());
  for (const Argument& argument : arguments) out.push_back(argument.constant().value_or(""));
  return out;
}

const Argument* CommandEvent::operand(size_t n) const {
  bool only_operands = false;
  for (const Argument& argument : arguments) {
    const auto text = argument.constant();
    if (!only_operands && text == "--") {
      only_operands = true;
      continue;
    }
    if (!only_operands &&
        (text ? *text : std::string(argument.value.known_start())).starts_with("-"))
      continue;
    if (n-- == 0) return &argument;
  }
  return nullptr;
}

bool CommandEvent::has_option(std::string_view option) const {
  const bool letter = option.size() == 2 && option[0] == '-' && option[1] != '-';
  for (const Argument& argument : arguments) {
    const std::string text =
        argument.constant().value_or(std::string(argument.value.known_start()));
    if (text == "--") break;
    if (text == option) return true;
    if (!letter && text.size() > option.size() && text.starts_with(option) &&
        text[option.size()] == '=')
      return true;
    if (letter && text.size() > 2 && text[0] == '-' && text[1] != '-' &&
        text.find(option[1], 1) != std::string::npos) {
      return true;
    }
  }
  return false;
}

std::optional<Value> CommandEvent::option_value(std::string_view option) const {
  const bool is_long = option.starts_with("--");
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Value& value = arguments[i].value;
    if (value.is(option)) {
      if (i + 1 < arguments.size()) return arguments[i + 1].value;
      return std::nullopt;
    }
    const std::string head(is_long ? std::string(option) + "=" : std::string(option));
    if (!value.known_start().starts_with(head) || (!is_long && option.size() != 2)) continue;
    // Everything after `--option=` or `-o`, holes included.
    return value_after(value, head.size()).value_or(Value::unknown());
  }
  return std::nullopt;
}

bool CommandEvent::has_prefix(std::string_view wanted) const {
  for (const Prefix& prefix : prefixes) {
    if (prefix.name == wanted) return true;
  }
  return false;
}

const Frame* CommandEvent::enclosing(FrameKind kind) const {
  for (const Frame* at = frame; at; at = at->parent) {
    if (at->kind == kind) return at;
  }
  return nullptr;
}

bool CommandEvent::within(FrameKind kind) const { return enclosing(kind) != nullptr; }

bool hangs_on(const Frame* place, const CommandEvent& asked) {
  const auto asks = [&](const Frame& below) {
    for (const Frame* at = asked.frame; at; at = at->parent) {
      if (at->kind == FrameKind::if_condition && below.kind == FrameKind::if_body &&
          at->command == below.command)
        return true;
      if (at->kind == FrameKind::and_or_left && at->and_or == below.and_or &&
          (below.kind == FrameKind::and_or_left || below.kind == FrameKind::and_or_right) &&
          at->index < below.index)
        return true;
    }
    return false;
  };
  for (; place; place = place->parent) {
    if (asks(*place)) return true;
  }
  return false;
}

bool is_conda(std::string_view command) {
  return one_of(command, {"conda", "mamba", "micromamba"});
}

}  // namespace preflint::shell
