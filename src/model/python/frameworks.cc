#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "model/python/machine.h"

namespace preflint::py {
namespace {

/// The function behind a decorator that was called: `click.option(…)` gives "click.option".
std::string_view called_origin(const Value& decorator) {
  std::string_view origin = decorator.origin();
  if (origin.ends_with("()")) origin.remove_suffix(2);
  return origin;
}

bool ends_with_one(std::string_view text, std::initializer_list<std::string_view> tails) {
  return std::any_of(tails.begin(), tails.end(),
                     [&](std::string_view tail) { return text.ends_with(tail); });
}

/// What Hydra makes of the text behind `key=`: true, false, null, a number, a list, or a string.
Value override_value(std::string_view text, int depth = 0) {
  text = trimmed(text);
  const std::string low = lower(text);
  if (low == "true" || low == "false") return Value::boolean(low == "true");
  if (low == "null") return Value::none();
  const bool quoted = text.size() > 1 && (text[0] == '\'' || text[0] == '"');
  if (quoted && text.back() == text[0]) return Value::string(text.substr(1, text.size() - 2));
  const size_t digits = text.starts_with('-') ? 1 : 0;
  if (text.size() > digits && text.size() < 18 &&
      text.find_first_not_of("0123456789", digits) == text.npos)
    return Value::integer(std::strtol(std::string(text).c_str(), nullptr, 10));
  if (!text.starts_with('[') || !text.ends_with(']') || depth > 3) return Value::string(text);
  std::string_view inner = text.substr(1, text.size() - 2);
  if (inner.find_first_of("[{") != inner.npos) return Value();
  std::vector<Value> items;
  while (!trimmed(inner).empty()) {
    const size_t comma = std::min(inner.find(','), inner.size());
    items.push_back(override_value(inner.substr(0, comma), depth + 1));
    inner.remove_prefix(std::min(comma + 1, inner.size()));
  }
  return Value::collection(Type::list, std::move(items));
}

}  // namespace

/// Calls a function with some parameters given by name.
Value Machine::call_with(const Function& f, const std::map<std::string, Value>& values, Call& c) {
  Call inner;
  inner.expr = c.expr;
  inner.event = c.event;
  for (const Parameter& parameter : f.parameters->list) {
    const auto found = values.find(std::string(parameter.name));
    if (found == values.end()) continue;
    Argument argument;
    argument.keyword = parameter.name;
    argument.value = found->second;
    inner.arguments.push_back(std::move(argument));
  }
  return call_function(f, nullptr, inner, c.expr ? c.expr->span : Span{});
}

/// The command of a program that its launch names: `train.py fine-tune --x 1`. Null when it names
/// none of them.
const Function* Machine::named_command(const std::vector<Function*>& commands) const {
  if (!launch_.arguments || launch_.arguments->empty()) return nullptr;
  std::string name = launch_.arguments->front().constant().value_or("");
  std::replace(name.begin(), name.end(), '-', '_');
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](const Function* one) { return one->short_name == name; });
  return found == commands.end() ? nullptr : *found;
}

