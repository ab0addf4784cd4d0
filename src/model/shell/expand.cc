#include <algorithm>
#include <utility>

#include "base/wildcard.h"
#include "model/shell/fields.h"
#include "model/shell/machine.h"
#include "model/work.h"

namespace preflint::shell {
namespace {

constexpr size_t kMaxStrip = size_t{1} << 24;  // characters compared by one ${x%pattern}

/// Removes the shortest or longest prefix (or suffix) that matches a glob; nothing where that is
/// too much work.
std::optional<std::string> strip(const std::string& text, std::string_view pattern, bool prefix,
                                 bool longest) {
  const size_t n = text.size();
  // A pattern without stars ends at its first difference; with stars each part is read, and again
  // for each star.
  const auto stars = static_cast<size_t>(std::count(pattern.begin(), pattern.end(), '*'));
  const size_t cost = n * (1 + (stars == 0 ? 0 : stars == 1 ? n : n * std::min(n, pattern.size())));
  if (cost > kMaxStrip) return std::nullopt;
  Work::done(cost);
  for (size_t i = 0; i <= n; ++i) {
    const size_t length = longest ? n - i : i;
    const std::string_view part = prefix ? std::string_view(text).substr(0, length)
                                         : std::string_view(text).substr(n - length);
    if (matches_glob(pattern, part))
      return prefix ? text.substr(length) : text.substr(0, n - length);
  }
  return text;
}

/// The pattern of a word value as glob text; nothing when it has unknown parts.
std::optional<std::string> pattern_of(const Value& value) {
  if (value.alternatives().size() != 1) return std::nullopt;
  std::string out;
  for (const Piece& piece : value.alternatives()[0].pieces()) {
    if (!piece.known && !is_glob_name(piece.text)) return std::nullopt;
    out += piece.text;
  }
  return out;
}

template <typename F>
Value mapped(const Value& value, std::string_view name, F change) {
  std::optional<Value> out;
  for (const Text& text : value.alternatives()) {
    const auto constant = text.constant();
    const std::optional<std::string> result = constant ? change(*constant) : std::nullopt;
    const Value changed = result ? Value::literal(*result) : Value::unknown(name);
    out = out ? out->joined(changed) : changed;
  }
  return *out;
}

std::string replaced(const std::string& text, const std::string& from, const std::string& to,
                     bool all) {
  if (from.empty()) return text;
  std::string out;
  size_t at = 0;
  for (size_t found = text.find(from); found != std::string::npos && out.size() <= 65536;
       found = text.find(from, at)) {
    out.append(text, at, found - at).append(to);
    at = found + from.size();
    if (!all) break;
  }
  Work::done(2 * text.size() + out.size());
  return out.append(text, at);
}

constexpr size_t kMaxAlternatives = 64;  // words that one word's braces make
constexpr size_t kMaxParts = 64;         // of a word whose braces are expanded

/// The words that brace expansion makes of one, in the shell's order.
std::vector<Word> without_braces(const Word& word) {
  std::vector<Word> out(1);
  out[0].span = word.span;
  if (word.parts.size() > kMaxParts) {
    out[0].parts.emplace_back().kind = PartKind::glob;  // not known
    return out;
  }
  for (const Part& part : word.parts) {
    if (part.kind != PartKind::brace) {
      for (Word& one : out) one.parts.push_back(part);
      continue;
    }
    // The words of the braces once, not for every head: braces stand in braces.
    std::vector<Word> tails;
    for (const Word& alternative : part.words) {
      for (Word& tail : without_braces(alternative)) tails.push_back(std::move(tail));
      if (tails.size() >= kMaxAlternatives) break;
    }
    std::vector<Word> longer;
    for (const Word& head : out) {
      for (const Word& tail : tails) {
        if (longer.size() == kMaxAlternatives) break;
        longer.push_back(head);
        longer.back().parts.insert(longer.back().parts.end(), tail.parts.begin(), tail.parts.end());
      }
    }
    out = std::move(longer);
  }
  return out;
}

bool has_braces(const Word& word) {
  return std::any_of(word.parts.begin(), word.parts.end(),
                     [](const Part& part) { return part.kind == PartKind::brace; });
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view text) {
  return fits_wildcard(pattern, text, fits_character);
}

std::vector<Argument> Machine::expand_words(const std::vector<Word>& words, State& state) {
  std::vector<Argument> out;
  for (const Word& word : words) expand_fields(word, state, out);
  return out;
}

void Machine::expand_fields(const Word& word, State& state, std::vector<Argument>& out) {
  constexpr size_t kMaxFields = 4096;
  if (out.size() > kMaxFields) return;
  if (has_braces(word)) {
    const size_t first = out.size();
    for (const Word& one : without_braces(word)) expand_fields(one, state, out);
    for (size_t i = first; i < out.size(); ++i) out[i].word = &word;
    return;
  }
  Argument argument;
  argument.span = word.span;
  argument.word = &word;
  argument.quoted = word.quoted();
  // "$@" and "${a[@]}" alone are as many words as there are elements.
  const Part* only = word.parts.size() == 1 ? &word.parts[0] : nullptr;
  const bool in_quotes = only && only->kind == PartKind::double_quoted && only->parts.size() == 1;
  const Part* inner = in_quotes ? &only->parts[0] : only;
  if (inner && inner->kind == PartKind::parameter &&
      (inner->name == "@" || (inner->name == "*" && !in_quotes) ||
       (inner->index && (*inner->index == "@" || (*inner->index == "*" && !in_quotes)))) &&
      inner->op.empty()) {
    std::vector<Argument> elements;
    if (array_elements(*inner, state, elements)) {
      for (Argument& element : elements) {
        element.span = word.span;
        element.word = &word;
        element.quoted = in_quotes;
        out.push_back(std::move(element));
      }
      return;
    }
    argument.value = Value::unknown("$" + inner->name);
    argument.may_split = true;
    out.push_back(std::move(argument));
    return;
  }
  argument.value = expand(word, state);
  if (inner && inner->kind == PartKind::parameter && inner->op.empty() && state.positional &&
      inner->name.size() == 1 && inner->name[0] >= '1' && inner->name[0] <= '9') {
    const auto n = static_cast<size_t>(inner->name[0] - '1');
    if (n < state.positional->size()) {
      argument.origin_unit = (*state.positional)[n].origin_unit;
      argument.origin = (*state.positional)[n].origin;
    }
  }
  if (argument.quoted || std::none_of(word.parts.begin(), word.parts.end(), [](const Part& part) {
        return part.kind == PartKind::parameter || part.kind == PartKind::command ||
               part.kind == PartKind::arithmetic || part.kind == PartKind::glob;
      })) {
    // A quoted array inside other text ("-x ${a[@]}") may still be several words.
    out.push_back(std::move(argument));
    return;
  }
  // Unquoted expansions are split at blanks; an empty one is no word at all.
  // `args="--lr $((a * b)) --output $1"`, expanded as `$args`: the blanks that are known cut it.
  const auto& texts = argument.value.alternatives();
  if (texts.size() == 1 && (texts[0].known() || inner)) {
    for (const Text& text : split_at_blanks(texts[0])) {
      if (out.size() > kMaxFields) return;
      Argument field = argument;
      field.value = text;
      field.may_split = may_be_several(text);
      out.push_back(std::move(field));
    }
    return;
  }
  argument.may_split = std::any_of(texts.begin(), texts.end(), may_be_several);
  out.push_back(std::move(argument));
}

Value Machine::expand(const Word& word, State& state) { return expand(word.parts, state, false); }

Value Machine::expand(const std::vector<Part>& parts, State& state, bool quoted) {
  Value out;
  bool first = true;
  for (const Part& part : parts) {
    Value value = expand(part, state, quoted);
    out = first ? std::move(value) : out.concatenated(value);
    first = false;
  }
  return out;
}

Value Machine::expand(const Part& part, State& state, bool quoted) {
  if (spent()) return Value::unknown();
  switch (part.kind) {
    case PartKind::literal:
    case PartKind::single_quoted:
    case PartKind::ansi_quoted:
      return Value::literal(part.text);
    case PartKind::double_quoted:
      return expand(part.parts, state, true);
    case PartKind::parameter:
      return parameter(part, state, quoted);
    case PartKind::command:
      return substitution(part, state);
    case PartKind::process: {
      if (part.list) {
        ++suppressed_;
        State child = state;
        subshell(*part.list, std::move(child), FrameKind::process_substitution, nullptr);
        --suppressed_;
      }
      return Value::unknown("/dev/fd", Tri::no);
    }
    case PartKind::arithmetic:
      return Value::unknown("$((" + part.text + "))", Tri::no);
    case PartKind::glob:
      return quoted ? Value::literal(part.text) : Value::unknown(part.text, Tri::no);
    case PartKind::tilde: {
      if (!part.text.empty()) return Value::unknown("~" + part.text, Tri::no);
      const Variable* home = state.variable("HOME");
      return home ? home->value : Value::unknown("~", Tri::no);
    }
    case PartKind::brace: {
      std::optional<Value> out;
      for (const Word& word : part.words) {
        const Value value = expand(word, state);
        out = out ? out->joined(value) : value;
      }
      return out.value_or(Value());
    }
  }
  return Value::unknown();
}

bool Machine::array_elements(const Part& part, const State& state,
                             std::vector<Argument>& out) const {
  if (part.name == "@" || part.name == "*") {
    if (!state.positional) return false;
    out = *state.positional;
    return true;
  }
  const Variable* variable = state.variable(part.name);
  if (!variable || variable->set != Tri::yes) return false;
  if (!variable->array) {
    out.emplace_back().value = variable->value;
    return true;
  }
  for (const Value& element : variable->elements) {
    Argument& argument = out.emplace_back();
    argument.may_split = are_more_elements(element);
    argument.value = argument.may_split ? Value::unknown("$" + part.name) : element;
  }
  // An array without known elements is either empty or unknown: its value tells which.
  return !out.empty() || variable->value.is("");
}

Value Machine::special(const Part& part, State& state) {
  const std::string& name = part.name;
  if (name == "?") {
    if (silent_ == 0) {
      StatusRead read;
      read.unit = unit_;
      read.span = part.span;
      read.frame = frame_;
      read.name = name;
      if (state.status) read.status = *state.status;
      read.state = state;
      read.next_command = static_cast<int>(trace_.commands.size());
      trace_.status_reads.push_back(std::move(read));
    }
    std::string hole = "$?";
    if (state.status && state.status->success != Tri::maybe && state.status->sites.empty()) {
      if (state.status->success == Tri::yes) return Value::literal("0");
    }
    if (state.status) {
      for (const int site : state.status->sites) hole += ":" + std::to_string(site);
    }
    return Value::unknown(hole, Tri::no);
  }
  if (name == "@" || name == "*") {
    if (!state.positional) return Value::unknown("$" + name);
    Value out;
    for (size_t i = 0; i < state.positional->size() && i < 64; ++i) {
      if (i) out = out.concatenated(Value::literal(" "));
      out = out.concatenated((*state.positional)[i].value);
    }
    return out;
  }
  if (name == "#") {
    return state.positional ? Value::literal(std::to_string(state.positional->size()))
                            : Value::unknown("$#", Tri::no);
  }
  if (name == "0") return state.script;
  if (!name.empty() && name.find_first_not_of("0123456789") == std::string::npos) {
    const size_t n = name.size() > 4 ? 100000 : static_cast<size_t>(std::stoi(name));
    if (!state.positional)
      return Value::unknown("$" + name,
                            n < 32 && (state.given >> n & 1) != 0 ? Tri::no : Tri::maybe);
    if (n == 0 || n > state.positional->size()) return Value();
    return (*state.positional)[n - 1].value;
  }
  return Value::unknown("$" + name, name == "!" ? Tri::maybe : Tri::no);
}

Value Machine::parameter(const Part& part, State& state, bool quoted) {
  const std::string& name = part.name;
  const std::string& op = part.op;
  const std::string hole = "$" + name;
  if (op == "length") return Value::unknown("${#" + name + "}", Tri::no);
  if (op == "names") return Value::unknown(hole);
  static constexpr std::string_view kSpecial = "?@*#!-$0123456789";
  const bool special_name = !name.empty() && kSpecial.find(name[0]) != std::string_view::npos;

  Tri set = Tri::no;    // set and (for the `:` forms) not empty
  bool touched = true;  // does the program itself say anything about it?
  Value value;
  if (name == "PIPESTATUS") {
    StatusRead read;
    read.unit = unit_;
    read.span = part.span;
    read.frame = frame_;
    read.name = name;
    std::string sites;
    if (state.pipe_status) {
      const size_t i = part.index && *part.index != "@" && *part.index != "*"
                           ? static_cast<size_t>(std::atoi(part.index->c_str()))
                           : 0;
      if (i < state.pipe_status->size()) read.status = (*state.pipe_status)[i];
      if (part.index == "@" || part.index == "*") {
        for (const Status& status : *state.pipe_status) {
          read.status.sites.insert(read.status.sites.end(), status.sites.begin(),
                                   status.sites.end());
        }
      }
    } else if (state.status) {
      read.status = *state.status;
    }
    for (const int site : read.status.sites) sites += ":" + std::to_string(site);
    if (silent_ == 0) {
      read.state = state;
      read.next_command = static_cast<int>(trace_.commands.size());
      trace_.status_reads.push_back(std::move(read));
    }
    return Value::unknown("$?" + sites, Tri::no);
  }
  if (name == "BASH_SOURCE") {
    value = unit_path_value();
    set = Tri::yes;
  } else if (special_name) {
    value = special(part, state);
    const bool digits = name.find_first_not_of("0123456789") == std::string::npos && name != "0";
    if ((digits || name == "@" || name == "*") && !state.positional) {
      set = Tri::maybe;
      touched = false;
    } else {
      set = !value.empty();
    }
  } else if (name == "PWD") {
    value = state.cwd ? Value(*state.cwd) : Value::unknown(kCwdHole, Tri::no);
    set = Tri::yes;
  } else if (const Variable* variable = state.variable(name)) {
    if (part.index && variable->array) {
      const std::string& index = *part.index;
      if (index == "@" || index == "*") {
        for (size_t i = 0; i < variable->elements.size() && i < 64; ++i) {
          if (i) value = value.concatenated(Value::literal(" "));
          value = value.concatenated(variable->elements[i]);
        }
        if (variable->elements.empty()) value = variable->value;
      } else if (!index.empty() && index.size() < 5 &&
                 index.find_first_not_of("0123456789") == std::string::npos &&
                 static_cast<size_t>(std::stoi(index)) < variable->elements.size() &&
                 std::none_of(variable->elements.begin(),
                              variable->elements.begin() + std::stoi(index) + 1,
                              are_more_elements)) {
        value = variable->elements[static_cast<size_t>(std::stoi(index))];
      } else {
        value = Value::unknown(hole);
      }
    } else {
      value = variable->set == Tri::no ? Value() : variable->value;
    }
    set = variable->set;
  } else {
    value = Value::unknown(hole);
    set = Tri::maybe;
    touched = false;
  }

  const auto operand = [&](size_t i) {
    return i < part.words.size() ? expand(part.words[i].parts, state, quoted) : Value();
  };
  // On the paths that did not set it, the variable is what the environment says.
  const auto from_anywhere = [&] {
    const Variable* variable = special_name ? nullptr : state.variable(name);
    const bool outside = variable && variable->set == Tri::maybe && !value.unknown_whole();
    return outside ? value.joined(Value::unknown(hole)) : value;
  };
  if (op.empty()) return from_anywhere();
  const bool colon = op.size() == 2 && op[0] == ':';
  const char action = op.back();
  if (op == ":-" || op == "-" || op == ":=" || op == "=") {
    const Value otherwise = operand(0);
    Value out;
    const Tri there = colon ? set & !value.empty() : set;
    if (!touched) {
      // The environment may hold it; the script's own default is what it stands for (rules.md).
      out = state.opaque && otherwise.empty() == Tri::yes ? value : otherwise;
      if (otherwise.empty() == Tri::yes)
        out = value;
      else if (state.opaque)  // so may a file that was sourced and is not seen
        out = otherwise.joined(Value::unknown(hole));
    } else if (there == Tri::yes) {
      out = value;
    } else if (there == Tri::no) {
      out = otherwise;
    } else {
      out = value.joined(otherwise);
    }
    if (action == '=' && there != Tri::yes && !special_name) {
      Variable variable;
      variable.value = out;
      variable.unit = unit_;
      variable.span = part.span;
      set_variable(state, name, std::move(variable));
    }
    return out;
  }
  if (op == ":?" || op == "?") {
    operand(0);
    if (colon) fill(state, name);  // with nothing in it the shell has ended here
    if (!touched || value.unknown_whole())
      return Value::unknown(hole, colon ? Tri::no : Tri::maybe);
    return value;
  }
  if (op == ":+" || op == "+") {
    Value alternative = operand(0);
    const Tri there = colon ? set & !value.empty() : set;
    if (there == Tri::yes) return alternative;
    if (there == Tri::no || (!touched && !state.opaque)) return Value();
    return Value().joined(alternative);
  }
  value = from_anywhere();
  if (op == "#" || op == "##" || op == "%" || op == "%%") {
    const auto pattern = pattern_of(operand(0));
    const bool prefix = action == '#';
    const bool longest = op.size() == 2;
    if (!pattern) return Value::unknown(hole);
    // ${path%/*}: the directory, also of a path with holes.
    if (!prefix && !longest && *pattern == "/*" && value.alternatives().size() == 1 &&
        !value.constant()) {
      return dirname_value(value);
    }
    return mapped(value, hole,
                  [&](const std::string& text) { return strip(text, *pattern, prefix, longest); });
  }
  if (op == "/" || op == "//") {
    const auto from = operand(0).constant(), to = operand(1).constant();
    if (!from || !to) return Value::unknown(hole);
    return mapped(value, hole, [&](const std::string& text) {
      return std::optional(replaced(text, *from, *to, op == "//"));
    });
  }
  if (op == "^^" || op == ",,") {
    return mapped(value, hole, [&](std::string text) {
      for (char& c : text) {
        if (op == "^^" && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
        if (op == ",," && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
      }
      return std::optional(std::move(text));
    });
  }
  for (size_t i = 0; i < part.words.size(); ++i) operand(i);
  return Value::unknown(hole);
}

Value Machine::substitution(const Part& part, State& state) {
  if (!part.list) return Value::unknown("$(…)");
  Output output;
  Output* saved = std::exchange(output_, &output);
  State child = state;
  child.printed = Tri::no;
  look_.clear();
  ++depth_;
  // bash turns errexit off inside $(…), other shells do not.
  if (unit_->dialect == Dialect::bash) child.errexit = Tri::no;
  const Outcome out =
      depth_ < 60 ? subshell(*part.list, std::move(child), FrameKind::command_substitution, nullptr)
                  : both(state);
  --depth_;
  output_ = saved;
  const State kept = out.either();
  const Tri printed = kept.reachable ? kept.printed : Tri::yes;
  if (kept.reachable) {
    state.proxy = kept.proxy;
    state.may_have_failed = kept.may_have_failed;
  }
  substitution_ = out.ok.reachable && out.ok.status ? *out.ok.status : Status{};
  // What was seen is named, for whoever compares it: `[ "$(stat -c %s a)" -eq "$(stat -c %s b)" ]`.
  if (!look_.empty()) return Value::unknown("$(" + look_ + ")");
  if (output.longer || (output.whole.empty() && !output.silent)) return Value::unknown("$(…)");
  // Of several commands, each on a way of its own, one has printed.
  Value value;
  for (size_t i = 0; i < output.whole.size(); ++i)
    value = i == 0 ? output.whole[0] : value.joined(output.whole[i]);
  const bool nothing = (output.asked || output.whole.size() > 1) && printed != Tri::yes;
  return nothing ? value.joined(Value()) : value;
}

Value Machine::unit_path_value() const {
  // A path below the project's root, whose place on the box is not known.
  const std::string& path = unit_->file().path;
  return host_.path_value(path);
}

Value dirname_value(const Value& path) {
  std::optional<Value> out;
  for (const Text& text : path.alternatives()) {
    Text up = text;
    Value one;
    if (const auto constant = text.constant()) {
      one = Value::literal(paths::dirname(*constant));
    } else {
      up.append("/..");
      one = Value(paths::normalise(up));
      if (!text.pieces().back().known && text.pieces().size() > 1) {
        // `prefix/{hole}`: the hole is the last component.
        Text head;
        for (size_t i = 0; i + 1 < text.pieces().size(); ++i) {
          const Piece& piece = text.pieces()[i];
          if (piece.known)
            head.append(piece.text);
          else
            head.append(Text::hole(piece.text, piece.empty));
        }
        if (head.known_suffix().ends_with('/')) one = Value(paths::normalise(head));
      }
    }
    out = out ? out->joined(one) : one;
  }
  return *out;
}

}  // namespace preflint::shell
