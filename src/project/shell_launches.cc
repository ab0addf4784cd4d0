#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "model/value_after.h"
#include "project/output_options.h"
#include "project/shell_files.h"
#include "project/training.h"

namespace preflint::project {

void ShellFiles::launch() {
  const auto& words = event_->arguments;
  bool after_script = false;
  struct Given {
    std::string name;
    Value value;
    Span span;
  };
  std::vector<Given> given;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string word = start_of(words[i]);
    if (!after_script) {
      after_script = word.ends_with(".py") || word == "-m" ||
                     one_of(event_->name, {"llamafactory-cli", "swift", "xtuner", "yolo"});
      continue;
    }
    const size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (!names_output(name) || (equals == std::string::npos && !word.starts_with("-"))) continue;
    Value value;
    Span span = words[i].span;
    if (equals != std::string::npos) {
      const auto rest = value_after(words[i].value, equals + 1);
      if (!rest) continue;
      value = *rest;
    } else {
      if (i + 1 >= words.size()) continue;
      // Of `out/$1` the first word begins like that, however many there are.
      const auto& texts = words[i + 1].value.alternatives();
      const bool begun = std::all_of(texts.begin(), texts.end(), [](const Text& text) {
        return text.known_prefix().find('/') != std::string_view::npos;
      });
      if (start_of(words[i + 1]).starts_with("-") || (words[i + 1].may_split && !begun)) continue;
      value = words[i + 1].value;
      span = words[i + 1].span;
      ++i;
    }
    // Of an option that is given twice the last counts, as for argparse.
    std::erase_if(given, [&](const Given& before) { return before.name == name; });
    given.push_back({name, value, span});
  }
  for (const auto& [name, value, span] : given) {
    // A table or a picture, not a folder for states.
    const std::string file = paths::basename(value.display());
    if (file.rfind('.') != std::string::npos && file.rfind('.') > 0 &&
        file.size() - file.rfind('.') <= 6 && !is_checkpoint_file(file) && !value.unknown_whole())
      continue;
    Artefact& out = add(Artefact::destination, span, value);
    out.tool = name;
    out.live = starts_training(run_, *event_) && !saves_nothing(*event_);
  }
  if (told_to_push() || told_to_log_model()) {
    bring_away().own = true;
  }
}

bool ShellFiles::told_to_push() const {
  const auto& words = event_->arguments;
  for (size_t i = 0; i < words.size(); ++i) {
    std::string word = start_of(words[i]);
    const size_t equals = word.find('=');
    std::string value = equals == std::string::npos ? "" : lower(word.substr(equals + 1));
    word.resize(std::min(equals, word.size()));
    std::replace(word.begin(), word.end(), '-', '_');
    if (word != "__push_to_hub" && (word != "push_to_hub" || equals == std::string::npos)) continue;
    if (equals == std::string::npos && i + 1 < words.size())
      value = lower(words[i + 1].constant().value_or(""));
    return !one_of(value, {"false", "0", "no", "off"});
  }
  return false;
}

bool ShellFiles::told_to_log_model() const {
  const auto tracker = launch_option(*event_, "--report_to");
  return logs_model(event_->environment) &&
         (!tracker || tracker->is("all") || !tracker->constant() || tracker->is("wandb"));
}

}  // namespace preflint::project
