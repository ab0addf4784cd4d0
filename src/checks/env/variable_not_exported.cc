#include <set>

#include "model/python/trace.h"
#include "project/context.h"

namespace preflint::checks {

using project::Run;
using shell::CommandEvent;
using shell::Part;
using shell::PartKind;
using shell::Word;

namespace {

/// A plain expansion of a variable, without a default, in the words of a command.
struct Read {
  std::string name;
  Span span;
};

void reads_of(const Part& part, int depth, std::vector<Read>& out) {
  if (depth > 8) return;
  if (part.kind == PartKind::parameter) {
    const bool plain = part.op.empty() || part.op == "?" || part.op == ":?" || part.op[0] == '#' ||
                       part.op[0] == '%' || part.op[0] == '/';
    if (plain && !part.index && !part.name.empty() &&
        (std::isalpha(static_cast<unsigned char>(part.name[0])) || part.name[0] == '_'))
      out.push_back({part.name, part.span});
  }
  for (const Part& inner : part.parts) reads_of(inner, depth + 1, out);
}

std::vector<Read> reads_of(const CommandEvent& event) {
  std::vector<Read> out;
  if (!event.command) return out;
  const auto word = [&](const Word& one) {
    for (const Part& part : one.parts) reads_of(part, 0, out);
  };
  for (const Word& one : event.command->words) word(one);
  for (const shell::Redirect& redirect : event.command->redirects) word(redirect.target);
  return out;
}

/// The last assignment of the variable in the parent before the launch, when it is not exported
/// there.
const shell::AssignmentEvent* unexported(const Run& parent, int launch, const std::string& name) {
  const shell::AssignmentEvent* found = nullptr;
  for (const shell::AssignmentEvent& assignment : parent.shell->assignments) {
    if (assignment.next_command > launch || assignment.name != name) continue;
    if (assignment.exported != Tri::no) return nullptr;
    found = &assignment;
  }
  return found;
}

/// `NAME=value` that stands as a command of its own, where `export ` can be put before it.
bool stands_alone(const shell::AssignmentEvent& assignment) {
  const std::string_view text = assignment.unit->source.text();
  size_t at = assignment.span.begin;
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return assignment.unit->embedding == Embedding::file &&
         (at == 0 || text[at - 1] == '\n' || text[at - 1] == ';');
}

/// `os.environ["NAME"]` that is read: where it stands in a program; empty when nowhere.
std::optional<std::pair<const py::ProgramFile*, Span>> read_in(const py::Trace& trace,
                                                               const std::string& name) {
  for (const py::ProgramFile& file : trace.files) {
    const std::string_view text = file.syntax.source.text();
    for (const char quote : {'"', '\''}) {
      const std::string wanted = std::string("os.environ[") + quote + name + quote + "]";
      const size_t at = text.find(wanted);
      if (at == std::string_view::npos) continue;
      const size_t after = text.find_first_not_of(' ', at + wanted.size());
      // Set here, or asked for before.
      if (after != std::string_view::npos && text[after] == '=' && text.substr(after, 2) != "==")
        continue;
      if (text.find(std::string(1, quote) + name + quote + " in ") != std::string_view::npos ||
          text.find("except KeyError") != std::string_view::npos)
        continue;
      return std::pair(&file,
                       Span{static_cast<uint32_t>(at), static_cast<uint32_t>(at + wanted.size())});
    }
  }
  return std::nullopt;
}

/// What a launched Python program reads and does not get.
void look_at_python(project::Context& context, const Run& run) {
  const Run& parent = *run.parent;
  const CommandEvent& launcher = *run.launcher();
  std::set<std::string> seen;
  for (const shell::AssignmentEvent& one : parent.shell->assignments) {
    if (one.next_command > run.launch_command || !seen.insert(one.name).second) continue;
    const shell::Variable* there = launcher.state.variable(one.name);
    if (!there || there->exported != Tri::no || there->set != Tri::yes ||
        launcher.environment.set(one.name) != Tri::no)
      continue;
    const shell::AssignmentEvent* assignment = unexported(parent, run.launch_command, one.name);
    const auto read = assignment ? read_in(*run.python, one.name) : std::nullopt;
    if (!read) continue;
    Finding& finding =
        context.report(parent, *assignment->unit, assignment->span, assignment->frame);
    finding.arguments = {{"name", one.name}, {"child", paths::basename(read->first->path)}};
    finding.related.push_back(context.note(*launcher.unit, launcher.span, "launched-here"));
    finding.related.push_back(
        context.note(read->first->syntax.source, read->second, "read-here", {{"name", one.name}}));
    if (stands_alone(*assignment))
      context.edit(finding, *assignment->unit, {assignment->span.begin, assignment->span.begin},
                   "export ");
  }
}

/// Is the run started by a shell of the same machine whose variables are known?
bool inherits(const Run& run) {
  if (!run.parent || !run.parent->shell || run.over_ssh || run.launch_command < 0) return false;
  const CommandEvent& launcher = *run.launcher();
  return !launcher.state.opaque && !launcher.environment.opaque && !launcher.has_prefix("xargs");
}

}  // namespace

void variable_not_exported(project::Context& context) {
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    if (!inherits(run)) return;
    const CommandEvent& launcher = *run.launcher();
    std::set<std::string> seen;
    for (const CommandEvent& event : run.shell->commands) {
      if (event.uncalled()) continue;
      for (const Read& read : reads_of(event)) {
        if (!seen.insert(read.name).second) continue;
        if (event.name == "[" || event.name == "test") continue;  // it is asked for first
        if (event.state.opaque || event.state.variable(read.name) ||
            launcher.environment.set(read.name) != Tri::no)
          continue;
        const shell::Variable* there = launcher.state.variable(read.name);
        if (!there || there->exported != Tri::no || there->set != Tri::yes) continue;
        // In double quotes the parent has expanded it: what stands in its place is not what is
        // written.
        if (run.unit->parent && !event.unit->source.edit(read.span, read.name)) continue;
        const shell::AssignmentEvent* assignment =
            unexported(*run.parent, run.launch_command, read.name);
        if (!assignment) continue;
        Finding& finding =
            context.report(*run.parent, *assignment->unit, assignment->span, assignment->frame);
        finding.arguments = {{"name", read.name},
                             {"child", paths::basename(run.unit->file().path)}};
        finding.related.push_back(context.note(*launcher.unit, launcher.span, "launched-here"));
        finding.related.push_back(
            context.note(*event.unit, read.span, "read-here", {{"name", read.name}}));
        if (stands_alone(*assignment))
          context.edit(finding, *assignment->unit, {assignment->span.begin, assignment->span.begin},
                       "export ");
      }
    }
  });
  context.each_python_run(project::Where::instance, [&](const Run& run) {
    if (inherits(run) && run.unit->embedding == Embedding::file) look_at_python(context, run);
  });
}

}  // namespace preflint::checks