/// A command line function: parameters come from the options that a parser of them would read. The
/// first `skip` words of the launch are not for it.
Value Machine::click_main(const Function& f, size_t skip, Call& c) {
  Object* parser = heap_.make(Object::parser);
  std::map<std::string, std::string> names;  // dest → parameter
  const auto add = [&](const std::vector<std::string>& flags, const Value* fallback, bool flag,
                       const Value* type, bool no_flag) {
    Call option;
    for (const std::string& text : flags) {
      Argument argument;
      argument.value = Value::string(text);
      option.arguments.push_back(std::move(argument));
    }
    const auto keyword = [&](std::string_view name, Value value) {
      Argument argument;
      argument.keyword = name;
      argument.value = std::move(value);
      option.arguments.push_back(std::move(argument));
    };
    if (flag) {
      if (no_flag)
        keyword("action", Value::reference("argparse.BooleanOptionalAction"));
      else
        keyword("action", Value::string("store_true"));
    }
    if (fallback) keyword("default", *fallback);
    if (type && !flag) keyword("type", *type);
    add_argument(parser, option);
  };
  bool options = false;
  for (const Value& decorator : f.decorators) {
    const std::string_view origin = called_origin(decorator);
    const auto at = static_cast<size_t>(decorator.call);
    const bool option =
        ends_with_one(origin, {"click.option", "click.argument", "rich_click.option"});
    if (!option || decorator.call < 0 || at >= trace_.calls.size()) continue;
    options = true;
    const CallEvent event = trace_.calls[at];
    std::vector<std::string> flags;
    std::string dest;
    bool flag = false, both = false;
    for (const Argument& argument : event.arguments) {
      if (!argument.keyword.empty()) continue;
      std::string text = argument.value.constant().value_or("");
      if (const size_t slash = text.find("/--"); slash != text.npos) {
        text.resize(slash);
        flag = both = true;
      }
      if (!text.starts_with('-') && origin.ends_with("option"))
        dest = text;
      else
        flags.push_back(text);
    }
    if (const Argument* is_flag = event.keyword("is_flag"))
      flag |= is_flag->value.truth() == Tri::yes;
    const Argument* fallback = event.keyword("default");
    const Argument* type = event.keyword("type");
    if (!dest.empty() && !flags.empty()) flags.push_back("--" + dest);
    const Value no = Value::boolean(false);
    const Value* value = fallback ? &fallback->value : flag ? &no : nullptr;
    add(flags, value, flag,
        type && type->value.type == Type::reference && type->value.origin().starts_with("builtins.")
            ? &type->value
            : nullptr,
        both);
  }
  if (!options) {
    // typer, fire: every parameter is an option of its own name.
    for (size_t i = 0; i < f.parameters->list.size(); ++i) {
      const Parameter& parameter = f.parameters->list[i];
      if (parameter.kind == Parameter::variadic || parameter.kind == Parameter::variadic_keyword)
        continue;
      std::string flag = "--" + std::string(parameter.name);
      std::vector<std::string> flags{flag};
      std::replace(flag.begin() + 2, flag.end(), '_', '-');
      if (flag != flags[0]) flags.insert(flags.begin(), flag);
      Value fallback = parameter.fallback ? f.defaults[i] : Value::unknown(parameter.name);
      const bool described =
          fallback.type == Type::reference && fallback.call >= 0 &&
          static_cast<size_t>(fallback.call) < trace_.calls.size() &&
          ends_with_one(called_origin(fallback), {"typer.Option", "typer.Argument"});
      if (described) {
        const CallEvent& event = trace_.calls[static_cast<size_t>(fallback.call)];
        const Argument* first = event.argument(0, {"default"});
        fallback = first && first->value.type != Type::unknown ? first->value
                                                               : Value::unknown(parameter.name);
      }
      const Value type = fallback.type == Type::integer ? Value::reference("builtins.int")
                         : fallback.type == Type::real  ? Value::reference("builtins.float")
                                                        : Value();
      const bool flag_like = fallback.type == Type::boolean;
      add(flags, &fallback, flag_like, type.is_unknown() ? nullptr : &type, true);
    }
  }
  Call parse;
  parse.event = c.event;
  if (launch_.arguments) {
    // Words that stand before all options are the parameters in order.
    std::vector<Value> words;
    size_t parameter = options ? f.parameters->list.size() : 0;
    for (size_t i = std::min(skip, launch_.arguments->size()); i < launch_.arguments->size(); ++i) {
      const preflint::Value& word = (*launch_.arguments)[i];
      const bool loose =
          !word.unknown_whole() && !word.alternatives()[0].known_prefix().starts_with('-');
      if (!loose) parameter = f.parameters->list.size();
      if (parameter < f.parameters->list.size())
        words.push_back(Value::string("--" + std::string(f.parameters->list[parameter++].name)));
      words.push_back(Value::string(word));
    }
    Argument argument;
    argument.value = Value::collection(Type::list, std::move(words));
    parse.arguments.push_back(std::move(argument));
  }
  const Value space = parse_args(parser, parse, true);
  std::map<std::string, Value> values;
  for (const auto& [name, value] : space.object->fields) values[name] = value;
  return call_with(f, values, c);
}

