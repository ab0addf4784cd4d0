#include "project/output_options.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/one_of.h"
#include "base/text.h"
#include "model/value_after.h"

namespace preflint::project {
namespace {

/// The name of an option without what marks it and the groups that it is in: `save_freq` of
/// `--save-freq` and of `+trainer.save_freq`.
std::string plain(std::string name) {
  while (name.starts_with('-') || name.starts_with('+')) name.erase(0, 1);
  if (const size_t dot = name.rfind('.'); dot != std::string::npos && !name.starts_with("hydra."))
    name.erase(0, dot + 1);
  std::replace(name.begin(), name.end(), '-', '_');
  return lower(name);
}

/// `global_profiler.save_path`, `trace.output_dir`: the group says that measurements go there.
bool of_measurements(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string group = lower(name.substr(0, dot));
  return group.find("profil") != std::string::npos || group.find("trace") != std::string::npos ||
         group.find("tracing") != std::string::npos;
}

/// Does an option turn saving off?
bool turns_off(const std::string& option, const std::string& value) {
  const std::string name = plain(option);
  if (name == "save_strategy") return value == "no";
  return one_of(name, {"save_freq", "save_interval", "save_every"}) && value == "-1";
}

}  // namespace

bool names_output(const std::string& option) {
  if (of_measurements(option)) return false;
  const std::string name = plain(option);
  return one_of(name, {"output_dir",
                       "outdir",
                       "out_dir",
                       "output_path",
                       "output_folder",
                       "checkpoint_dir",
                       "checkpoints_dir",
                       "checkpoint_path_out",
                       "ckpt_dir",
                       "ckpts_dir",
                       "ckpt_save_dir",
                       "ckpt_save_path",
                       "save_dir",
                       "savedir",
                       "save_path",
                       "save_folder",
                       "save_root",
                       "output_root",
                       "out_root",
                       "model_save_dir",
                       "model_save_path",
                       "save_model_dir",
                       "save_model_path",
                       "default_root_dir",
                       "default_local_dir",
                       "save_checkpoint_path",
                       "work_dir",
                       "dirpath",
                       "save_checkpoint_dir",
                       "save_ckpt_dir",
                       "checkpoint_save_dir",
                       "snapshot_dir",
                       "save",
                       "output",
                       "hydra.run.dir",
                       "hydra.sweep.dir",
                       "exp_dir"});
}

std::optional<Value> launch_option(const shell::CommandEvent& launch, std::string_view option) {
  const auto& words = launch.arguments;
  for (size_t i = words.size(); i-- > 0;) {
    if (words[i].is(option))
      return i + 1 < words.size() ? std::optional(words[i + 1].value) : std::nullopt;
    const std::string_view start = words[i].value.known_start();
    if (start.starts_with(option) && start.substr(option.size()).starts_with('='))
      return value_after(words[i].value, option.size() + 1).value_or(Value::unknown());
  }
  return std::nullopt;
}

bool saves_nothing(const shell::CommandEvent& launch) {
  const std::vector<std::string> words = launch.words();
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (const size_t equals = word.find('='); equals != std::string::npos) {
      if (turns_off(word.substr(0, equals), word.substr(equals + 1))) return true;
    } else if (word.starts_with("-") && i + 1 < words.size() && turns_off(word, words[i + 1])) {
      return true;
    }
  }
  return false;
}

}  // namespace preflint::project
