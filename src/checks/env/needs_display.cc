#include <re2/re2.h>

#include <algorithm>

#include "base/text.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/detached.h"
#include "project/python_commands.h"

namespace preflint::checks {

namespace {

using py::CallEvent;

enum class Need : uint8_t { nothing, figure, window, keyboard };

Need need_of(const CallEvent& call) {
  if (call.origin == "builtins.input") return Need::keyboard;
  if (call.origin == "cv2.imshow" || call.origin == "cv2.waitKey" ||
      call.origin == "cv2.namedWindow")
    return Need::window;
  const bool figure = call.origin.starts_with("matplotlib.") && call.method == "show";
  return figure || call.origin == "matplotlib.pyplot.show" ? Need::figure : Need::nothing;
}

bool headless(std::string_view given) {
  const std::string backend = lower(given);
  return backend == "agg" || backend == "pdf" || backend == "svg" || backend == "ps" ||
         backend == "cairo" || backend == "template";
}

/// Has the program chosen a backend without windows?
bool draws_headless(const project::Run& run, const CallEvent& show) {
  for (const CallEvent& call : run.python->calls) {
    if (call.order >= show.order) break;
    if (call.origin != "matplotlib.use" && call.origin != "matplotlib.pyplot.switch_backend")
      continue;
    const py::Argument* backend = call.argument(0, {"backend", "newbackend"});
    if (backend && headless(backend->value.constant().value_or("agg"))) return true;
  }
  // `matplotlib.rcParams["backend"] = "Agg"`
  static const RE2 kSetting(R"re(rcParams\s*\[\s*["']backend["']\s*\]\s*=\s*["'](\w+)["'])re");
  for (const py::ProgramFile& file : run.python->files) {
    const std::string_view text = file.syntax.source.text();
    std::string backend;
    if (RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), kSetting, &backend) &&
        headless(backend))
      return true;
  }
  const shell::Environment environment =
      project::environment_before(run.environment, *run.python, show.order);
  const auto backend = environment.constant("MPLBACKEND");
  return backend && headless(*backend);
}

/// The command that takes the run off the terminal, as written.
std::string launch_of(const project::Run& run) {
  for (const project::Run* at = &run; at; at = at->parent) {
    const shell::CommandEvent* launcher = at->launcher();
    if (!launcher) continue;
    if (project::detaches(*launcher) || at->unit->embedding == Embedding::session) {
      for (const shell::Prefix& prefix : launcher->prefixes) {
        if (prefix.name == "nohup" || prefix.name == "setsid" || prefix.name == "systemd-run" ||
            prefix.name == "screen")
          return prefix.name;
      }
      return at->unit->embedding == Embedding::session ? launcher->name : launcher->name + " … &";
    }
  }
  return "";
}

bool has_display(const project::Run& run) {
  if (run.environment.set("DISPLAY") != Tri::no) return true;
  for (const project::Run* at = &run; at; at = at->parent) {
    if (const shell::CommandEvent* launcher = at->launcher();
        launcher && launcher->has_prefix("xvfb-run"))
      return true;
  }
  return false;
}

}  // namespace

void needs_display(project::Context& context) {
  context.each_python_run(project::Where::instance, [&](const project::Run& run) {
    if (!project::detached(run)) return;
    for (const CallEvent& call : run.python->calls) {
      const Need need = need_of(call);
      // Under a condition it may be the part that is meant for a desktop.
      if (need == Need::nothing || call.uncalled() || call.enclosing(py::FrameKind::condition))
        continue;
      if (need != Need::keyboard && has_display(run)) continue;
      if (need == Need::figure && draws_headless(run, call)) continue;
      if (need == Need::keyboard && run.launcher() && (run.launcher()->stdin_piped)) continue;
      Finding& finding = context.report(run, call.file->syntax.source, call.span, call.frame);
      if (need == Need::keyboard) finding.message = "input";
      finding.arguments = {{"call", std::string(call.file->syntax.slice(call.callee_span)) + "()"},
                           {"launch", launch_of(run)}};
    }
  });
}

}  // namespace preflint::checks
