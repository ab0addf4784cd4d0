#include "catalog/profile.h"
#include "project/conda_names.h"
#include "project/context.h"
#include "project/uncalled.h"

namespace preflint::checks {

void conda_clone_base(project::Context& context) {
  const std::string& prefix = context.profile().python.prefix;
  context.each_command(project::Where::instance, {"conda", "mamba", "micromamba"},
                       [&](const project::Run& run, const shell::CommandEvent& event) {
                         const shell::Argument* verb = event.operand();
                         if (!verb || !verb->is("create") || !project::clones_base(event, prefix) ||
                             context.shared<project::UnnamedShellFunctions>().hold(run, event))
                           return;
                         context.report(run, event).arguments = {
                             {"command", event.name},
                             {"value", event.option_value("--clone")->display()}};
                       });
}

}  // namespace preflint::checks
