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
  struct Stop {
    const project::Run* run;
    const CommandEvent* event;
    Stops how;
    enum : uint8_t { off, replaced, again } then = off;
  };
  std::vector<Stop> found;
  const auto arguments = [&](const CommandEvent& event) -> Arguments {
    return {{"command", event.name}, {"port", port}, {"panel", panel.directory}};
  };
  context.each_command(project::Where::instance, [&](const project::Run& run,
                                                     const CommandEvent& event) {
    if (const Stops how = stops(event, port); how != Stops::nothing) {
      found.push_back({&run, &event, how});
      return;
    }
    if (event.name != "tensorboard" || found.empty() || &found.back().run->root() != &run.root())
      return;
    const auto chosen = event.option_value("--port");
    if (!chosen || !chosen->is(port)) return;
    const auto shown = event.option_value("--logdir");
    const bool again = shown && shown->alternatives().size() == 1 &&
                       paths::normalise(shown->alternatives()[0]) == Text::literal(panel.directory);
    for (Stop& stop : found) {
      if (&stop.run->root() == &run.root()) stop.then = again ? Stop::again : Stop::replaced;
    }
    if (again) return;
    Finding& finding = context.report(run, event);
    finding.message = "replaced";
    finding.arguments = arguments(event);
  });
  for (const Stop& stop : found) {
    if (stop.then == Stop::again) continue;  // the platform's own, which reads its folder anew
    Finding& finding = context.report(*stop.run, *stop.event);
    if (stop.how == Stops::by_port)
      finding.message = "port";
    else if (stop.then == Stop::replaced)
      finding.message = "stopped";
    finding.arguments = arguments(*stop.event);
  }
}

}  // namespace preflint::checks
