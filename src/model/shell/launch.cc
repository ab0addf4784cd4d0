#include <cctype>
#include <optional>
#include <utility>

#include "model/shell/launcher.h"
#include "syntax/shell/words.h"

namespace preflint::shell {

const RedirectEvent* text_input(const CommandEvent& event) {
  const RedirectEvent* found = nullptr;
  for (const RedirectEvent& redirect : event.redirects) {
    const RedirectKind kind = redirect.redirect->kind;
    if (kind == RedirectKind::heredoc || kind == RedirectKind::here_string) found = &redirect;
  }
  return found;
}

const RedirectEvent* file_input(const CommandEvent& event) {
  for (const RedirectEvent& redirect : event.redirects) {
    if (redirect.redirect->kind == RedirectKind::input && redirect.redirect->fd <= 0)
      return &redirect;
  }
  return nullptr;
}

/// What a resolved or unknown expansion looks like in a text handed to another shell: its value
/// where that is one known text; else an expansion of the same name, which the inner shell does not
/// know either.
std::optional<Source> Machine::source_of(const Argument& argument, const State& state) {
  const Word* word = argument.origin ? argument.origin : argument.word;
  const Unit* unit = argument.origin_unit ? argument.origin_unit : unit_;
  if (!word || !unit) return std::nullopt;
  State scratch = state;
  const auto expand_part = [&](const Part& part) -> std::optional<std::string> {
    ++silent_;
    auto* saved = std::exchange(output_, nullptr);
    const Value value = expand(part, scratch, true);
    output_ = saved;
    --silent_;
    if (auto constant = value.constant()) return constant;
    const bool filled = value.empty() == Tri::no;
    std::string name =
        part.kind == PartKind::parameter && !part.name.empty() &&
                (std::isalpha(static_cast<unsigned char>(part.name[0])) || part.name[0] == '_')
            ? part.name
            : std::string(kOutsideHole);
    return filled ? "${" + name + ":?}" : "${" + name + "}";
  };
  if (argument.origin) {
    // Its expansions belong to the caller's scope; only what needs none is followed.
    return decode(*word, unit->source, [](const Part&) -> std::optional<std::string> {
      return "${" + std::string(kOutsideHole) + ":?}";
    });
  }
  return decode(*word, unit->source, expand_part);
}

std::string Machine::place_of(const Value& value, const State& state) {
  if (value.alternatives().size() != 1 || value.unknown_whole()) return "";
  const Text here = state.here();
  return paths::join(here, value.alternatives()[0]).display();
}

/// `cat > run.sh <<'EOF'`, `tee run.sh <<EOF`.
void Machine::note_written(const CommandEvent& event) {
  if (event.name != "cat" && event.name != "tee") return;
  const RedirectEvent* input = text_input(event);
  if (!input || input->redirect->kind != RedirectKind::heredoc) return;
  for (const RedirectEvent& redirect : event.redirects) {
    if (redirect.redirect->kind != RedirectKind::output || redirect.redirect->fd == 2) continue;
    if (const std::string path = place_of(redirect.target, event.state); !path.empty())
      written_[path] = {input->redirect, event.unit};
  }
  const Argument* file = event.name == "tee" && !event.has_option("-a") ? event.operand() : nullptr;
  if (file) {
    if (const std::string path = place_of(file->value, event.state); !path.empty())
      written_[path] = {input->redirect, event.unit};
  }
}

std::string Machine::Launcher::word_at(size_t i) const {
  return i < words_.size() ? words_[i].constant().value_or("") : std::string();
}

Embedded* Machine::Launcher::add(UnitKind kind, Embedding how, std::optional<Source> source,
                                 Dialect dialect) {
  if (!source || machine_.silent_ > 0) return nullptr;
  Embedded& out = embedded_.emplace_back();
  out.kind = kind;
  out.embedding = how;
  out.source = std::move(*source);
  out.dialect = dialect;
  return &out;
}

std::optional<Source> Machine::Launcher::input(UnitKind kind) {
  const RedirectEvent* from = text_input(event_);
  if (!from || machine_.silent_ > 0) return std::nullopt;
  State scratch = state_;
  const auto expand_part = [&](const Part& part) -> std::optional<std::string> {
    ++machine_.silent_;
    const Value value = machine_.expand(part, scratch, true);
    --machine_.silent_;
    if (auto constant = value.constant()) return constant;
    const std::string hole = part.kind == PartKind::parameter && !part.name.empty() &&
                                     std::isalpha(static_cast<unsigned char>(part.name[0]))
                                 ? part.name
                                 : std::string(kOutsideHole);
    return kind == UnitKind::python   ? std::string("0")
           : value.empty() == Tri::no ? "${" + hole + ":?}"
                                      : "${" + hole + "}";
  };
  const Redirect& redirect = *from->redirect;
  return redirect.kind == RedirectKind::here_string
             ? decode(redirect.target, machine_.unit_->source, expand_part)
             : decode(redirect, machine_.unit_->source, expand_part);
}

Embedded* Machine::Launcher::heredoc(UnitKind kind, Embedding how, Dialect dialect) {
  return add(kind, how, input(kind), dialect);
}

std::optional<Source> Machine::Launcher::joined(size_t from, bool keep_words) {
  if (from >= words_.size()) return std::nullopt;
  if (from + 1 == words_.size()) return machine_.source_of(words_[from], state_);
  SourceBuilder builder;
  for (size_t i = from; i < words_.size(); ++i) {
    const Span span = words_[i].span;
    if (i > from) builder.replaced(" ", {words_[i - 1].span.end, span.begin});
    auto part = machine_.source_of(words_[i], state_);
    if (!part || &part->file() != &machine_.unit_->file()) return std::nullopt;
    const std::string text(part->text());
    const bool quote =
        keep_words && text.find_first_of(" \t\n;&|<>()$`\"\\'*?") != std::string::npos;
    if (quote && text.find('\'') != std::string::npos) return std::nullopt;
    if (quote) builder.replaced("'", {span.begin, span.begin});
    const size_t at = machine_.unit_->source.slice(span).find(text);
    if (at != std::string_view::npos && !text.empty())
      builder.exact(text, span.begin + static_cast<uint32_t>(at));
    else
      builder.replaced(text, span);
    if (quote) builder.replaced("'", {span.end, span.end});
  }
  return std::move(builder).build(machine_.unit_->source, "'\"");
}

bool Machine::Launcher::written(const Value& path, UnitKind kind, std::optional<Dialect> named) {
  if (machine_.silent_ > 0) return false;
  const auto at = machine_.written_.find(machine_.place_of(path, state_));
  if (at == machine_.written_.end()) return false;
  State scratch = state_;
  const Unit* here = std::exchange(machine_.unit_, at->second.unit);
  auto source = decode(*at->second.heredoc, machine_.unit_->source,
                       [&](const Part& part) -> std::optional<std::string> {
                         ++machine_.silent_;
                         const Value value = machine_.expand(part, scratch, true);
                         --machine_.silent_;
                         return value.constant().value_or("${" + std::string(kOutsideHole) + "}");
                       });
  machine_.unit_ = here;
  if (!source) return false;
  Dialect dialect = named.value_or(Dialect::bash);
  const std::string_view text = source->text();
  const std::string_view first = text.substr(0, text.find('\n'));
  if (!named && first.starts_with("#!") && first.ends_with("/sh")) dialect = Dialect::posix;
  return add(kind, Embedding::heredoc, std::move(source), dialect) != nullptr;
}

void Machine::Launcher::launch(Launch::Kind kind, size_t target, Dialect dialect) {
  if (machine_.silent_ > 0 || target >= words_.size()) return;
  const bool script = kind == Launch::shell_script;
  if (kind != Launch::python_module &&
      written(words_[target].value, script ? UnitKind::shell : UnitKind::python,
              script ? std::optional(dialect) : std::nullopt))
    return;
  Launch& out = launches_.emplace_back();
  out.kind = kind;
  out.target = words_[target];
  out.arguments.assign(words_.begin() + static_cast<std::ptrdiff_t>(target) + 1, words_.end());
  out.dialect = dialect;
  out.by_interpreter = true;
}

void Machine::find_embedded(CommandEvent& event, std::vector<Embedded>& embedded,
                            std::vector<Launch>& launches) {
  Launcher(*this, event, embedded, launches).find();
}

}  // namespace preflint::shell
