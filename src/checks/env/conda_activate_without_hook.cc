#include <set>

#include "catalog/profile.h"
#include "project/context.h"
#include "project/shell_edits.h"

namespace preflint::checks {

namespace {

/// Files that an interactive shell reads, or that are made to be sourced by one.
bool read_by_people(const Unit& unit) {
  if (unit.embedding != Embedding::file) return false;
  const std::string name = paths::basename(unit.file().path);
  if (name.starts_with(".") || name.find("bashrc") != std::string::npos ||
      name.find("profile") != std::string::npos)
    return true;
  if (unit.file().bytes.starts_with("#!")) return false;
  return name.find("env") != std::string::npos || name.find("activate") != std::string::npos ||
         name.find("source") != std::string::npos;
}

}  // namespace

void conda_activate_without_hook(project::Context& context) {
  const auto& python = context.profile().python;
  std::set<const Unit*> told;
  context.each_command(
      project::Where::instance, {"conda", "mamba", "micromamba"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        if (!event.operand() || !event.operand()->is("activate")) return;
        if (event.state.variable("@conda_hook") || event.state.opaque || run.unit->login ||
            read_by_people(*run.unit))
          return;
        // A notebook's line is ENV015's: no activation lasts there. A function of the script may be
        // its own `conda`.
        if (run.unit->embedding == Embedding::notebook_line || event.function_call ||
            event.uncalled())
          return;
        if (!told.insert(event.unit).second) return;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"command", event.name},
                             {"prefix", python.prefix.empty() ? "$CONDA_PREFIX" : python.prefix}};
        const auto place = project::line_before(*event.unit, event.span);
        if (place && !python.prefix.empty() && event.name == "conda") {
          const std::string word = event.unit->dialect == shell::Dialect::posix ? "." : "source";
          context.edit(finding, *event.unit, {place->at, place->at},
                       place->indent + word + " " + python.prefix + "/etc/profile.d/conda.sh\n");
        }
      });
}

}  // namespace preflint::checks
