#include <algorithm>

#include "catalog/profile.h"
#include "project/context.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

enum class Stops : uint8_t { nothing, by_name, by_port };

/// What selects the processes that a kill is given: the text of its substitution or of its
/// pipeline.
Stops selected(std::string_view text, const std::string& port) {
  if (contains(text, "tensorboard")) return Stops::by_name;
  const bool socket = contains(text, "lsof") || contains(text, "fuser") ||
                      contains(text, "netstat") || contains(text, "ss ");
  return socket && (contains(text, ":" + port) || contains(text, " " + port)) ? Stops::by_port
                                                                              : Stops::nothing;
}

Stops stops(const CommandEvent& event, const std::string& port) {
  const std::string_view text = event.unit->source.slice(event.span);
  if (event.name == "pkill" || event.name == "killall")
    return contains(text, "tensorboard") ? Stops::by_name : Stops::nothing;
  if (event.name == "supervisorctl" || event.name == "systemctl" || event.name == "service") {
    const std::vector<std::string> words = event.words();
    const bool ends = std::any_of(words.begin(), words.end(), [](const std::string& word) {
      return word == "stop" || word == "restart" || word == "kill";
    });
    return ends && contains(text, "tensorboard") ? Stops::by_name : Stops::nothing;
  }
  if (event.name == "fuser") {
    const std::vector<std::string> words = event.words();
    const bool here = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return word == port + "/tcp" || word == port;
    });
    return event.has_option("-k") && here ? Stops::by_port : Stops::nothing;
  }
  if (event.name != "kill") return Stops::nothing;
  if (event.frame && event.frame->kind == shell::FrameKind::pipeline)
    return selected(event.unit->source.slice(event.frame->pipeline->span), port);
  return contains(text, "$(") || contains(text, "`") ? selected(text, port) : Stops::nothing;
}

}  // namespace

void panel_restarted(project::Context& context) {
  const auto& panel = context.profile().panel;
  if (panel.directory.empty()) return;
  const std::string port = panel.port > 0 ? std::to_string(panel.port) : "-";
  const project::Run* stopped = nullptr;  // the entry in which it was stopped
  context.each_command(
      project::Where::instance, [&](const project::Run& run, const CommandEvent& event) {
        Arguments arguments = {{"command", event.name}, {"port", port}, {"panel", panel.directory}};
        if (const Stops how = stops(event, port); how != Stops::nothing) {
          stopped = &run.root();
          Finding& finding = context.report(run, event);
          if (how == Stops::by_port) finding.message = "port";
          finding.arguments = std::move(arguments);
          return;
        }
        if (event.name != "tensorboard" || stopped != &run.root()) return;
        const auto chosen = event.option_value("--port");
        if (!chosen || !chosen->is(port)) return;
        Finding& finding = context.report(run, event);
        finding.message = "replaced";
        finding.arguments = std::move(arguments);
      });
}

}  // namespace preflint::checks
