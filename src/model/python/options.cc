#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "model/python/machine.h"
#include "model/python/parser_option.h"
#include "syntax/document.h"

namespace preflint::py {
namespace {

Value value_of(const Document& setting) {
  switch (setting.kind) {
    case Document::Kind::null:
      return Value::none();
    case Document::Kind::boolean:
      return Value::boolean(setting.boolean);
    case Document::Kind::integer:
      return Value::integer(setting.integer);
    case Document::Kind::real:
      return Value::floating(setting.real);
    case Document::Kind::string:
      if (const auto flag = boolean_of_yaml11(setting)) return Value::boolean(*flag);
      return Value::string(setting.text);
    default:
      return Value();
  }
}

/// Is the option (`--a_b`, `--a-b`, `--a_b=…`) among the words of a launch?
bool names_option(const std::optional<std::vector<preflint::Value>>& words,
                  std::string_view field) {
  return words && std::any_of(words->begin(), words->end(), [&](const preflint::Value& word) {
           std::string flag(word.known_start());
           flag.resize(std::min(flag.find('='), flag.size()));
           if (!flag.starts_with("--")) return false;
           std::replace(flag.begin() + 2, flag.end(), '-', '_');
           return std::string_view(flag).substr(2) == field;
         });
}

}  // namespace

std::vector<std::string> library_fields(std::string_view origin) {
  if (origin == "trl.ModelConfig") return {"model_name_or_path"};
  if (origin == "trl.ScriptArguments") return {"dataset_name"};
  return {};
}

/// The word behind `--option`, or behind its `=`. Given twice, the last counts.
preflint::Value Machine::option_word(std::string_view option) const {
  if (!launch_.arguments) return preflint::Value::unknown();
  const std::string flag = "--" + std::string(option);
  const auto& words = *launch_.arguments;
  for (size_t i = words.size(); i-- > 0;) {
    if (words[i].is(flag) && i + 1 < words.size()) return words[i + 1];
    const auto text = words[i].constant();
    if (text && text->starts_with(flag + "="))
      return preflint::Value::literal(text->substr(flag.size() + 1));
  }
  return preflint::Value::unknown();
}

void Machine::add_argument(Object* parser, Call& c) {
  Option option;
  for (const Argument& argument : c.arguments) {
    if (!argument.keyword.empty()) continue;
    const auto flag = argument.value.constant();
    if (!flag) {
      heap_.set_open(parser);
      return;
    }
    option.flags.push_back(*flag);
  }
  if (c.more_positional) heap_.set_open(parser);
  option.inexact = c.more_keywords;
  option.positional = !option.flags.empty() && !option.flags[0].starts_with('-');
  const Value* dest = c.keyword("dest");
  if (dest && dest->constant()) {
    option.dest = *dest->constant();
  } else {
    for (const std::string& flag : option.flags) {
      const bool is_long = flag.starts_with("--");
      if (option.dest.empty() || is_long)
        option.dest = flag.substr(std::min(flag.find_first_not_of('-'), flag.size()));
      if (is_long) break;
    }
    std::replace(option.dest.begin(), option.dest.end(), '-', option.positional ? '-' : '_');
  }
  if (const Value* action = c.keyword("action")) {
    option.action = action->is_reference("argparse.BooleanOptionalAction")
                        ? "boolean"
                        : action->constant().value_or("?");
  }
  if (const Value* fallback = c.keyword("default")) {
    option.fallback = *fallback;
    option.has_default = true;
  } else if (option.action == "store_true" || option.action == "store_false") {
    option.fallback = Value::boolean(option.action == "store_false");
    option.has_default = true;
  }
  if (const Value* constant = c.keyword("const")) option.constant = *constant;
  if (const Value* type = c.keyword("type")) option.type = *type;
  if (const Value* nargs = c.keyword("nargs")) {
    option.nargs = nargs->type == Type::integer                ? std::to_string(nargs->number)
                   : nargs->is_reference("argparse.REMAINDER") ? "*"
                                                               : nargs->constant().value_or("*");
  }
  if (const Value* required = c.keyword("required"))
    option.required = required->truth() == Tri::yes;
  if (option.dest.empty()) return;
  std::vector<Value> items = parser->items;
  if (items.size() > 2000) return;
  items.push_back(pack(option));
  heap_.set_items(parser, std::move(items), parser->open);
}

Value Machine::parse_args(Object* parser, Call& c, bool known) {
  // The words to parse; nothing when they are not known.
  std::optional<std::vector<preflint::Value>> words;
  const Value* given = c.get(0, "args");
  if (given && !given->is_none()) {
    if (const auto elements = elements_of(*given)) {
      words.emplace();
      for (const Value& element : *elements) words->push_back(element.text());
    }
  } else {
    words = launch_.arguments;
  }
  const bool of_launch = !given || given->is_none();
  const auto spelled_words = of_launch ? launch_.spelled : std::vector<preflint::Value>();
  const Object* whole = parser;
  parser = with_subcommand(parser, words, spelled_words);
  const std::vector<Option> options = options_of(*parser);
  bool uncertain = !words;
  bool from_files = parser->fields.contains("@files");
  if (const auto prefix = parser->fields.find("@prefix"); prefix != parser->fields.end() && words) {
    const std::string first = prefix->second.constant().value_or("");
    from_files |= std::any_of(words->begin(), words->end(), [&](const preflint::Value& word) {
      return !first.empty() && word.known_start().starts_with(first);
    });
  }
  std::map<std::string, Value, std::less<>> values;
  const auto convert = [&](const Option& option, const preflint::Value& word) -> Value {
    Value raw = Value::string(word);
    if (option.type.is_unknown() && option.type.name() == "?") return raw;
    if (option.type.is_reference(kWordsOfTruth)) {
      const std::string text = lower(word.constant().value_or(""));
      if (one_of(text, {"yes", "true", "t", "y", "1"})) return Value::boolean(true);
      if (one_of(text, {"no", "false", "f", "n", "0"})) return Value::boolean(false);
      return Value();
    }
    Call call;
    Argument argument;
    argument.value = raw;
    call.arguments.push_back(argument);
    ++muted_;
    Value out;
    if (option.type.type == Type::reference) {
      out = library(option.type.origin(), call).value_or(Value());
      if (out.type == Type::reference) out = Value();
    } else if (option.type.function) {
      const Value callee = option.type;
      out = call_function(*callee.function, nullptr, call, {});
    }
    --muted_;
    return out;
  };
  const bool checkable = words || (!spelled_words.empty() && parser == whole);
  if (checkable && !known && !from_files && !parser->open &&
      refuses(parser, options, words ? *words : spelled_words)) {
    ended_ = trace_.refused = true;
    return {};
  }
  std::vector<preflint::Value> loose;
  if (words) {
    for (size_t i = 0; i < words->size(); ++i) {
      const preflint::Value& word = (*words)[i];
      if (!is_option(word)) {
        // Unknown words may be options of any kind.
        if (word.unknown_whole()) uncertain = true;
        loose.push_back(word);
        continue;
      }
      // `--flag=value`, even with an unknown value.
      const Text& text = word.alternatives()[0];
      const std::string head(text.known_prefix());
      const size_t equals = head.find('=');
      const std::string flag = equals == head.npos ? head : head.substr(0, equals);
      if (flag == "--" && text.known()) {
        for (++i; i < words->size(); ++i) loose.push_back((*words)[i]);
        break;
      }
      const OptionMatch match = match_option(options, flag, !known);
      const Option* option = match.option;
      std::optional<preflint::Value> attached;
      if (!match.rest.empty()) attached = preflint::Value::literal(head.substr(2));
      if (equals != head.npos) {
        Text tail = Text::literal(head.substr(equals + 1));
        for (size_t k = 1; k < text.pieces().size(); ++k) {
          const Piece& piece = text.pieces()[k];
          if (piece.known)
            tail.append(piece.text);
          else
            tail.append(Text::hole(piece.text, piece.empty));
        }
        attached = tail;
      }
      if (!option) {
        // A stranger's value follows it, if anything does.
        if (!attached && i + 1 < words->size() && !is_option((*words)[i + 1])) ++i;
        continue;
      }
      if (option->inexact) {
        values[option->dest] = Value::unknown("args." + option->dest);
        continue;
      }
      if (option->action == "store_true" || option->action == "store_false" ||
          option->action == "boolean") {
        values[option->dest] = Value::boolean(
            option->action == "boolean" ? !match.negated : option->action == "store_true");
        // fire: `--tb=False`, `--tb False`.
        std::string said;
        if (attached)
          said = lower(attached->constant().value_or("?"));
        else if (option->action == "boolean" && !match.negated && i + 1 < words->size())
          said = lower((*words)[i + 1].constant().value_or(""));
        if (one_of(said, {"true", "false"})) {
          values[option->dest] = Value::boolean(said == "true");
          if (!attached) ++i;
        } else if (attached) {
          values[option->dest] = Value::unknown("args." + option->dest);
        }
      } else if (option->action == "store_const") {
        values[option->dest] = option->constant;
      } else if (option->takes_value()) {
        const bool many = option->takes_many();
        std::vector<Value> list;
        if (attached) list.push_back(convert(*option, *attached));
        while (!attached && i + 1 < words->size() && !is_option((*words)[i + 1]) &&
               (many || list.empty())) {
          list.push_back(convert(*option, (*words)[++i]));
        }
        if (option->action != "store")
          values[option->dest] = Value::unknown("args." + option->dest);
        else if (many)
          values[option->dest] = make_collection(Type::list, std::move(list));
        else
          values[option->dest] =
              list.empty() ? (option->nargs == "?" ? option->constant : Value()) : list[0];
      } else {
        values[option->dest] = Value::unknown("args." + option->dest);
      }
    }
  }
  // What a launch gives whose words are not all known: `--model "$MODEL" $MORE`.
  const auto spelled = [&](const Option& option) -> std::optional<Value> {
    if (words || !of_launch || option.action != "store" || !option.nargs.empty())
      return std::nullopt;
    const std::vector<preflint::Value>& all = launch_.spelled;
    for (size_t i = all.size(); i-- > 0;) {
      const std::string word = all[i].constant().value_or("");
      const size_t equals = word.find('=');
      if (!option.has_flag(word.substr(0, equals))) continue;
      if (equals != word.npos)
        return convert(option, preflint::Value::literal(word.substr(equals + 1)));
      return i + 1 < all.size() && !all[i + 1].unknown_whole()
                 ? convert(option, all[i + 1])
                 : Value::unknown("args." + option.dest);
    }
    return std::nullopt;
  };
  Value out = Value::of(Type::instance);
  out.call = c.event;
  const Value* space = c.get(1, "namespace");
  out.object = space && space->object ? space->object : heap_.make(Object::options);
  out.object->open = uncertain || parser->open;
  // Which of several subcommands runs is not known: what two of them call the same may differ.
  const auto ambiguous = [&](const Option& option) {
    return parser->open && std::count_if(options.begin(), options.end(), [&](const Option& other) {
                             return other.dest == option.dest;
                           }) > 1;
  };
  size_t next = 0;
  for (const Option& option : options) {
    Value value;
    const auto set = values.find(option.dest);
    if (option.positional) {
      const bool many = option.nargs == "*" || option.nargs == "+";
      if (many && words) {
        std::vector<Value> list;
        while (next < loose.size()) list.push_back(convert(option, loose[next++]));
        value = make_collection(Type::list, std::move(list), uncertain);
      } else if (next < loose.size() && words) {
        value = convert(option, loose[next++]);
      } else {
        value = option.has_default ? option.fallback : Value::unknown("args." + option.dest);
        value.assumed = uncertain || parser->open;
      }
    } else if (set != values.end()) {
      value = set->second;
    } else if (option.inexact || (option.required && !option.has_default)) {
      value = Value::unknown("args." + option.dest);
    } else if (auto told = spelled(option)) {
      value = *std::move(told);
      value.assumed = true;
    } else {
      value = option.fallback;
      if (value.is_string() && !value.is_path && option.has_default)
        value = convert(option, value.text());
      if (from_files && option.fallback.type != Type::boolean && !option.fallback.is_none())
        value = Value::unknown("args." + option.dest);
      const bool maybe_given = uncertain || from_files || ambiguous(option);
      value.assumed |= maybe_given;
      // What a flag says when it is not known whether it is given.
      if (maybe_given && (value.type == Type::boolean || value.is_none())) {
        value = Value::unless_given("args." + option.dest, value);
      }
    }
    heap_.set(out.object, option.dest, std::move(value));
  }
  for (const auto& [name, value] : parser->fields) {
    if (!out.object->fields.contains(name)) heap_.set(out.object, name, value);
  }
  return out;
}

/// HfArgumentParser: an instance of each of its classes, filled from the command line or from a
/// file. Nothing when that file is not known.
std::optional<Value> Machine::parse_dataclasses(Object* parser, std::string_view method, Call& c) {
  Call parse;
  parse.event = c.event;
  std::optional<Document> file;
  if (method == "parse_json_file" || method == "parse_yaml_file") {
    const Value* path = c.get(0, method == "parse_json_file" ? "json_file" : "yaml_file");
    const auto found = path && host_.settings ? host_.settings(path->text()) : nullptr;
    if (!found) return std::nullopt;
    Result<Document> read =
        method == "parse_json_file" ? parse_json(found->bytes) : parse_yaml(found->bytes);
    if (!read || !read->is_map()) return std::nullopt;
    file = *std::move(read);
    Argument& words = parse.arguments.emplace_back();  // none
    words.value = make_collection(Type::list, {});
  }
  std::optional<std::vector<Value>> dict;  // key, value…
  bool more = false;                       // than those
  if (method == "parse_dict") {
    const Value* given = c.get(0, "args");
    if (!given || given->type != Type::dict) return std::nullopt;
    dict = live_items(*given);
    more = live_open(*given);
    parse.arguments.emplace_back().value = make_collection(Type::list, {});
  } else if (const Value* words = c.keyword("args");
             words && method == "parse_args_into_dataclasses") {
    parse.arguments.emplace_back().value = *words;
  }
  const Value space = parse_args(parser, parse, true);
  // A file may set what the launch does not.
  const bool by_file =
      method == "parse_args_and_config" && names_option(launch_.arguments, "config");
  if (by_file) {
    const auto found = host_.settings ? host_.settings(option_word("config")) : nullptr;
    Result<Document> read = found ? parse_yaml(found->bytes) : Result<Document>(Document());
    if (read && read->is_map()) file = *std::move(read);
  }
  const Value classes =
      parser->fields.contains("@dataclasses") ? parser->fields["@dataclasses"] : Value();
  std::vector<Value> out;
  for (const Value& one : live_items(classes)) {
    const bool own = one.type == Type::class_ && one.object && one.object->of;
    const std::vector<std::string> fields =
        own ? one.object->of->annotated : library_fields(one.origin());
    if (!own && fields.empty()) {
      out.push_back(Value::reference(std::string(one.origin()) + "()", c.event));
      continue;
    }
    Value made = Value::of(Type::instance);
    made.object = heap_.make(Object::instance);
    if (own)
      made.object->of = one.object->of;
    else
      made.object->open = true;
    for (const std::string& field : fields) {
      const bool said = by_file && names_option(launch_.arguments, field);
      const Document* setting = file && !said ? file->find(field) : nullptr;
      const Value* found = heap_.get(space.object, field);
      const Value* entry = nullptr;
      for (size_t i = 0; dict && i + 1 < dict->size(); i += 2) {
        if ((*dict)[i].is(field)) entry = &(*dict)[i + 1];
      }
      if (setting)
        heap_.set(made.object, field, value_of(*setting));
      else if (entry)
        heap_.set(made.object, field, *entry);
      else if (more)
        heap_.set(made.object, field, Value::unknown("args." + field));
      else if (found && by_file && !file && !said)
        heap_.set(made.object, field, Value::unknown("args." + field));
      else if (found)
        heap_.set(made.object, field, *found);
    }
    out.push_back(made);
  }
  // Of a launch that works nothing remains.
  const Value* rest = c.keyword("return_remaining_strings");
  if (rest && rest->truth() == Tri::yes) out.push_back(make_collection(Type::list, {}));
  return Value::collection(Type::tuple, std::move(out));
}

std::optional<Value> Machine::parser_method(const Value& base, std::string_view name, Call& c) {
  Object* object = base.object;
  if (object->kind == Object::options) {
    // `cfg.get("ckpt_path", None)` of a configuration that a launch overrides.
    const Value* key = name == "get" ? c.positional(0) : nullptr;
    const auto field = key ? key->constant() : std::nullopt;
    if (const Value* said = field ? heap_.get(object, *field) : nullptr) return *said;
    ++risks_;
    return std::nullopt;
  }
  if (name == "add_argument") {
    add_argument(object, c);
    return Value();
  }
  if (name == "add_argument_group" || name == "add_mutually_exclusive_group") return base;
  if (name == "add_subparsers") return add_subparsers(object, c);
  if (name == "add_parser") return add_parser(object, c);
  if (name == "set_defaults") {
    if (c.more_keywords || c.more_positional) {
      // A file of settings, as a rule: what the launch does not give, it may.
      std::vector<Value> items = object->items;
      for (Value& item : items) {
        Option option = unpack_option(item);
        const bool switches = option.fallback.type == Type::boolean || option.fallback.is_none();
        option.fallback = switches && option.has_default
                              ? Value::unless_given("args." + option.dest, option.fallback)
                              : Value::unknown("args." + option.dest);
        option.has_default = true;
        item = pack(option);
      }
      heap_.set_items(object, std::move(items), object->open);
    }
    for (const Argument& argument : c.arguments) {
      if (argument.keyword.empty()) continue;
      heap_.set(object, argument.keyword, argument.value);
      std::vector<Value> items = object->items;
      for (Value& item : items) {
        Option option = unpack_option(item);
        if (option.dest != argument.keyword) continue;
        option.fallback = argument.value;
        option.has_default = true;
        item = pack(option);
      }
      heap_.set_items(object, std::move(items), object->open);
    }
    return Value::none();
  }
  if (name == "parse_args" || name == "parse_intermixed_args") return parse_args(object, c, false);
  if (name == "parse_known_args") {
    const Value space = parse_args(object, c, true);
    return Value::collection(Type::tuple, {space, make_collection(Type::list, {}, true)});
  }
  const bool from_file = name == "parse_json_file" || name == "parse_yaml_file";
  if (from_file || name == "parse_args_into_dataclasses" || name == "parse_args_and_config" ||
      name == "parse_dict")
    return parse_dataclasses(object, name, c);
  if (name == "print_help" || name == "error" || name == "format_help") return Value::none();
  if (name == "get_default") {
    const Value* key = c.positional(0);
    for (const Value& item : object->items) {
      const Option option = unpack_option(item);
      if (key && key->is(option.dest)) return option.fallback;
    }
  }
  return std::nullopt;
}

}  // namespace preflint::py
