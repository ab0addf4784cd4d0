#include "project/settings_files.h"

#include <set>

#include "base/one_of.h"
#include "project/resolve.h"

namespace preflint::project {

const Document* SettingsFiles::read(const std::string& path) const {
  const auto [at, fresh] = read_.try_emplace(path);
  const auto file = fresh ? reader_.open(path) : nullptr;
  if (file) {
    Result<Document> read =
        path.ends_with(".json") ? parse_json(file->bytes) : parse_yaml(file->bytes);
    if (read) at->second = *std::move(read);
  }
  return at->second ? &*at->second : nullptr;
}

std::optional<shell::CommandEvent> with_settings(const Context& context, const Run& run,
                                                 const shell::CommandEvent& event) {
  if (!one_of(event.name, {"llamafactory-cli", "lmf"})) return std::nullopt;
  const shell::Argument* named = event.operand(1);
  const std::string path = named ? named->constant().value_or("") : "";
  if (!path.ends_with(".yaml") && !path.ends_with(".yml") && !path.ends_with(".json"))
    return std::nullopt;
  const Program& program = context.program();
  const std::string found =
      Resolver(program.root, *program.reader)
          .file(named->value, event.state.here(), paths::dirname(run.unit->file().path));
  const Document* settings = found.empty() ? nullptr : context.shared<SettingsFiles>().read(found);
  if (!settings || !settings->is_map()) return std::nullopt;
  shell::CommandEvent out = event;
  std::set<std::string> given;
  const auto give = [&](const std::string& key, Value value) {
    if (!given.insert(key).second || event.option_value("--" + key)) return;
    shell::Argument word = *named;
    word.value = Value::literal("--" + key);
    out.arguments.push_back(word);
    word.value = std::move(value);
    out.arguments.push_back(std::move(word));
  };
  // `llamafactory-cli train x.yaml model_name_or_path=…`.
  for (const shell::Argument& argument : event.arguments) {
    const std::string_view start = argument.value.known_start();
    const size_t equals = start.find('=');
    if (start.starts_with('-') || equals == std::string_view::npos) continue;
    const auto text = argument.constant();
    give(std::string(start.substr(0, equals)),
         text ? Value::literal(text->substr(equals + 1)) : Value::unknown());
  }
  for (const Document::Member& one : settings->members) {
    if (one.value.is_scalar() && !one.value.is_null())
      give(one.key, Value::literal(one.value.text));
  }
  return out;
}

}  // namespace preflint::project
