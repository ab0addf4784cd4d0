#include <algorithm>

#include "model/python/machine.h"
#include "model/python/parser_option.h"

namespace preflint::py {
namespace {

// A parser with subcommands has, in the field kCommands, the object that add_subparsers gives; that
// one has a parser per name of a subcommand.
constexpr std::string_view kCommands = "@commands";
constexpr std::string_view kCommand = "@command ";  // and its name

/// Where the word that chooses a subcommand stands: the first that is neither an option of the
/// parser itself nor the value of one. Nothing when what is before it is not known, or may be for
/// an argument of the parser that has no flag.
std::optional<size_t> place_of_command(const Object& parser,
                                       const std::vector<preflint::Value>& words) {
  const std::vector<Option> options = options_of(parser);
  const auto known_flag = [&](const std::string& flag) {
    return std::find_if(options.begin(), options.end(), [&](const Option& option) {
      return !option.inexact && option.has_flag(flag);
    });
  };
  if (std::any_of(options.begin(), options.end(), [](const Option& one) { return one.positional; }))
    return std::nullopt;
  for (size_t i = 0; i < words.size(); ++i) {
    const auto word = words[i].constant();
    if (!word || word->empty()) return std::nullopt;
    if ((*word)[0] != '-') return i;
    const size_t equals = word->find('=');
    const auto option = known_flag(word->substr(0, equals));
    if (option == options.end()) return std::nullopt;
    const bool takes = option->takes_value();
    if (takes && !option->nargs.empty()) return std::nullopt;
    if (takes && equals == word->npos) ++i;
  }
  return std::nullopt;
}

}  // namespace

/// `parser.add_subparsers(dest="command")`.
Value Machine::add_subparsers(Object* parser, Call& c) {
  Value out = Value::of(Type::instance);
  out.call = c.event;
  out.object = heap_.make(Object::parser);
  if (const Value* dest = c.keyword("dest")) heap_.set(out.object, "dest", *dest);
  heap_.set(parser, kCommands, out);
  return out;
}

/// `commands.add_parser("train", aliases=["fit"])`: a parser of its own.
Value Machine::add_parser(Object* commands, Call& c) {
  const Value out = framework("argparse.ArgumentParser", c).value_or(Value());
  const Value* name = c.get(0, "name");
  std::vector<Value> names{name ? *name : Value()};
  if (const Value* aliases = c.keyword("aliases")) {
    const std::vector<Value> more = live_items(*aliases);
    names.insert(names.end(), more.begin(), more.end());
  }
  for (const Value& one : names) {
    const auto text = one.constant();
    if (!text) heap_.set_open(commands);
    heap_.set(commands, std::string(kCommand) + text.value_or("?"), out);
  }
  return out;
}

/// A parser as the launch has it: with the options and defaults of the subcommand that the words
/// name, whose word is taken out of `words`. Where they do not say which, those of all are taken
/// together, and what is not given is not known to be absent (`open`). The parser itself where it
/// has no subcommands.
Object* Machine::with_subcommand(Object* parser, std::optional<std::vector<preflint::Value>>& words,
                                 const std::vector<preflint::Value>& spelled) {
  const Value* found = heap_.get(parser, kCommands);
  if (!found) return parser;
  const Object* commands = found->object;
  Object* out = heap_.make(Object::parser);
  out->items = parser->items;
  out->fields = parser->fields;
  out->fields.erase(std::string(kCommands));
  out->open = parser->open;
  const auto take = [&](const Object& one, bool chosen) {
    // What both have, for which they mostly share a parent, is the command's.
    std::erase_if(out->items, [&](const Value& item) {
      const std::string dest = unpack_option(item).dest;
      return chosen && std::any_of(one.items.begin(), one.items.end(), [&](const Value& own) {
               return unpack_option(own).dest == dest;
             });
    });
    if (chosen && !one.fields.contains("@strict")) out->fields.erase("@strict");
    out->items.insert(out->items.end(), one.items.begin(), one.items.end());
    // `set_defaults(run=…)`
    for (const auto& [name, value] : one.fields) {
      if (!name.starts_with('@'))
        out->fields.insert_or_assign(name, chosen ? value : Value::unknown("args." + name));
    }
    out->open |= one.open;
  };
  const Value* dest = commands ? heap_.get(commands, "dest") : nullptr;
  const std::string field = dest ? dest->constant().value_or("") : "";

  const std::vector<preflint::Value>& all = words ? *words : spelled;
  const auto at = commands ? place_of_command(*parser, all) : std::nullopt;
  const std::string name = at ? all[*at].constant().value_or("") : "";
  const Value* chosen = at ? heap_.get(commands, std::string(kCommand) + name) : nullptr;
  if (chosen && chosen->object && chosen->object->kind == Object::parser) {
    const auto behind = all.begin() + static_cast<ptrdiff_t>(*at) + 1;
    const std::vector<preflint::Value> tail(behind, all.end());
    std::optional<std::vector<preflint::Value>> rest;
    if (words) rest = tail;
    take(*with_subcommand(chosen->object, rest, tail), true);
    if (words) {
      words->resize(*at);
      words->insert(words->end(), rest->begin(), rest->end());
    }
    if (!field.empty()) out->fields.insert_or_assign(field, Value::string(name));
    return out;
  }

  std::vector<const Object*> taken;  // a command has several names
  const std::map<std::string, Value, std::less<>> none;
  for (const auto& [key, command] : commands ? commands->fields : none) {
    Object* one = command.object;
    if (!key.starts_with(kCommand) || !one || one->kind != Object::parser ||
        std::find(taken.begin(), taken.end(), one) != taken.end())
      continue;
    taken.push_back(one);
    std::optional<std::vector<preflint::Value>> unknown;
    take(*with_subcommand(one, unknown, {}), false);
  }
  if (!field.empty()) out->fields.insert_or_assign(field, Value::unknown("args." + field));
  out->open = true;
  return out;
}

}  // namespace preflint::py
