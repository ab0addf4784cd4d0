#include <algorithm>

#include "catalog/profile.h"
#include "project/context.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;

/// Does a word name the port: 6007, :6007, tcp:6007?
bool names_port(const std::string& word, const std::string& port) {
  for (size_t at = word.find(port); at != std::string::npos; at = word.find(port, at + 1)) {
    const auto digit = [&](size_t i) {
      return i < word.size() && word[i] >= '0' && word[i] <= '9';
    };
    if (!(at > 0 && digit(at - 1)) && !digit(at + port.size())) return true;
  }
  return false;
}

bool mentions_port(const CommandEvent& event, const std::string& port) {
  const std::vector<std::string> words = event.words();
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return names_port(word, port); });
}

}  // namespace

void panel_checked_by_socket(project::Context& context) {
  const int number = context.profile().panel.port;
  if (number == 0) return;
  const std::string port = std::to_string(number);
  context.each_command(
      project::Where::instance, {"ss", "netstat", "lsof"},
      [&](const project::Run& run, const CommandEvent& event) {
        if (event.has_option("-t") && event.name == "lsof") return;  // process ids, for kill
        const shell::Frame* frame =
            event.frame && event.frame->kind == shell::FrameKind::pipeline ? event.frame : nullptr;
        bool asks = mentions_port(event, port), filters = false, quiet = false;
        const auto& commands = run.shell->commands;
        for (size_t i = static_cast<size_t>(event.index) + 1; frame && i < commands.size(); ++i) {
          const CommandEvent& next = commands[i];
          if (!next.frame || next.frame->pipeline != frame->pipeline || next.unit != event.unit)
            break;
          if (next.name != "grep" && next.name != "wc" && next.name != "head" &&
              next.name != "sort")
            return;  // something is taken out of it
          if (next.has_option("-v")) continue;
          asks = asks || (next.name == "grep" && mentions_port(next, port));
          filters = true;
          quiet = quiet || next.has_option("-q") || !next.redirects.empty();
        }
        if (!asks) return;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"command", event.name}, {"port", port}};
        const std::string request = "curl -sf http://127.0.0.1:" + port + "/data/runs";
        if (!filters)
          context.edit(finding, *event.unit, event.span, request);
        else
          context.edit(finding, *event.unit, frame->pipeline->span,
                       request + (quiet ? " >/dev/null" : ""));
      });
}

}  // namespace preflint::checks
