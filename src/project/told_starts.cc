#include "project/told_starts.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <vector>

#include "base/one_of.h"
#include "base/text.h"
#include "project/guides.h"

namespace preflint::project {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kMarks = "\"'`";

bool word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Does `NAME=value` take the network away from what is asked?
bool takes_away(std::string_view word, ToldStarts::What what) {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = word.substr(0, equals);
  const std::string value = lower(trimmed(word.substr(equals + 1), kMarks));
  if (what == ToldStarts::tracker)
    return (name == "WANDB_MODE" && one_of(value, {"offline", "disabled", "dryrun"})) ||
           (name == "WANDB_DISABLED" && one_of(value, {"1", "true"}));
  return one_of(name, {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"}) &&
         one_of(value, {"1", "true", "yes", "on"});
}

/// Reads the commands that people are told, line by line, for a start of a script.
class Reading {
 public:
  Reading(std::string_view script, ToldStarts::What what) : script_(script), what_(what) {}

  /// A line goes on where it ends with a backslash.
  void line(std::string_view text) {
    text = trimmed(text, kBlanks);
    const bool open = text.ends_with('\\');
    if (open) text.remove_suffix(1);
    command_ += std::string(text) + ' ';
    if (open) return;
    command();
    command_.clear();
  }

  void end_block() { exported_ = false; }
  bool found() const { return found_; }

 private:
  void command() {
    bool off = exported_;
    for (const std::string_view word : split(command_, kBlanks)) {
      if (takes_away(word, what_)) off = true;
      if (off && paths::basename(trimmed(word, kMarks)) == script_) found_ = true;
    }
    if (command_.starts_with("export ")) exported_ = off;
  }

  std::string_view script_;
  ToldStarts::What what_;
  std::string command_;
  bool exported_ = false, found_ = false;
};

bool told_by_guide(std::string_view text, std::string_view script, ToldStarts::What what) {
  if (text.find(script) == std::string_view::npos) return false;
  Reading reading(script, what);
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (trimmed(line, kBlanks).starts_with("```")) reading.end_block();
    reading.line(line);
  }
  return reading.found();
}

bool told_by_comments(std::string_view text, std::string_view script, ToldStarts::What what) {
  Reading reading(script, what);
  while (!text.empty()) {
    std::string_view line = trimmed(take_line(text), kBlanks);
    if (!line.starts_with('#')) {
      reading.end_block();
      continue;
    }
    line.remove_prefix(std::min(line.find_first_not_of('#'), line.size()));
    reading.line(line);
  }
  return reading.found();
}

/// The variables that lead to a default which stands at `at`: A and B of `${A:-${B:-acme/widget}}`.
/// None where it is no default.
std::vector<std::string_view> variables_before(std::string_view text, size_t at) {
  std::vector<std::string_view> out;
  while (at > 0) {
    size_t end = at;
    if (text[end - 1] == '"' || text[end - 1] == '\'') --end;
    if (end == 0 || (text[end - 1] != '-' && text[end - 1] != '=')) break;
    --end;
    if (end > 0 && text[end - 1] == ':') --end;
    size_t begin = end;
    while (begin > 0 && word_character(text[begin - 1])) --begin;
    if (begin == end || begin < 2 || text.substr(begin - 2, 2) != "${") break;
    out.push_back(text.substr(begin, end - begin));
    at = begin - 2;
  }
  return out;
}

/// Is what stands behind `NAME=` a path, or a default that is one?
bool begins_with_path(std::string_view value) {
  while (value.starts_with('"') || value.starts_with('\'')) value.remove_prefix(1);
  if (value.starts_with("${")) {
    const std::string_view whole = value.substr(0, value.find_first_of("}\n"));
    const size_t fallback = whole.find(":-");
    if (fallback != std::string_view::npos) value.remove_prefix(fallback + 2);
  }
  for (const std::string_view start : {"/", "./", "../", "~/", "$HOME/", "${HOME}/"}) {
    if (value.starts_with(start)) return true;
  }
  return false;
}

bool sets_path_in(std::string_view text, std::string_view variable) {
  for (size_t at = text.find(variable); at != std::string_view::npos;
       at = text.find(variable, at + 1)) {
    const size_t end = at + variable.size();
    if (at > 0 && (word_character(text[at - 1]) || text[at - 1] == '{')) continue;
    if (end < text.size() && text[end] == '=' && begins_with_path(text.substr(end + 1)))
      return true;
  }
  return false;
}

}  // namespace

bool ToldStarts::offline(const Run& run, What what) const {
  for (const Run* at = &run; at; at = at->parent) {
    if (at->unit->kind != UnitKind::shell || at->unit->embedding != Embedding::file) continue;
    const File& script = at->unit->file();
    const std::string name = paths::basename(script.path);
    if (told_by_comments(script.bytes, name, what)) return true;
    const auto& guides = context_.shared<Guides>().files;
    if (std::any_of(guides.begin(), guides.end(), [&](const std::shared_ptr<const File>& guide) {
          return told_by_guide(guide->bytes, name, what);
        }))
      return true;
  }
  return false;
}

bool ToldStarts::sets_path(std::string_view variable, const File& asking) const {
  const auto sets = [&](const std::shared_ptr<const File>& file) {
    return file.get() != &asking && sets_path_in(file->bytes, variable);
  };
  const auto script_sets = [&](const std::shared_ptr<const File>& file) {
    return file->kind == FileKind::shell && sets(file);
  };
  const auto& files = context_.program().files;
  const auto& guides = context_.shared<Guides>().files;
  return std::any_of(files.begin(), files.end(), script_sets) ||
         std::any_of(guides.begin(), guides.end(), sets);
}

bool ToldStarts::path_instead(const shell::CommandEvent& event, std::string_view id) const {
  if (id.empty()) return false;
  const File& file = event.unit->file();
  const std::string_view text = file.bytes;
  std::vector<std::string_view> variables;
  for (size_t at = text.find(id); at != std::string_view::npos; at = text.find(id, at + 1)) {
    const size_t line = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    if (trimmed(text.substr(line), kBlanks).starts_with('#')) continue;
    const auto names = variables_before(text, at);
    if (names.empty()) return false;
    variables.insert(variables.end(), names.begin(), names.end());
  }
  return std::any_of(variables.begin(), variables.end(),
                     [&](std::string_view name) { return sets_path(name, file); });
}

}  // namespace preflint::project
