#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/box_signs.h"
#include "project/login_files.h"
#include "project/own_machine.h"
#include "project/uncalled.h"

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

/// What one text fetches into the cache that one variable moves.
struct Fetched {
  const Run* run = nullptr;
  const Artefact* artefact = nullptr;  // the largest of them, the first of several
  const Unit* unit = nullptr;
  const shell::CommandEvent* launcher = nullptr;  // the wrapper's command that is to be mended
  std::string variable;
};

/// A folder that somebody chose is the wrong one whatever is put there; in the default one it is
/// the amount that does harm.
int weight(const Artefact& artefact) {
  if (!artefact.defaulted) return 1;
  return artefact.size == project::DownloadSize::small     ? 0
         : artefact.size == project::DownloadSize::unknown ? 1
                                                           : 2;
}

}  // namespace

void hf_cache_on_system_disk(project::Context& context) {
  const catalog::Tier* system = context.profile().system_tier();
  const catalog::Tier* data = context.profile().data_tier();
  if (!system) return;
  std::vector<Fetched> all;  // one for each text and variable
  std::map<std::pair<const Unit*, std::string>, size_t> index;
  for (const Run& run : context.program().runs) {
    if (!project::applies(project::Where::instance, run)) continue;
    for (const Artefact& artefact : context.artefacts(run)) {
      if (artefact.kind != Artefact::cache || !artefact.landing.on(system) ||
          paths::under(artefact.path(), "/tmp"))
        continue;
      // A script that no wrapper starts may be started under any environment; a notebook is not,
      // but it may be an example of a library and never see the box.
      if (run.python && run.entry() && artefact.defaulted &&
          (run.unit->file().kind != FileKind::notebook ||
           !context.shared<project::NamingFiles>().some()))
        continue;
      // What a wrapper's program downloads is mended in the wrapper.
      const shell::CommandEvent* launcher =
          run.python && artefact.defaulted ? run.launcher() : nullptr;
      if (launcher && project::launched_elsewhere(context, *launcher)) continue;
      // A command in a method that nothing calls: nobody knows that it is ever given.
      const Run& starter = launcher ? *run.parent : run;
      if (starter.parent && starter.parent->python && project::uncalled(starter)) continue;
      const Unit* unit = launcher ? launcher->unit : run.shell ? artefact.command->unit : run.unit;
      const std::string variable = variable_of(artefact);
      // Set for every login by a script of the project.
      if (artefact.defaulted && context.shared<project::LoginFiles>().exports(variable)) continue;
      const Fetched one{&run, &artefact, unit, launcher, variable};
      const auto [at, first] = index.emplace(std::pair(unit, variable), all.size());
      if (first)
        all.push_back(one);
      else if (weight(artefact) > weight(*all[at->second].artefact))
        all[at->second] = one;
    }
  }
  // One launch may fill several caches; the place is that of the worst.
  std::stable_sort(all.begin(), all.end(), [](const Fetched& a, const Fetched& b) {
    return weight(*a.artefact) > weight(*b.artefact);
  });
  for (const Fetched& one : all) {
    const Artefact& artefact = *one.artefact;
    Finding& finding =
        one.launcher ? context.report(*one.run->parent, *one.launcher, one.launcher->command_span)
        : artefact.said ? context.report(*artefact.said, artefact.said_span)
                        : report(context, artefact);
    if (weight(artefact) == 0) finding.severity = Severity::info;
    finding.arguments = {
        {"path", artefact.path()},
        {"variable", one.variable},
        {"tool", artefact.tool},
        {"size", system->size_gb ? std::to_string(static_cast<int>(*system->size_gb)) : "?"},
        {"data", data ? data->path : ""}};
    if (!artefact.defaulted) finding.message = "chosen";
    if (one.launcher || artefact.said) {
      finding.related.push_back(note(context, artefact, "external-call-here"));
      finding.related.back().arguments = {
          {"command", artefact.call ? artefact.call->origin : artefact.command->name}};
    }
    if (!artefact.defaulted || !data || one.unit->kind != UnitKind::shell ||
        one.unit->embedding != Embedding::file)
      continue;
    const uint32_t at = top(one.unit->source.text());
    const std::string folder = one.variable == "HF_HOME"      ? "huggingface_cache"
                               : one.variable == "TORCH_HOME" ? "torch_cache"
                                                              : "modelscope_cache";
    context.edit(finding, *one.unit, {at, at},
                 "export " + one.variable + "=" + data->path + "/" + folder + "\n");
  }
}

}  // namespace preflint::checks
