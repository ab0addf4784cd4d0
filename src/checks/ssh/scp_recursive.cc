#include <algorithm>

#include "project/context.h"
#include "project/remote_calls.h"

namespace preflint::checks {

namespace {

/// Copies directory after directory: each of them can be repeated alone.
bool in_own_loop(const shell::CommandEvent& event) {
  for (const shell::Frame* frame = event.frame; frame; frame = frame->parent) {
    if (frame->kind == shell::FrameKind::loop_body && frame->command &&
        frame->command->kind == shell::CommandKind::for_)
      return true;
  }
  return false;
}

/// Do all the sources name files by their endings (`runs/*/best.json`)? Then `-r` copies no tree.
bool only_files(const project::RemoteCall& call) {
  return !call.sources.empty() &&
         std::all_of(call.sources.begin(), call.sources.end(), [](const shell::Argument* source) {
           std::string shown = source->value.display();
           const std::string name = shown.substr(shown.rfind('/') + 1);
           for (const std::string_view ending :
                {".json", ".csv", ".txt", ".log", ".yaml", ".yml", ".md", ".py", ".sh", ".png"}) {
             if (name.ends_with(ending)) return true;
           }
           return false;
         });
}

/// The same copy by rsync; "" when an option has no counterpart.
std::string rsync(const shell::CommandEvent& event, const project::RemoteCall& call) {
  std::string options = "rsync -avz --partial", transport;
  const std::string_view text = event.unit->source.text();
  const auto written = [&](const shell::Argument& argument) {
    return std::string(text.substr(argument.span.begin, argument.span.size()));
  };
  const shell::Argument* expected = nullptr;
  char option = '\0';
  for (const shell::Argument& argument : event.arguments) {
    if (option != '\0') {
      if (argument.value.alternatives().size() != 1 ||
          written(argument).find_first_of("'\"$`\\") != std::string::npos)
        return "";
      transport += std::string(" -") + (option == 'P' ? 'p' : option) + " " + written(argument);
      option = '\0';
      continue;
    }
    const std::string word = argument.constant().value_or("");
    if (word.size() < 2 || word[0] != '-') {
      expected = &argument;
      break;
    }
    if (word[1] == '-') return "";
    for (size_t i = 1; i < word.size(); ++i) {
      if (std::string_view("rCpqv").find(word[i]) != std::string_view::npos) continue;
      if (i + 1 != word.size() || std::string_view("Pio").find(word[i]) == std::string_view::npos)
        return "";
      option = word[i];
    }
  }
  if (!expected || call.sources.empty()) return "";
  if (!transport.empty()) options += " -e 'ssh" + transport + "'";
  for (const shell::Argument* source : call.sources) {
    std::string word = written(*source);
    // rsync reads `dir/` as what is in it; scp copies the directory itself.
    if (word.ends_with('/') && word.size() > 1) word.pop_back();
    if (word.ends_with("/\"") || word.ends_with("/'")) return "";
    options += " " + word;
  }
  return options + " " + written(*call.destination);
}

}  // namespace

void scp_recursive(project::Context& context) {
  context.each_command(project::Where::anywhere, {"scp"},
                       [&](const project::Run& run, const shell::CommandEvent& event) {
                         const auto call = project::remote_call(event);
                         if (!call || !call->recursive || !call->target || in_own_loop(event) ||
                             only_files(*call) || project::another_server(*call, context.profile()))
                           return;
                         Finding& finding = context.report(run, event);
                         finding.arguments = {{"target", call->target->value.display()}};
                         if (const std::string better = rsync(event, *call); !better.empty()) {
                           context.edit(finding, *event.unit, event.command_span, better);
                         }
                       });
}

}  // namespace preflint::checks
