#include <algorithm>
#include <set>

#include "catalog/profile.h"
#include "project/hub_downloads.h"
#include "project/login_files.h"
#include "project/shell_edits.h"
#include "project/uncalled.h"

namespace preflint::checks {

using shell::Proxy;

namespace {

/// Is the mirror tried further on, behind a download whose status the script looks at: `python
/// fetch.py && ok=1; [ "$ok" ] || HF_ENDPOINT=… python fetch.py`?
bool mirror_is_tried_next(const project::Context& context, const project::Run& run,
                          const shell::CommandEvent& event) {
  if (!event.within(shell::FrameKind::and_or_left) && !event.within(shell::FrameKind::if_condition))
    return false;
  const auto& commands = run.shell->commands;
  return std::any_of(commands.begin() + event.index + 1, commands.end(),
                     [&](const shell::CommandEvent& next) {
                       if (next.unit != event.unit || next.name != event.name) return false;
                       const auto download = project::hub_download(context, run, next);
                       return download && download->reach == project::Reach::domestic;
                     });
}

}  // namespace

void hf_mirror_missing(project::Context& context) {
  const auto& network = context.profile().network;
  if (network.hf_endpoint.empty()) return;
  std::set<const Unit*> told;
  context.each_shell_run(project::Where::instance, [&](const project::Run& run) {
    // A command in a method that nothing calls: nobody knows that it is ever given.
    if (run.parent && run.parent->python && project::uncalled(run)) return;
    for (const shell::CommandEvent& event : run.shell->commands) {
      const auto download = project::hub_download(context, run, event);
      if (!download || download->reach != project::Reach::foreign) continue;
      const Proxy proxy = download->environment.proxy;
      const auto& login = context.shared<project::LoginFiles>();
      if (login.exports("HF_ENDPOINT", run)) continue;
      const bool proxied = login.proxied(run) ||
                           !proxy.may_be(Proxy::kInactive | Proxy::kDropped | Proxy::kExplained);
      if (proxied && network.mirror_required != Tri::yes) continue;
      if (mirror_is_tried_next(context, run, event)) continue;
      if (!told.insert(&project::outermost(*event.unit)).second) continue;
      // Said already: the same call goes out without the hook, or the hook does not work.
      bool said = false;
      for (const char* other : {"NET001", "NET005"})
        said = said || context.reported(other, *event.unit, event.span);
      if (said && network.mirror_required != Tri::yes) continue;
      Finding& finding = context.report(run, event);
      finding.arguments = {{"command", event.name}, {"endpoint", network.hf_endpoint}};
      if (download->need) finding.message = "python";
      if (const auto place = project::line_before(*event.unit, event.span)) {
        context.edit(finding, *event.unit, {place->at, place->at},
                     place->indent + "export HF_ENDPOINT=" + network.hf_endpoint + "\n" +
                         place->indent + "export HF_HUB_DISABLE_XET=1\n");
      }
    }
  });
}

}  // namespace preflint::checks
