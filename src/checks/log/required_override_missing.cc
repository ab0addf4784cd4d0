#include <sstream>

#include "catalog/config.h"
#include "catalog/profile.h"
#include "project/context.h"
#include "project/program.h"

namespace preflint::checks {

using project::Run;
using shell::CommandEvent;

namespace {

/// `src.train`, `src/train.py` and `train.py` name the same entry point; "" when the word names
/// none.
std::string module_name(std::string word) {
  if (word.ends_with(".py")) word.resize(word.size() - 3);
  if (word.starts_with("./")) word.erase(0, 2);
  std::replace(word.begin(), word.end(), '/', '.');
  return word;
}

bool is_entry(const std::string& target, const std::string& entry) {
  const std::string launched = module_name(target), wanted = module_name(entry);
  return launched == wanted || launched.ends_with("." + wanted);
}

const shell::Argument* target_of(const CommandEvent& event) {
  for (size_t i = 0; i < event.arguments.size(); ++i) {
    if (event.arguments[i].is("-m") && i + 1 < event.arguments.size())
      return &event.arguments[i + 1];
    if (event.arguments[i].value.display().ends_with(".py")) return &event.arguments[i];
  }
  return nullptr;
}

/// yes: given; maybe: an argument that is not known may be it.
Tri given(const CommandEvent& event, const std::string& option) {
  std::istringstream words(option);
  std::string word, last;
  while (words >> word) last = word;
  for (const shell::Argument& argument : event.arguments) {
    const std::string_view start = argument.value.known_start();
    if (last.ends_with('=') ? start.starts_with(last)
                            : argument.is(last) || start.starts_with(last + "="))
      return Tri::yes;
    if (argument.may_split || (start.empty() && argument.value.unknown_whole())) return Tri::maybe;
  }
  return Tri::no;
}

/// The option with its value, as far as the configuration or the profile gives one; "" otherwise.
std::string complete(const std::string& option, const catalog::Profile& profile) {
  if (!option.ends_with('=')) return option;
  const size_t blank = option.rfind(' ');
  const std::string key =
      option.substr(blank == std::string::npos ? 0 : blank + 1,
                    option.size() - 1 - (blank == std::string::npos ? 0 : blank + 1));
  const auto value = profile.overrides.find(key);
  return value == profile.overrides.end() ? "" : option + value->second;
}

}  // namespace

void required_override_missing(project::Context& context) {
  for (const auto& required : context.config().required_overrides) {
    context.each_command(
        project::Where::instance, {"python", "torchrun", "accelerate", "deepspeed"},
        [&](const Run& run, const CommandEvent& event) {
          const shell::Argument* target = target_of(event);
          if (!target || event.has_prefix("xargs") ||
              !is_entry(target->value.display(), required.entry))
            return;
          if (given(event, required.option) != Tri::no) return;
          Finding& finding = context.report(run, event);
          finding.arguments = {{"entry", required.entry}, {"option", required.option}};
          const std::string text = complete(required.option, context.profile());
          if (!text.empty())
            context.edit(finding, *event.unit, {event.span.end, event.span.end}, " " + text);
        });
  }
}

}  // namespace preflint::checks
