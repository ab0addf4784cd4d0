#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "project/context.h"

namespace preflint::checks {

namespace {

using project::Run;
using shell::CommandEvent;

/// A path as far as it can be told, from the folder at that point.
std::string path_of(const Value& value, const CommandEvent& event) {
  if (value.alternatives().size() != 1 || value.unknown_whole()) return "";
  const Text here = event.state.here();
  return paths::join(here, value.alternatives()[0]).display();
}

/// The scripts that the commands of a run start and leave running, by the command's number.
std::multimap<int, std::string> started(const Run& run) {
  std::multimap<int, std::string> out;
  for (const shell::Launch& launch : run.shell->launches) {
    if (launch.kind != shell::Launch::shell_script) continue;
    const CommandEvent& event = run.shell->commands[static_cast<size_t>(launch.command)];
    if (!event.background && !event.has_prefix("screen")) continue;
    if (std::string path = path_of(launch.target.value, event); !path.empty())
      out.emplace(launch.command, std::move(path));
  }
  return out;
}

/// A file that a command writes in place; `host:` of scp and rsync is left out.
std::vector<std::string> written(const CommandEvent& event) {
  std::vector<std::string> out;
  const auto add = [&](const Value& value) {
    if (const std::string path = path_of(value, event); !path.empty()) out.push_back(path);
  };
  for (const shell::RedirectEvent& redirect : event.redirects) {
    const shell::RedirectKind kind = redirect.redirect->kind;
    if (kind == shell::RedirectKind::output || kind == shell::RedirectKind::append)
      add(redirect.target);
  }
  std::vector<const shell::Argument*> operands;
  for (size_t n = 0; const shell::Argument* operand = event.operand(n); ++n)
    operands.push_back(operand);
  if ((event.name == "cp" || event.name == "scp") && operands.size() >= 2) {
    const Value& target = operands.back()->value;
    const std::string shown = target.display();
    const size_t colon = shown.find(':');
    if (event.name == "scp" && colon != std::string::npos) {
      out.push_back(paths::normalise(shown.substr(colon + 1)));
    } else {
      add(target);
    }
    // Into a folder: the name stays.
    for (size_t i = 0; i + 1 < operands.size(); ++i) {
      const std::string name = paths::basename(operands[i]->value.display());
      const std::string folder = out.empty() ? "" : out[0];
      if (!folder.empty()) out.push_back(paths::normalise(folder + "/" + name));
    }
  }
  if (event.name == "sed" && event.has_option("-i")) {
    for (size_t i = 1; i < operands.size(); ++i) add(operands[i]->value);
  }
  if (event.name == "tee") {
    for (const shell::Argument* operand : operands) add(operand->value);
  }
  return out;
}

bool same(const std::string& running, const std::string& target) {
  if (running == target) return true;
  // The folder on the other machine may not be known: `run.sh` there is `/root/demo/run.sh`.
  const std::string name = paths::basename(target);
  const bool unknown_folder = running.starts_with("{");
  return unknown_folder && running.substr(running.find('/') + 1) == name && target.starts_with("/");
}

}  // namespace

void script_overwritten_while_running(project::Context& context) {
  struct Running {
    std::string path;
    const CommandEvent* event;
  };
  context.each_shell_run(project::Where::anywhere, [&](const Run& run) {
    std::vector<Running> running;
    const std::multimap<int, std::string> starts = started(run);
    const auto& commands = run.shell->commands;
    size_t child = 0;
    for (const CommandEvent& event : commands) {
      if (event.name == "wait") running.clear();
      if (event.uncalled()) break;
      for (const std::string& target : written(event)) {
        const bool itself =
            !run.unit->source.embedded() && event.state.script.alternatives().size() == 1 &&
            !event.state.script.unknown_whole() && target == event.state.script.display();
        const auto found = std::find_if(running.begin(), running.end(),
                                        [&](const Running& one) { return same(one.path, target); });
        if (!itself && found == running.end()) continue;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"script", paths::basename(target)}, {"command", event.name}};
        if (itself)
          finding.message = "itself";
        else
          finding.related.push_back(
              context.note(*found->event->unit, found->event->span, "started-here"));
        break;
      }
      const auto [first, last] = starts.equal_range(event.index);
      for (auto at = first; at != last; ++at) running.push_back({at->second, &event});
      // What the texts sent over ssh have started by now.
      for (; child < run.children.size() && run.children[child]->launch_command <= event.index;
           ++child) {
        const Run& inner = *run.children[child];
        if (!inner.shell || inner.unit->embedding == Embedding::file) continue;
        for (const auto& [command, path] : started(inner))
          running.push_back({path, &inner.shell->commands[static_cast<size_t>(command)]});
      }
    }
  });
}

}  // namespace preflint::checks
