#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/one_of.h"
#include "model/python/heap.h"
#include "model/python/value.h"

namespace preflint::py {

/// One option of a parser, as add_argument was told. Kept in the parser's object as a tuple, so
/// that branches can undo it.
struct Option {
  std::string dest;
  std::vector<std::string> flags;
  std::string action = "store";
  Value fallback = Value::none();
  Value constant;
  Value type;
  std::string nargs;  // "", "?", "*", "+", "N"
  bool has_default = false;
  bool positional = false;
  bool required = false;
  bool inexact = false;  // something about it is not known

  bool has_flag(std::string_view word) const {
    return std::find(flags.begin(), flags.end(), word) != flags.end();
  }
  bool takes_value() const { return one_of(action, {"store", "append", "extend"}); }
  bool takes_many() const { return !nargs.empty() && nargs != "?"; }
};

Value pack(const Option& option);
Option unpack_option(const Value& value);
std::vector<Option> options_of(const Object& parser);

/// What a word of a command line is to a parser.
struct OptionMatch {
  const Option* option = nullptr;  // null: none of the parser's, or several
  bool negated = false;            // `--no-x` of a BooleanOptionalAction
  bool several = false;            // begins more than one
  std::string rest;                // of `-xvalue`
};

/// `flag` is a word that begins with a dash, without "=value". The beginning of a long option
/// stands for it where `abbreviated` (argparse's allow_abbrev).
OptionMatch match_option(const std::vector<Option>& options, std::string_view flag,
                         bool abbreviated);

/// Does a word begin an option: a dash, no negative number, no text with spaces?
bool is_option(const preflint::Value& word);

}  // namespace preflint::py
