#include <re2/re2.h>

#include <algorithm>

#include "base/text.h"
#include "project/context.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;

/// The key of the message for a command that changes nothing but its own shell; null for others.
const char* changes_shell(const CommandEvent& event) {
  if (event.name == "cd" || event.name == "pushd") return "cd";
  if (event.name == "export" || event.name == "unset") return "export";
  const shell::Argument* first = event.operand();
  const bool sources = event.name == "source" || event.name == ".";
  if (sources && first && event.arguments.size() <= 2)
    return first->value.display().find("activate") != std::string::npos ? "activate" : "";
  if (shell::is_conda(event.name) && first && first->is("activate")) return "activate";
  if (event.name == "alias" || event.name == "ulimit" || event.name == "umask") return "";
  return nullptr;
}

/// `source settings.sh && bash run.sh`: the list goes on in the same shell. In a plain sh there is
/// no `source`, so that what follows is not among the run's commands.
bool list_goes_on(const project::Run& run, const CommandEvent& last) {
  if (last.unit != run.unit) return false;
  std::string_view rest = last.unit->source.text().substr(last.span.end);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  return rest.starts_with("&&");
}

/// Is there nothing behind a line in its notebook that could have used what it sets? Of a variable
/// nothing reads there, lines that only look at the machine do not, either.
bool nothing_follows(const project::Program& program, const Unit& line, std::string_view message) {
  const auto found = program.notebooks.find(line.file().path);
  if (!line.parent || found == program.notebooks.end()) return false;
  static const RE2 kLost(
      R"(^\s*(?:export|unset|cd|pushd|alias|ulimit|umask|source|\.|conda activate)\b)");
  static const RE2 kLooks(R"(^\s*(?:ldconfig|nvidia-smi|nvcc|ls|pwd|df|free|date)\b)");
  const auto idle = [&](const notebook::Item& item) {
    const std::string_view text = item.text.text();
    return item.kind == notebook::ItemKind::shell_line &&
           (RE2::PartialMatch(text, kLost) ||
            (message == "export" && RE2::PartialMatch(text, kLooks)));
  };
  std::string_view rest = line.parent->source.text().substr(line.parent_span.end);
  take_line(rest);
  size_t calls = 0;
  while (!rest.empty()) {
    const std::string_view text = trimmed(take_line(rest));
    if (text.starts_with(notebook::kItemCall))
      ++calls;
    else if (!text.empty() && !text.starts_with('#'))
      return false;
  }
  const std::vector<notebook::Item>& items = found->second->items;
  return calls <= items.size() &&
         std::all_of(items.end() - static_cast<ptrdiff_t>(calls), items.end(), idle);
}

/// Do two lines of a notebook follow each other?
bool adjacent(const Unit& first, const Unit& second) {
  if (!first.parent || first.parent != second.parent ||
      first.parent_span.end > second.parent_span.begin)
    return false;
  const std::string_view between = first.parent->source.text().substr(
      first.parent_span.end, second.parent_span.begin - first.parent_span.end);
  return between.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

void notebook_shell_state_lost(project::Context& context) {
  Finding* before = nullptr;
  const Unit* line_before = nullptr;
  context.each_shell_run(project::Where::instance, [&](const project::Run& run) {
    const Embedding how = run.unit->embedding;
    if (how != Embedding::notebook_line && how != Embedding::notebook_cell) return;
    const auto& commands = run.shell->commands;
    const bool lost = !commands.empty() &&
                      std::all_of(commands.begin(), commands.end(), [](const CommandEvent& event) {
                        return changes_shell(event) && event.hook == CommandEvent::Hook::none &&
                               event.redirects.empty();
                      });
    if (!lost) return;
    const CommandEvent& last = commands.back();
    if (list_goes_on(run, last)) return;
    const std::string message = changes_shell(last);
    // `!export A=1`, `!export B=2`: one mistake.
    if (before && before->message == message && adjacent(*line_before, *run.unit)) {
      before->related.push_back(context.note(*last.unit, last.span, "again-here"));
      line_before = run.unit;
      return;
    }
    Finding& finding = context.report(run, last);
    finding.message = message;
    finding.arguments = {{"command", std::string(last.unit->source.slice(last.span))}};
    if (nothing_follows(context.program(), *run.unit, message)) finding.severity = Severity::info;
    if (finding.rule.empty()) return;
    before = &finding;
    line_before = run.unit;
  });
}

}  // namespace preflint::checks
