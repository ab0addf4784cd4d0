#include <algorithm>
#include <map>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/login_files.h"
#include "project/own_machine.h"
#include "project/upkeep.h"

namespace preflint::checks {

using project::Artefact;
using project::Run;

namespace {

/// The variable that moves a cache, by the default that it replaces.
std::string variable_of(const Artefact& artefact) {
  const std::string path = artefact.path();
  if (path.find("/torch/") != std::string::npos || artefact.tool == "TORCH_HOME")
    return "TORCH_HOME";
  if (path.find("modelscope") != std::string::npos || artefact.tool == "MODELSCOPE_CACHE")
    return "MODELSCOPE_CACHE";
  return "HF_HOME";
}

/// Some file of the project names the platform's places: what nothing launches is meant for the box
/// as well.
struct Evidence {
  explicit Evidence(const project::Context& context) {
    const auto& files = context.program().files;
    found = std::any_of(files.begin(), files.end(), [&](const auto& file) {
      return project::meant_for_platform(file->bytes, context.profile());
    });
  }
  bool found = false;
};

/// After the shebang and the `set` lines.
uint32_t top(std::string_view text) {
  size_t at = 0;
  while (text.substr(at).starts_with("#!") || text.substr(at).starts_with("set -")) {
    const size_t end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return static_cast<uint32_t>(at);
}

}  // namespace

void hf_cache_on_system_disk(project::Context& context) {
  const catalog::Tier* system = context.profile().system_tier();
  const catalog::Tier* data = context.profile().data_tier();
  if (!system) return;
  std::map<const Unit*, std::map<std::string, Finding*>> said;  // one for each text and variable
  for (const Run& run : context.program().runs) {
    if (!project::applies(project::Where::instance, run)) continue;
    for (const Artefact& artefact : context.artefacts(run)) {
      if (artefact.kind != Artefact::cache || !artefact.landing.on(system) ||
          paths::under(artefact.path(), "/tmp"))
        continue;
      // A script that no wrapper starts may be started under any environment; a notebook is not,
      // but it may be an example of a library and never see the box.
      if (run.python && run.entry() && artefact.defaulted &&
          (run.unit->file().kind != FileKind::notebook || !context.shared<Evidence>().found))
        continue;
      // What a wrapper's program downloads is mended in the wrapper.
      const shell::CommandEvent* launcher = run.python ? run.launcher() : nullptr;
      const bool moved = artefact.defaulted && launcher;
      if (moved && project::launched_elsewhere(context, *launcher)) continue;
      const Unit* unit = moved ? launcher->unit : run.shell ? artefact.command->unit : run.unit;
      const std::string variable = variable_of(artefact);
      // Set for every login by a script of the project.
      if (artefact.defaulted && context.shared<project::LoginFiles>().exports(variable)) continue;
      Finding*& finding = said[unit][variable];
      if (finding) continue;
      if (moved)
        finding = &context.report(*run.parent, *launcher, launcher->command_span);
      else if (artefact.said)
        finding = &context.report(*artefact.said, artefact.said_span);
      else
        finding = &report(context, artefact);
      finding->arguments = {
          {"path", artefact.path()},
          {"variable", variable},
          {"tool", artefact.tool},
          {"size", system->size_gb ? std::to_string(static_cast<int>(*system->size_gb)) : "?"},
          {"data", data ? data->path : ""}};
      if (!artefact.defaulted) finding->message = "chosen";
      if (moved || artefact.said) {
        finding->related.push_back(note(context, artefact, "external-call-here"));
        finding->related.back().arguments = {
            {"command", artefact.call ? artefact.call->origin : artefact.command->name}};
      }
      if (!artefact.defaulted || !data || unit->kind != UnitKind::shell ||
          unit->embedding != Embedding::file)
        continue;
      const uint32_t at = top(unit->source.text());
      const std::string folder = variable == "HF_HOME"      ? "huggingface_cache"
                                 : variable == "TORCH_HOME" ? "torch_cache"
                                                            : "modelscope_cache";
      context.edit(*finding, *unit, {at, at},
                   "export " + variable + "=" + data->path + "/" + folder + "\n");
    }
  }
}

}  // namespace preflint::checks
