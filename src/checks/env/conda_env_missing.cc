#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "catalog/profile.h"
#include "project/conda_names.h"
#include "project/context.h"
#include "project/uncalled.h"

namespace preflint::checks {

namespace {

bool run_from_python(const shell::CommandEvent& event) {
  return event.unit->file().kind == FileKind::python;
}

/// A program that lists the environments takes them as it finds them.
bool asks_for_names(const File& file) {
  for (const std::string_view question :
       {"\"env\", \"list\"", "'env', 'list'", "conda env list", "\"--envs\"", "'--envs'"}) {
    if (file.bytes.find(question) != std::string::npos) return true;
  }
  return false;
}

/// Where an environment is activated that is not there.
struct Activation {
  const project::Run* run;
  const shell::CommandEvent* event;
  Span name;
  Place place() const { return event->unit->source.place(event->span); }
};

/// One environment is one finding, at the first of the places that want it.
void tell(project::Context& context, const std::string& name,
          std::vector<Activation>& activations) {
  std::stable_sort(activations.begin(), activations.end(),
                   [](const Activation& a, const Activation& b) { return a.place() < b.place(); });
  const auto last =
      std::unique(activations.begin(), activations.end(),
                  [](const Activation& a, const Activation& b) { return a.place() == b.place(); });
  activations.erase(last, activations.end());
  const Activation& first = activations.front();
  const shell::CommandEvent& event = *first.event;
  Finding& finding = context.report(*first.run, event);
  finding.arguments = {{"environment", name}, {"prefix", context.profile().python.prefix}};
  if (event.has_prefix("conda") || event.has_prefix("mamba")) finding.message = "run";
  std::set<std::string> files;
  for (const Activation& one : activations) {
    const Unit& unit = *one.event->unit;
    files.insert(unit.file().path);
    if (&one != &first) finding.related.push_back(context.note(unit, one.event->span, "also-here"));
    if (unit.source.slice(one.name) == name) context.edit(finding, unit, one.name, "base");
  }
  // What several scripts count on is there, on the one box where it was made by hand.
  if (files.size() < 2) return;
  finding.severity = Severity::warning;
  finding.message = "by-hand";
}

}  // namespace

void conda_env_missing(project::Context& context) {
  const auto& python = context.profile().python;
  if (python.base_is_environment != Tri::yes) return;
  std::optional<std::set<std::string>> created;
  std::map<std::string, std::vector<Activation>> missing;  // by the environment's name
  context.each_command(
      project::Where::instance, [&](const project::Run& run, const shell::CommandEvent& event) {
        const shell::Argument* argument = project::activated_environment(event);
        const auto name = argument ? argument->constant() : std::nullopt;
        if (!name || name->empty() || *name == "base" || name->starts_with("-") ||
            name->starts_with("."))
          return;
        std::string short_name = *name;
        if (name->find('/') != std::string::npos) {
          // A folder: only one below the image's own conda is surely not there.
          const std::string path = paths::normalise(*name);
          if (path == python.prefix || !paths::under(path, python.prefix + "/envs")) return;
          short_name = paths::basename(path);
        }
        // `conda activate x || true`, `if conda run -n x …`: where it is missing, base will do.
        // Without conda's hook the activation fails wherever x is.
        const shell::Frame* left = event.enclosing(shell::FrameKind::and_or_left);
        const bool hooked = event.name != "conda" || event.state.variable("@conda_hook") ||
                            event.state.opaque || run.unit->login ||
                            run.unit->embedding == Embedding::session;
        if ((left && left->or_operator && hooked) || event.within(shell::FrameKind::if_condition))
          return;
        if (run_from_python(event) && asks_for_names(event.unit->file())) return;
        if (project::uncalled(run, event)) return;
        if (!created) created = project::created_environments(context);
        if (created->contains(*name) || created->contains(short_name) || created->contains("*"))
          return;
        missing[*name].push_back({&run, &event, argument->span});
      });
  for (auto& [name, activations] : missing) tell(context, name, activations);
}

}  // namespace preflint::checks