/// A call of a function that a command line framework has wrapped: `main()` under @click.command().
bool Machine::framework_call(const Function& f, Call& c, Value& result) {
  if (!c.arguments.empty()) return false;
  for (const Value& decorator : f.decorators) {
    const std::string_view origin = called_origin(decorator);
    if (ends_with_one(origin, {"click.command", "click.group", "rich_click.command"})) {
      result = click_main(f, 0, c);
      return true;
    }
    if (origin == "hydra.main") {
      std::map<std::string, Value> values;
      // The configuration comes from files; overrides on the command line are `a.b=c`.
      Value config = Value::of(Type::instance);
      config.object = heap_.make(Object::options);
      config.object->open = true;
      for (const preflint::Value& word :
           launch_.arguments.value_or(std::vector<preflint::Value>())) {
        const auto text = word.constant();
        const size_t equals = text ? text->find('=') : std::string::npos;
        if (!text || equals == text->npos) continue;
        Object* at = config.object;
        std::string path = text->substr(0, equals);
        path.erase(0, std::min(path.find_first_not_of('+'), path.size()));
        for (size_t dot = path.find('.'); dot != path.npos; dot = path.find('.')) {
          Value& inner = at->fields[path.substr(0, dot)];
          if (!inner.object) {
            inner = Value::of(Type::instance);
            inner.object = heap_.make(Object::options);
            inner.object->open = true;
          }
          at = inner.object;
          path = path.substr(dot + 1);
        }
        at->fields[path] = override_value(text->substr(equals + 1));
      }
      if (!f.parameters->list.empty()) values[std::string(f.parameters->list[0].name)] = config;
      result = call_with(f, values, c);
      return true;
    }
    if (origin.ends_with("tyro.cli")) return false;
  }
  return false;
}

