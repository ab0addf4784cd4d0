#include "catalog/profile.h"
#include "project/artefacts.h"
#include "project/stopping.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;
using project::Run;
using shell::CommandEvent;

namespace {

/// The path on the box of `host:path`; `~` and relative ones start at the home folder.
std::string remote_path(const Value& source) {
  std::string shown = source.display();
  const size_t colon = shown.find(':');
  if (colon == std::string::npos) return "";
  shown.erase(0, colon + 1);
  if (shown.starts_with("~/")) shown.replace(0, 1, "/root");
  if (!shown.starts_with('/') && !shown.starts_with('{')) shown = "/root/" + shown;
  if (const size_t glob = shown.find_first_of("*?["); glob != std::string::npos)
    shown.resize(shown.rfind('/', glob));
  return paths::normalise(shown);
}

/// Something that looks into what was pulled, or compares it.
bool verifies(const CommandEvent& event) {
  for (const std::string_view name :
       {"sha256sum", "sha1sum", "md5sum", "b2sum", "cmp", "diff", "test", "[", "stat"}) {
    if (event.name == name) return true;
  }
  const std::string_view text = event.unit->source.slice(event.span);
  for (const std::string_view word :
       {"verify", "check", "torch.load", "load_file", "--checksum", "--dry-run"}) {
    if (text.find(word) != std::string_view::npos) return true;
  }
  return false;
}

struct Pull {
  const Artefact* artefact;
  int command;
};

/// What of the run is thrown away by a command, or by what it starts on the box: removals and
/// releases.
void each_loss(
    const project::Context& context, const Run& run, const catalog::Profile& profile,
    const std::function<void(const Run&, const CommandEvent&, const Artefact*, int)>& visit) {
  const auto look = [&](const Run& at, int command) {
    for (const Artefact& artefact : context.artefacts(at)) {
      if (artefact.kind == Artefact::removal && artefact.command)
        visit(at, *artefact.command, &artefact, command < 0 ? artefact.command->index : command);
    }
    if (!at.shell) return;
    for (const CommandEvent& event : at.shell->commands) {
      if (project::releases(event, profile))
        visit(at, event, nullptr, command < 0 ? event.index : command);
    }
  };
  look(run, -1);
  for (const Run* child : run.children) {
    project::each_run_below(*child, [&](const Run& below) { look(below, child->launch_command); });
  }
}

}  // namespace

void delete_before_verify(project::Context& context) {
  context.each_shell_run(project::Where::anywhere, [&](const Run& run) {
    std::vector<Pull> pulls;
    for (const Artefact& artefact : context.artefacts(run)) {
      if (artefact.kind == Artefact::copy && artefact.pulled && artefact.command)
        pulls.push_back({&artefact, artefact.command->index});
    }
    if (pulls.empty()) return;
    each_loss(context, run, context.profile(),
              [&](const Run& at, const CommandEvent& event, const Artefact* removal, int command) {
                if (event.uncalled()) return;
                for (const Pull& pull : pulls) {
                  if (pull.command >= command) continue;
                  const CommandEvent& here = run.shell->commands[static_cast<size_t>(command)];
                  if (removal) {
                    // On the box (the removal is over ssh), and of what was pulled.
                    if (!at.over_ssh && at.index == run.index) continue;
                    bool same = false;
                    for (const Value& source : pull.artefact->sources) {
                      const std::string pulled = remote_path(source), gone = removal->path();
                      same = same || (!pulled.empty() &&
                                      (paths::under(pulled, gone) || paths::under(gone, pulled)));
                    }
                    if (!same) continue;
                  }
                  const bool unchecked = here.state.failed(pull.command);
                  bool verified = false;
                  for (int i = pull.command + 1; i < command; ++i)
                    verified = verified || verifies(run.shell->commands[static_cast<size_t>(i)]);
                  // The exit status of a copy tells that a deletion is safe; a release takes
                  // everything, and wants the files looked at.
                  if (removal ? !unchecked : !unchecked && verified) continue;
                  Finding& finding = context.report(at, event);
                  finding.arguments = {{"command", event.name}, {"pull", pull.artefact->tool}};
                  if (!removal) finding.message = unchecked ? "release" : "release-unverified";
                  finding.related.push_back(note(context, *pull.artefact, "copied-here"));
                  return;
                }
              });
  });
}

}  // namespace preflint::checks
