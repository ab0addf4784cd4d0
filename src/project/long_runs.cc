#include "project/long_runs.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

namespace preflint::project {
namespace {

using shell::CommandEvent;

constexpr int kShortSeconds = 900;

/// "tools/train_gan.py" has the words tools, train, gan, py.
bool has_word(std::string_view path, std::initializer_list<std::string_view> words) {
  std::string word;
  const auto matches = [&] { return std::find(words.begin(), words.end(), word) != words.end(); };
  for (const char c : path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) {
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      continue;
    }
    if (matches()) return true;
    word.clear();
  }
  return matches();
}

bool trains(std::string_view name) {
  return has_word(name,
                  {"train", "training", "trainer", "finetune", "finetuning", "pretrain",
                   "pretraining", "sft", "dpo", "grpo", "ppo", "rlhf", "distill", "retrain"}) ||
         name.find("fine_tun") != std::string_view::npos ||
         name.find("fine-tun") != std::string_view::npos;
}

bool is_try(const CommandEvent& event) {
  return std::any_of(event.arguments.begin(), event.arguments.end(),
                     [](const shell::Argument& argument) {
                       const std::string word = argument.value.display();
                       for (const std::string_view option :
                            {"--help", "--dry-run", "--dry_run", "--smoke", "--version",
                             "--fast_dev_run", "--debug", "--check"}) {
                         if (word.starts_with(option)) return true;
                       }
                       return word == "-h";
                     });
}

bool limited(const CommandEvent& event) {
  for (const shell::Prefix& prefix : event.prefixes) {
    if (prefix.name != "timeout" || prefix.arguments.empty()) continue;
    const auto text = prefix.arguments.back().constant();
    if (!text || text->empty()) return true;
    const char unit = text->back();
    const double factor = unit == 'h' ? 3600 : unit == 'd' ? 86400 : unit == 'm' ? 60 : 1;
    return std::atof(text->c_str()) * factor <= kShortSeconds;
  }
  return false;
}

}  // namespace

bool long_run(const CommandEvent& event) {
  if (is_try(event) || limited(event)) return false;
  const std::string& name = event.name;
  const auto first = [&] {
    const shell::Argument* operand = event.operand();
    return operand ? operand->value.display() : std::string();
  };
  if (name == "torchrun" || name == "deepspeed") return true;
  if (name == "accelerate") return first() == "launch";
  if (name == "llamafactory-cli") return first() == "train";
  if (name == "swift") return first() == "sft" || first() == "pt" || first() == "rlhf";
  if (name == "xtuner" || name == "axolotl" || name == "tune")
    return first() == "train" || first() == "run";
  if (name == "python") {
    const auto module = event.option_value("-m");
    if (module) return trains(module->display());
    if (event.has_option("-c")) return false;
    return first().ends_with(".py") && trains(paths::basename(first()));
  }
  if (name == "bash" || name == "sh" || name == "zsh") {
    if (event.has_option("-c")) return false;  // what it runs is looked at itself
    const std::string script = paths::basename(first());
    return trains(script) || has_word(script, {"queue", "sweep", "experiment", "experiments"});
  }
  const std::string word = event.word.value.display();
  if (word.find('/') == std::string::npos) return false;
  return (word.ends_with(".sh") || word.ends_with(".py")) && trains(paths::basename(word));
}

}  // namespace preflint::project
