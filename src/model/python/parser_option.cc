#include "model/python/parser_option.h"

#include <algorithm>

namespace preflint::py {
namespace {

bool negative_number(std::string_view text) {
  return text.size() > 1 && text[0] == '-' && text.find_first_not_of("0123456789.", 1) == text.npos;
}

}  // namespace

Value pack(const Option& option) {
  std::vector<Value> flags;
  for (const std::string& flag : option.flags) flags.push_back(Value::string(flag));
  return Value::collection(
      Type::tuple, {Value::string(option.dest), Value::collection(Type::tuple, std::move(flags)),
                    Value::string(option.action), option.fallback, option.constant, option.type,
                    Value::string(option.nargs), Value::boolean(option.has_default),
                    Value::boolean(option.positional), Value::boolean(option.required),
                    Value::boolean(option.inexact)});
}

Option unpack_option(const Value& value) {
  Option out;
  const std::vector<Value>& parts = value.items();
  if (parts.size() < 11) return out;
  out.dest = parts[0].constant().value_or("");
  for (const Value& flag : parts[1].items()) out.flags.push_back(flag.constant().value_or(""));
  out.action = parts[2].constant().value_or("");
  out.fallback = parts[3];
  out.constant = parts[4];
  out.type = parts[5];
  out.nargs = parts[6].constant().value_or("");
  out.has_default = parts[7].number;
  out.positional = parts[8].number;
  out.required = parts[9].number;
  out.inexact = parts[10].number;
  return out;
}

std::vector<Option> options_of(const Object& parser) {
  std::vector<Option> out;
  for (const Value& item : parser.items) out.push_back(unpack_option(item));
  return out;
}

OptionMatch match_option(const std::vector<Option>& options, std::string_view flag,
                         bool abbreviated) {
  OptionMatch out;
  for (const Option& candidate : options) {
    for (const std::string& name : candidate.flags) {
      if (name == flag) out.option = &candidate;
      if (candidate.action == "boolean" && name.starts_with("--") &&
          flag == "--no-" + name.substr(2)) {
        out.option = &candidate;
        out.negated = true;
      }
    }
    if (out.option) return out;
  }
  if (flag.starts_with("--")) {
    size_t matches = 0;
    for (const Option& candidate : options) {
      const bool begun =
          std::any_of(candidate.flags.begin(), candidate.flags.end(),
                      [&](const std::string& name) { return name.starts_with(flag); });
      matches += begun;
      if (begun && abbreviated) out.option = &candidate;
    }
    out.several = matches > 1;
    if (out.several) out.option = nullptr;
    return out;
  }
  for (const Option& candidate : options) {  // -xvalue
    for (const std::string& name : candidate.flags) {
      if (flag.size() <= 2 || name.size() != 2 || !flag.starts_with(name)) continue;
      out.option = &candidate;
      out.rest = flag.substr(2);
    }
  }
  return out;
}

bool is_option(const preflint::Value& word) {
  const auto text = word.constant();
  if (!text) return word.alternatives()[0].known_prefix().starts_with("--");
  return text->size() > 1 && text->starts_with('-') && !negative_number(*text) &&
         text->substr(0, text->find('=')).find(' ') == text->npos;
}

}  // namespace preflint::py
