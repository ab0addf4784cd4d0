#include "base/text.h"
#include "model/python/machine.h"

namespace preflint::py {
namespace {

/// `KEY=value` of one line of a `.env` file; nothing for comments and blank lines.
std::optional<std::pair<std::string, std::string>> dotenv_entry(std::string_view row) {
  row = trimmed(row);
  if (row.starts_with("export ")) row = trimmed(row.substr(7));
  const size_t equals = row.find('=');
  if (row.starts_with('#') || equals == std::string_view::npos || equals == 0) return std::nullopt;
  std::string_view value = trimmed(row.substr(equals + 1));
  if (value.size() > 1 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
    value = value.substr(1, value.size() - 2);
  else
    value = trimmed(value.substr(0, value.find(" #")));
  return std::pair(std::string(trimmed(row.substr(0, equals))), std::string(value));
}

}  // namespace

/// The value of a variable. One that the launch says nothing of may be set to anything: a fallback
/// is then an assumption. A removed variable is kept as None.
Value Machine::read_environment(const preflint::Value& key, const Value* fallback,
                                bool missing_raises) {
  const auto name = key.constant();
  if (!name) return Value();
  const Value* found = heap_.get(environment_, *name);
  Value missing = fallback         ? *fallback
                  : missing_raises ? Value::unknown("$" + *name)
                                   : Value::none();
  if (found && found->is_none()) {
    if (missing_raises) ++risks_;
    return missing;
  }
  if (found) {
    Value out = *found;
    out.maybe_missing = false;
    return found->maybe_missing ? out.joined(missing) : out;
  }
  if (missing_raises) ++risks_;
  if (!fallback) return Value::unknown("$" + *name);
  Value out = *fallback;
  out.assumed = true;
  return out;
}

void Machine::write_environment(EnvironmentWrite::How how, const Value& key, const Value& value,
                                Span span, Span value_span) {
  if (!quiet()) {
    EnvironmentWrite event;
    event.how = how;
    event.order = next_order();
    event.file = activation_->file;
    event.span = span;
    event.value_span = value_span;
    event.frame = frame_;
    event.key = key.text();
    event.value = freeze(value);
    trace_.environment_writes.push_back(std::move(event));
  }
  for (const std::string& name : key.text().constants()) {
    const Value* found = heap_.get(environment_, name);
    Value made = value;
    made.maybe_missing = false;
    if (how == EnvironmentWrite::remove) made = Value::none();
    if (how == EnvironmentWrite::set_default && (!found || found->maybe_missing)) {
      if (found) made = found->joined(value);
      made.assumed = !found || value.assumed;
      made.maybe_missing = false;
    } else if (how == EnvironmentWrite::set_default && !found->is_none()) {
      continue;
    }
    if (key.text().alternatives().size() > 1 && found) made = made.joined(*found);
    heap_.set(environment_, name, std::move(made));
  }
}

std::optional<Value> Machine::environ_method(std::string_view name, Call& c) {
  const Value* key = c.get(0, "key");
  const Value* fallback = c.get(1, "default");
  const Span span = c.expr ? c.expr->span : Span{};
  if (name == "get" && key) {
    const Value none = Value::none();
    if (fallback) return read_environment(key->text(), fallback, false);
    return read_environment(key->text(), nullptr, false);
  }
  if (name == "setdefault" && key && fallback) {
    write_environment(EnvironmentWrite::set_default, *key, *fallback, span,
                      c.arguments.size() > 1 ? c.arguments[1].span : span);
    return read_environment(key->text(), fallback, false);
  }
  if (name == "pop" && key) {
    const Value old = read_environment(key->text(), fallback, !fallback);
    write_environment(EnvironmentWrite::remove, *key, Value(), span, {});
    return old;
  }
  if (name == "update") {
    for (const Argument& argument : c.arguments) {
      if (!argument.keyword.empty()) {
        write_environment(EnvironmentWrite::update, Value::string(argument.keyword), argument.value,
                          span, argument.span);
        continue;
      }
      if (argument.value.type == Type::dict && argument.value.object) {
        const std::vector<Value> items = live_items(argument.value);
        for (size_t i = 0; i + 1 < items.size(); i += 2) {
          write_environment(EnvironmentWrite::update, items[i], items[i + 1], span, argument.span);
        }
        if (!live_open(argument.value)) continue;
      }
      write_environment(EnvironmentWrite::update, Value(), Value(), span, argument.span);
    }
    return Value::none();
  }
  if (name == "copy") {
    std::vector<Value> items;
    for (const auto& [variable, value] : environment_->fields) {
      if (value.is_none() || value.maybe_missing) continue;
      items.push_back(Value::string(variable));
      items.push_back(value);
    }
    return make_collection(Type::dict, std::move(items), true);
  }
  if (name == "items" || name == "keys" || name == "values") return Value();
  return std::nullopt;
}

std::optional<Value> Machine::environment_function(std::string_view origin, Call& c) {
  const Value* key = c.get(0, "key");
  const Span span = c.expr ? c.expr->span : Span{};
  if (origin == "os.getenv" && key) {
    const Value* fallback = c.get(1, "default");
    return read_environment(key->text(), fallback, false);
  }
  if (origin == "os.putenv" && c.count() == 2) {
    write_environment(EnvironmentWrite::putenv, *key, *c.positional(1), span, c.arguments[1].span);
    return Value::none();
  }
  if (origin == "os.unsetenv" && key) {
    write_environment(EnvironmentWrite::remove, *key, Value(), span, {});
    return Value::none();
  }
  if (origin == "os.getcwd") return *heap_.get(world_, "cwd");
  if (origin == "tempfile.mkdtemp" || origin == "tempfile.TemporaryDirectory") {
    const preflint::Text fresh = preflint::Text::hole(kTemporaryHole, Tri::no);
    const Value* folder = c.get(2, "dir");
    if (!folder || folder->is_none()) return Value::string(fresh);
    const preflint::Value within = folder->text();
    if (within.alternatives().size() != 1) return std::nullopt;
    return Value::string(paths::join(within.alternatives()[0], fresh));
  }
  if (origin == "os.chdir" && c.count() == 1) {
    const preflint::Value cwd = heap_.get(world_, "cwd")->text();
    const preflint::Value to = c.positional(0)->text();
    preflint::Value moved = preflint::Value::unknown(kCwdHole);
    if (cwd.alternatives().size() == 1 && to.alternatives().size() == 1) {
      moved = paths::join(cwd.alternatives()[0], to.alternatives()[0]);
    }
    heap_.set(world_, "cwd", Value::string(moved));
    return Value::none();
  }
  if ((origin == "os.fspath" || origin == "os.fsdecode") && c.count() == 1)
    return Value::string(c.positional(0)->text());
  return std::nullopt;
}

/// The project's file of variables: the one that is named, or `.env` beside the program or at the
/// top.
std::shared_ptr<const File> Machine::dotenv(const Value* path, std::string_view ending) const {
  if (!host_.open) return nullptr;
  std::string name = ".env";
  if (path && !path->is_none()) {
    const auto given = path->text().constant();
    if (!given) return nullptr;
    name = given->starts_with('/') ? paths::basename(*given) : *given;
  }
  std::vector<std::string> folders = {paths::dirname(trace_.main().path)};
  folders.insert(folders.end(), host_.roots.begin(), host_.roots.end());
  for (const std::string& folder : folders) {
    if (auto file = host_.open(paths::normalise(folder + "/" + name + std::string(ending))))
      return file;
  }
  return nullptr;
}

/// `load_dotenv()`. What the file sets is not known where it is not there, and it mostly is on the
/// box only: its template then tells the names.
Value Machine::load_dotenv(Call& c) {
  const Span span = c.expr ? c.expr->span : Span{};
  const Value* path = c.get(0, "dotenv_path");
  const Value* override_set = c.keyword("override");
  const auto how = override_set && override_set->truth() != Tri::no ? EnvironmentWrite::assign
                                                                    : EnvironmentWrite::set_default;
  auto file = dotenv(path, "");
  const bool known = file != nullptr;
  for (const char* ending : {".example", ".template", ".sample"}) {
    if (!file) file = dotenv(path, ending);
  }
  if (!file) {
    write_environment(EnvironmentWrite::update, Value(), Value(), span, {});
    return Value();
  }
  std::string_view rest = file->bytes;
  while (!rest.empty()) {
    const auto entry = dotenv_entry(take_line(rest));
    if (!entry) continue;
    const Value value = known ? Value::string(entry->second) : Value::unknown("$" + entry->first);
    write_environment(how, Value::string(entry->first), value, span, {});
  }
  return Value();
}

}  // namespace preflint::py
