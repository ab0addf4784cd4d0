#include "base/text.h"
#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/training.h"

namespace preflint::checks {

using project::Run;

namespace {

/// A flag that names the data a training reads.
bool names_data(std::string name) {
  while (name.starts_with('-')) name.erase(0, 1);
  for (char& c : name) c = c == '-' ? '_' : lower(c);
  if (const size_t dot = name.rfind('.'); dot != std::string::npos) name.erase(0, dot + 1);
  for (const std::string_view known :
       {"data", "data_dir", "data_path", "data_root", "dataset", "dataset_dir", "dataset_path",
        "dataset_root", "dataroot", "train_data", "train_data_dir", "train_dir", "train_file",
        "train_path", "image_dir", "image_root", "img_dir", "root_dir", "data_folder"}) {
    if (name == known) return true;
  }
  return false;
}

}  // namespace

void training_reads_shared_fs(project::Context& context) {
  const catalog::Tier* shared = context.profile().durable_tier();
  const catalog::Tier* data = context.profile().data_tier();
  if (!shared || shared->speed != "slow") return;
  const auto report = [&](Finding& finding, const std::string& path) {
    finding.arguments = {
        {"path", path}, {"shared", shared->path}, {"data", data ? data->path : ""}};
  };
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    for (const shell::CommandEvent& event : run.shell->commands) {
      if (!project::starts_training(run, event)) continue;
      for (size_t i = 0; i < event.arguments.size(); ++i) {
        const std::string word(event.arguments[i].value.known_start());
        const size_t equals = word.find('=');
        if (!names_data(word.substr(0, equals))) continue;
        const auto value = word.starts_with("-") ? event.option_value(word.substr(0, equals))
                           : equals != std::string::npos
                               ? std::optional(Value::literal(word.substr(equals + 1)))
                               : std::nullopt;
        if (!value || !context.lander().land(*value, event.state.cwd).on(shared)) continue;
        const bool apart = equals == std::string::npos && i + 1 < event.arguments.size();
        report(context.report(run, event, event.arguments[apart ? i + 1 : i].span),
               value->display());
      }
    }
  });
  context.each_python_run(project::Where::instance, [&](const Run& run) {
    if (!project::trains(*run.python)) return;
    for (const py::CallEvent& call : run.python->calls) {
      if (call.project || call.uncalled()) continue;
      const bool images = call.origin.ends_with(".ImageFolder") ||
                          call.origin.ends_with(".DatasetFolder") ||
                          call.origin.starts_with("torchvision.datasets.");
      const bool loads = call.origin == "datasets.load_from_disk";
      const py::Argument* path =
          images || loads ? call.argument(0, {"root", "dataset_path"}) : nullptr;
      if (path && context.lander().land(path->value.text(), run.environment.cwd).on(shared)) {
        report(context.report(run, call.file->syntax.source, path->span, call.frame),
               path->value.text().display());
      }
    }
  });
}

}  // namespace preflint::checks
