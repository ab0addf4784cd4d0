#include "catalog/profile.h"
#include "project/context.h"
#include "project/python_commands.h"

namespace preflint::checks {

namespace {

/// ENV004 speaks of these.
bool clones_base(const shell::CommandEvent& event, const std::string& prefix) {
  const auto from = event.option_value("--clone");
  return from && (from->is("base") || (!prefix.empty() && from->is(prefix)));
}

}  // namespace

void conda_env_created(project::Context& context) {
  const auto& python = context.profile().python;
  if (python.base_is_environment != Tri::yes) return;
  context.each_command(
      project::Where::instance, {"conda", "mamba", "micromamba", "python", "virtualenv", "uv"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        const shell::Argument* first = event.operand();
        const std::string sub = first ? first->constant().value_or("") : "";
        if (event.name == "python") {
          if (!event.option_value("-m") || !event.option_value("-m")->is("venv")) return;
          if (event.has_option("--system-site-packages")) return;
        } else if (event.name == "virtualenv" || event.name == "uv") {
          if (event.name == "uv" && sub != "venv" && sub != "sync") return;
          if (!first || event.has_option("--system-site-packages")) return;
        } else {
          const shell::Argument* second = event.operand(1);
          const bool creates = sub == "create" || (sub == "env" && second && second->is("create"));
          if (!creates || event.has_option("--help") || clones_base(event, python.prefix)) return;
        }
        const bool conda =
            event.name != "python" && event.name != "virtualenv" && event.name != "uv";
        if (!conda && project::open_ended(event)) return;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"command", event.name}, {"interpreter", python.interpreter}};
        if (!conda) {
          finding.severity = Severity::warning;
          finding.message = sub == "sync" ? "uv-sync" : "venv";
        }
      });
}

}  // namespace preflint::checks