std::optional<Value> Machine::framework(std::string_view origin, Call& c) {
  const Value* first = c.positional(0);
  // trl's is transformers' with a configuration file.
  const bool of_dataclasses =
      origin == "transformers.HfArgumentParser" || origin == "trl.TrlParser";
  if (origin == "argparse.ArgumentParser" || origin == "configargparse.ArgParser" ||
      origin == "configargparse.ArgumentParser" || origin == "jsonargparse.ArgumentParser" ||
      of_dataclasses || origin == "tap.Tap") {
    Value out = Value::of(Type::instance);
    out.call = c.event;
    out.object = heap_.make(Object::parser);
    if (origin == "argparse.ArgumentParser" && !c.more_keywords && !c.keyword("exit_on_error") &&
        !c.keyword("prefix_chars"))
      out.object->fields["@strict"] = Value::none();
    // Options may stand in files as well.
    if (origin.starts_with("configargparse.")) out.object->fields["@files"] = Value::none();
    if (const Value* prefix = c.keyword("fromfile_prefix_chars"))
      out.object->fields["@prefix"] = *prefix;
    if (const Value* parents = c.keyword("parents")) {
      if (live_open(*parents)) out.object->open = true;
      for (const Value& parent : live_items(*parents)) {
        const bool known = parent.object && parent.object->kind == Object::parser;
        if (!known || parent.object->open) out.object->open = true;
        if (!known) continue;
        out.object->items.insert(out.object->items.end(), parent.object->items.begin(),
                                 parent.object->items.end());
        out.object->fields.insert(parent.object->fields.begin(), parent.object->fields.end());
      }
    }
    if (of_dataclasses && first) {
      std::vector<Value> classes = first->type == Type::class_ || first->type == Type::reference
                                       ? std::vector<Value>{*first}
                                       : live_items(*first);
      for (const Value& one : classes) {
        const bool own = one.type == Type::class_ && one.object && one.object->of;
        const std::vector<std::string> fields =
            own ? one.object->of->annotated : library_fields(one.origin());
        if (fields.empty()) continue;
        Value sample;
        if (own) {
          Call make;
          make.expr = c.expr;
          ++muted_;
          sample = instantiate(one, make, false);
          --muted_;
        }
        for (const std::string& field : fields) {
          const Value* found = sample.object ? heap_.get(sample.object, field) : nullptr;
          Value fallback = found ? *found : Value();
          // Defaults that need a call (field(…)) were recorded when the class was defined.
          Call option;
          Argument flag;
          flag.value = Value::string("--" + field);
          option.arguments.push_back(flag);
          if (field.find('_') != std::string::npos) {
            std::string dashed = field;
            std::replace(dashed.begin(), dashed.end(), '_', '-');
            flag.value = Value::string("--" + dashed);
            option.arguments.push_back(flag);
          }
          Argument preset;
          preset.keyword = "default";
          preset.value = fallback;
          option.arguments.push_back(preset);
          if (fallback.type == Type::boolean) {  // `--flag`, `--flag false`
            const auto say = [&](std::string_view keyword, Value value) {
              Argument& argument = option.arguments.emplace_back();
              argument.keyword = keyword;
              argument.value = std::move(value);
            };
            say("type", Value::reference(kWordsOfTruth));
            say("nargs", Value::string("?"));
            say("const", Value::boolean(true));
          }
          add_argument(out.object, option);
        }
      }
      out.object->fields["@dataclasses"] = Value::collection(Type::tuple, std::move(classes));
    }
    return out;
  }
  if ((origin == "fire.Fire" || origin == "typer.run" || origin == "tyro.cli") && first &&
      first->function) {
    const Value callee = *first;
    return click_main(*callee.function, 0, c);
  }
  if (origin == "fire.Fire") {
    // The functions of the module, or those of a dict, are commands; which one runs the launch
    // says.
    std::vector<Function*> commands;
    for (Function* function : functions_) {
      if (!first && !function->owner && function->file == activation_->file &&
          function->scope->kind == Object::module)
        commands.push_back(function);
    }
    const Function* named = named_command(commands);
    if (first && first->type == Type::dict && launch_.arguments && !launch_.arguments->empty()) {
      const auto word = launch_.arguments->front().constant();
      const std::vector<Value>& items = live_items(*first);
      for (size_t i = 0; word && i + 1 < items.size(); i += 2) {
        if (items[i].is(*word)) named = items[i + 1].function;
      }
    }
    return named ? std::optional(click_main(*named, 1, c)) : std::nullopt;
  }
  // app = typer.Typer(); @app.command() def main(…); app()
  if (origin == "typer.Typer()" || origin == "click.Group()") {
    std::vector<Function*> commands;
    for (Function* function : functions_) {
      for (const Value& decorator : function->decorators) {
        const std::string_view name = called_origin(decorator);
        if (name.ends_with("typer.Typer().command") || name.ends_with("typer.Typer().callback"))
          commands.push_back(function);
      }
    }
    if (commands.size() == 1) return click_main(*commands[0], 0, c);
    if (const Function* named = named_command(commands)) return click_main(*named, 1, c);
    for (Function* function : commands) {
      Call none;
      none.expr = c.expr;
      none.more_keywords = true;
      call_function(*function, nullptr, none, c.expr->span);
    }
    return Value::none();
  }
  // absl.flags
  if (origin.starts_with("absl.flags.DEFINE_") && c.count() >= 2 && first->constant()) {
    const std::string name = *first->constant();
    Value value = *c.positional(1);
    bool given = false;
    for (size_t i = 0; launch_.arguments && i < launch_.arguments->size(); ++i) {
      const preflint::Value& word = (*launch_.arguments)[i];
      const std::string text(word.alternatives()[0].known_prefix());
      for (const std::string& flag : {"--" + name, "-" + name}) {
        if (text == flag && origin.ends_with("_bool"))
          value = Value::boolean(true), given = true;
        else if (text == flag && i + 1 < launch_.arguments->size())
          value = Value::string((*launch_.arguments)[i + 1]), given = true;
        else if (text.starts_with(flag + "=") && word.constant())
          value = Value::string(text.substr(flag.size() + 1)), given = true;
      }
      if (text == "--no" + name) value = Value::boolean(false), given = true;
    }
    if (given && value.is_string() &&
        (origin.ends_with("_integer") || origin.ends_with("_float"))) {
      Call convert;
      Argument argument;
      argument.value = value;
      convert.arguments.push_back(argument);
      value = builtin(origin.ends_with("_integer") ? "int" : "float", convert).value_or(Value());
    }
    if (!launch_.arguments) {
      value.assumed = true;
      if (value.type == Type::boolean || value.is_none()) value = Value::unknown("FLAGS." + name);
    }
    heap_.set(world_, "flag:" + name, value);
    // DEFINE_* also gives a holder whose .value is the flag.
    Value holder = Value::of(Type::instance);
    holder.object = heap_.make(Object::instance);
    holder.object->open = true;
    holder.object->fields["value"] = value;
    return holder;
  }
  if (origin == "absl.app.run" && first && first->function && !first->function->called) {
    Call inner;
    inner.expr = c.expr;
    Argument argv;
    argv.value = plain_attribute(Value::reference("sys"), "argv");
    inner.arguments.push_back(argv);
    const Value callee = *first;
    call_function(*callee.function, nullptr, inner, c.expr->span);
    return Value::none();
  }
  return std::nullopt;
}

}  // namespace preflint::py
