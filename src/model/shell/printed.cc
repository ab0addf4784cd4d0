#include <algorithm>
#include <string>
#include <utility>

#include "model/shell/machine.h"

namespace preflint::shell {
namespace {

/// What is not known of a path that holds it: `$(mktemp)`. A date is shown as it is written,
/// `$(date +%Y%m%d)`: people know their folders by it.
std::string hole_of(const CommandEvent& event) {
  const std::string_view text = event.unit->source.slice(event.span);
  const bool shown = event.name == "date" && text.find_first_of("/\n$`") == std::string_view::npos;
  return "$(" + (shown ? std::string(text) : event.name) + ")";
}

/// Is it standard output that a redirect sends to a file or to standard error?
bool leads_elsewhere(const Redirect& redirect) {
  switch (redirect.kind) {
    case RedirectKind::both:
    case RedirectKind::both_append:
      return true;
    case RedirectKind::output:
    case RedirectKind::append:
      return redirect.fd <= 1;
    case RedirectKind::duplicate:
      return redirect.fd != 0 && redirect.fd <= 1 && redirect.target.literal() == "2";
    default:
      return false;
  }
}

/// `command -v conda`, `which python`: prints where the program is, if there is one.
bool asks_for_program(const CommandEvent& event) {
  return event.name == "which" || (event.name == "command" && event.has_option("-v"));
}

}  // namespace

/// Adds what a command prints to the output of the command substitution that it runs in. What asks
/// for a program prints nothing where there is none.
void Machine::print(const Value& shown, const CommandEvent& event, Outcome& out) {
  if (!output_) return;
  if (shown.is("")) {
    output_->silent = true;
    return;
  }
  output_->asked = output_->asked || asks_for_program(event);
  const State& before = event.state;
  if (before.printed == Tri::no)
    output_->whole.push_back(shown);
  else
    output_->longer = true;
  out.ok.printed = Tri::yes;
  if (!asks_for_program(event)) out.fail.printed = Tri::yes;
}

Value Machine::stdout_of(const CommandEvent& event, const State& state) const {
  const std::string& name = event.name;
  const Text here = state.here();
  if (std::any_of(
          event.redirects.begin(), event.redirects.end(),
          [](const RedirectEvent& redirect) { return leads_elsewhere(*redirect.redirect); }))
    return Value();
  if (event.stdin_piped || event.stdout_piped) return Value::unknown("$(…)");
  if (name == "pwd") return Value(here);
  const bool system =
      event.arguments.empty() || (event.arguments.size() == 1 && event.arguments[0].is("-s"));
  if (name == "uname" && system && root_.site == Site::instance) return Value::literal("Linux");
  if (name == "echo" || name == "printf") {
    Value out;
    bool first = true;
    for (const Argument& argument : event.arguments) {
      if (argument.may_split) return Value::unknown("$(…)");
      const auto constant = argument.constant();
      if (first && constant && constant->size() > 1 && (*constant)[0] == '-' && name == "echo")
        continue;
      if (name == "printf" && (!constant || event.arguments.size() > 1 ||
                               constant->find_first_of("%\\") != std::string::npos)) {
        if (event.arguments.size() == 2 && event.arguments[0].constant() &&
            (event.arguments[0].is("%s") || event.arguments[0].is("%s\\n"))) {
          return event.arguments[1].value;
        }
        return Value::unknown("$(…)");
      }
      if (!first) out = out.concatenated(Value::literal(" "));
      out = out.concatenated(argument.value);
      first = false;
    }
    return out;
  }
  const Argument* operand = event.operand();
  if (!operand || operand->may_split) return Value::unknown(hole_of(event));
  if (asks_for_program(event)) {
    const auto program = operand->constant();
    if (!program || event.operand(1) || program->find('/') != std::string::npos)
      return Value::unknown(hole_of(event));
    Text path = Text::hole("$(" + name + " " + *program + ")", Tri::no);
    path.append("/" + *program);
    return path;
  }
  if (name == "dirname") return dirname_value(operand->value);
  if (name == "basename") {
    const auto constant = operand->constant();
    if (!constant) {
      const std::string suffix(operand->value.alternatives()[0].known_suffix());
      const size_t slash = suffix.rfind('/');
      if (operand->value.alternatives().size() != 1 || slash == std::string::npos)
        return Value::unknown("$(basename)");
      return Value::literal(suffix.substr(slash + 1));
    }
    std::string out = paths::basename(*constant);
    if (const Argument* suffix = event.operand(1)) {
      const auto end = suffix->constant();
      if (end && out.size() > end->size() && out.ends_with(*end))
        out.resize(out.size() - end->size());
    }
    return Value::literal(out);
  }
  if (name == "realpath" || name == "readlink") {
    if (operand->value.alternatives().size() != 1) return operand->value;
    return Value(paths::join(here, operand->value.alternatives()[0]));
  }
  return Value::unknown(hole_of(event), Tri::maybe);
}

}  // namespace preflint::shell
