#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>

#include "model/shell/machine.h"

namespace preflint::shell {
namespace {

constexpr int kMostSteps = 4;         // from a variable to what it is made of
constexpr size_t kMaxTestWords = 64;  // of one `[ … ]`: each `-a` and `-o` goes one level deeper

std::optional<long> integer(const Value& value) {
  const auto text = value.constant();
  if (!text || text->empty() || text->size() > 18) return std::nullopt;
  size_t digits = text->find_first_not_of("0123456789", (*text)[0] == '-' ? 1 : 0);
  if (digits != std::string::npos || *text == "-") return std::nullopt;
  return std::strtol(text->c_str(), nullptr, 10);
}

/// Is it what a command printed that looked at files?
bool is_look(const Value& value) {
  return std::any_of(
      value.alternatives().begin(), value.alternatives().end(), [](const Text& text) {
        return std::any_of(text.pieces().begin(), text.pieces().end(), [](const Piece& piece) {
          return !piece.known && piece.text.starts_with("$(") && piece.text.ends_with(')') &&
                 looks_at_files(std::string_view(piece.text).substr(2, piece.text.size() - 3));
        });
      });
}

/// What is left of a value when it is not empty.
Value filled_ones(const Value& value, const std::string& name) {
  std::optional<Value> out;
  for (const Text& text : value.alternatives()) {
    if (text.empty() == Tri::yes) continue;
    const Value one = text.empty() == Tri::no     ? Value(text)
                      : text.pieces().size() == 1 ? Value::unknown(text.pieces()[0].text, Tri::no)
                                                  : Value::unknown("$" + name, Tri::no);
    out = out ? out->joined(one) : one;
  }
  return out.value_or(Value::unknown("$" + name, Tri::no));
}

/// `${#failed[@]}` is the number of elements of `failed`; "" for any other value.
std::string counted_array(const Value& value) {
  const auto& pieces = value.alternatives()[0].pieces();
  if (value.alternatives().size() != 1 || pieces.size() != 1 || pieces[0].known ||
      !pieces[0].text.starts_with("${#") || pieces[0].text.size() < 5)
    return "";
  const std::string name = pieces[0].text.substr(3, pieces[0].text.size() - 4);
  return name.substr(0, name.find('['));
}

/// Has a text a part that whoever starts the program may give: `${1:-/data}`, or a variable that is
/// made of one?
bool chosen_outside(std::string_view text, const State& state, int depth = 0) {
  for (size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    const bool braces = text.substr(at + 1).starts_with('{');
    const size_t begin = at + (braces ? 2 : 1);
    size_t end = begin;
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
      ++end;
    if (end == begin) continue;
    const bool fallback = braces && end < text.size() && (text[end] == ':' || text[end] == '-');
    if (fallback || std::isdigit(static_cast<unsigned char>(text[begin]))) return true;
    const Variable* variable = state.variable(text.substr(begin, end - begin));
    if (variable && variable->unit && depth < kMostSteps &&
        chosen_outside(variable->unit->source.slice(variable->span), state, depth + 1))
      return true;
  }
  return false;
}

Outcome split(State state, Tri truth) {
  State failed = state;
  Outcome out{std::move(state), std::move(failed)};
  if (truth == Tri::yes) out.fail.reachable = false;
  if (truth == Tri::no) out.ok.reachable = false;
  return out;
}

}  // namespace

/// The commands named by a hole such as "$?:3:5".
std::vector<int> sites_of(const Value& value) {
  std::vector<int> out;
  if (value.alternatives().size() != 1) return out;
  const auto& pieces = value.alternatives()[0].pieces();
  if (pieces.size() != 1 || pieces[0].known || !pieces[0].text.starts_with("$?")) return out;
  const std::string& text = pieces[0].text;
  for (size_t at = text.find(':'); at != std::string::npos; at = text.find(':', at + 1)) {
    out.push_back(std::atoi(text.c_str() + at + 1));
  }
  return out;
}

bool is_status(const Value& value) {
  const auto& pieces = value.alternatives()[0].pieces();
  return value.alternatives().size() == 1 && pieces.size() == 1 && !pieces[0].known &&
         pieces[0].text.starts_with("$?");
}

const Part* sole_parameter(const Word* word) {
  if (!word || word->parts.size() != 1) return nullptr;
  const Part* part = &word->parts[0];
  if (part->kind == PartKind::double_quoted && part->parts.size() == 1) part = &part->parts[0];
  if (part->kind != PartKind::parameter) return nullptr;
  const bool plain = part->op.empty() || ((part->op == ":-" || part->op == "-") &&
                                          (part->words.empty() || part->words[0].parts.empty()));
  return plain ? part : nullptr;
}

void Machine::fill(State& state, const std::string& name) {
  if (name.empty()) return;
  if (name == "@" || name == "*") {
    state.given |= 2;
  } else if (name.find_first_not_of("0123456789") == std::string::npos) {
    if (name.size() == 1) state.given |= 1U << (name[0] - '0');
  } else if (std::isalpha(static_cast<unsigned char>(name[0])) || name[0] == '_') {
    const Variable* old = state.variable(name);
    if (old && old->set == Tri::yes && old->value.empty() == Tri::no) return;
    Variable variable = old ? *old : Variable();
    // What is set here came with the environment; a proxy that is not exported serves nobody.
    if (!old) variable.exported = is_proxy_variable(name) ? Tri::yes : Tri::maybe;
    variable.set = Tri::yes;
    variable.value = filled_ones(old ? old->value : Value(), name);
    state.variables.set(name, variable);
    note_proxy(state, name);
  }
}

void Machine::know_flag(State& state, const std::string& name, const Value& value) const {
  const auto flag = value.constant();
  if (!flag || !state.may_have_failed) return;
  std::vector<const AssignmentEvent*> assignments;
  for (const auto* list : {&trace_.assignments, &counted_}) {
    for (const AssignmentEvent& event : *list) {
      if (event.name == name) assignments.push_back(&event);
    }
  }
  std::vector<int> decided;
  for (const int site : *state.may_have_failed) {
    const CommandEvent& command = trace_.commands[static_cast<size_t>(site)];
    bool given = false, always = true, other = false;
    for (const AssignmentEvent* event : assignments) {
      const auto values = event->value.constants();
      const bool same = std::find(values.begin(), values.end(), *flag) != values.end();
      const bool behind = event->next_command > site;
      if (same || values.empty()) {
        given = true;
        always = always && behind && !event->state.failed(site);
      }
      if (!same)
        other = other || (behind && event->state.failed(site) && hangs_on(event->frame, command));
    }
    if ((given && always) || other) decided.push_back(site);
  }
  state.remove_failed(decided);
}

void Machine::know_count(std::string_view op, const std::string& name, long number,
                         Outcome& out) const {
  const auto is = [&](State& state, long n) {
    know_flag(state, name, Value::literal(std::to_string(n)));
  };
  if (op == "-eq" || op == "-ne") is(op == "-eq" ? out.ok : out.fail, number);
  // Nobody counts failures below zero.
  if ((op == "-gt" && number == 0) || (op == "-ge" && number == 1)) is(out.fail, 0);
  if ((op == "-le" && number == 0) || (op == "-lt" && number == 1)) is(out.ok, 0);
}

void Machine::count(std::string_view op, long number, Outcome& out) {
  const auto at_least = [](State& state, long n) {
    for (long i = 1; i <= n && i < 32; ++i) state.given |= 1U << i;
  };
  const bool equal = op == "=" || op == "==" || op == "-eq";
  if (equal || op == "!=" || op == "-ne") {
    at_least(equal ? out.ok : out.fail, number);
    if (number == 0) at_least(equal ? out.fail : out.ok, 1);
  } else if (op == "-lt" || op == "-le") {
    at_least(out.fail, op == "-lt" ? number : number + 1);
  } else if (op == "-gt" || op == "-ge") {
    at_least(out.ok, op == "-ge" ? number : number + 1);
  }
}

bool Machine::elsewhere(const Value& path, const Word* word, const State& state) const {
  const auto& texts = path.alternatives();
  const bool all = std::all_of(texts.begin(), texts.end(), [&](const Text& text) {
    return host_.elsewhere(text, root_) && host_.elsewhere(text, *unit_);
  });
  if (texts.empty() || !all || !word || chosen_outside(unit_->source.slice(word->span), state))
    return false;
  // `mkdir -p /data/x`, `ln -s … /data`: the program makes the place itself.
  const auto top = [](std::string_view text) { return text.substr(0, text.find('/', 1)); };
  return std::none_of(
      trace_.commands.begin(), trace_.commands.end(), [&](const CommandEvent& event) {
        if (is_builtin(event.name)) return false;
        return std::any_of(event.arguments.begin(), event.arguments.end(),
                           [&](const Argument& argument) {
                             return std::any_of(texts.begin(), texts.end(), [&](const Text& text) {
                               return top(argument.value.known_start()) == top(text.known_prefix());
                             });
                           });
      });
}

Outcome Machine::unary_test(std::string_view op, const Value& operand, const Word* word,
                            State state) {
  if (op == "-n" || op == "-z" || op == "-v") {
    const bool wants_text = op != "-z";
    Tri filled = op == "-v" ? Tri::maybe : !operand.empty();
    const Part* part = op == "-v" ? nullptr : sole_parameter(word);
    // An unset variable of ours is empty; one that the program never touched may come from outside.
    Outcome out = split(state, wants_text ? filled : !filled);
    if (part && filled == Tri::maybe) {
      State& full = wants_text ? out.ok : out.fail;
      if (full.reachable) {
        fill(full, part->name);
        if (const Variable* set = full.variable(part->name))
          know_flag(full, part->name, set->value);
      }
    }
    if (part && part->name.find_first_of("?@*#!0123456789") == std::string::npos) {
      State& bare = wants_text ? out.fail : out.ok;
      if (bare.reachable) {
        const Variable* old = bare.variable(part->name);
        if (old && filled == Tri::maybe) {
          Variable variable = *old;
          variable.value = Value();
          bare.variables.set(part->name, variable);
        }
        know_flag(bare, part->name, Value::literal(""));
      }
    }
    return out;
  }
  static constexpr std::string_view kFileTests[] = {"-f", "-e", "-s", "-r", "-x", "-d",
                                                    "-a", "-L", "-h", "-w", "-O"};
  if (std::find(std::begin(kFileTests), std::end(kFileTests), op) != std::end(kFileTests)) {
    Tri there = Tri::maybe;
    for (const Text& text : operand.alternatives()) {
      const Tri one = host_.exists(text);
      there = &text == &operand.alternatives()[0] ? one : join(there, one);
    }
    Outcome out = split(state, there);
    // Whoever looks at the destination has checked the copy.
    out.ok.clear_failed();
    if (elsewhere(operand, word, out.fail)) out.ok.elsewhere = true;
    const Part* part = sole_parameter(word);  // no file has an empty name
    if (part && out.ok.reachable && operand.empty() == Tri::maybe) fill(out.ok, part->name);
    return out;
  }
  return split(std::move(state), Tri::maybe);
}

Outcome Machine::binary_test(std::string_view op, const Value& left, const Value& right,
                             const Word* left_word, State state, bool pattern) {
  const bool numeric =
      op == "-eq" || op == "-ne" || op == "-lt" || op == "-le" || op == "-gt" || op == "-ge";
  const bool equality = op == "=" || op == "==" || op == "-eq";
  const bool inequality = op == "!=" || op == "-ne";
  if (is_look(left) || is_look(right)) state.clear_failed();  // the copy was checked
  // [ $? -eq 0 ], [ "$status" != 0 ], (( … )): the commands behind the status are decided.
  if (is_status(left) || is_status(right)) {
    const Value& status = is_status(left) ? left : right;
    const Value& number = is_status(left) ? right : left;
    const auto sites = sites_of(status);
    Outcome out = split(state, Tri::maybe);
    const auto n = integer(number);
    const bool zero = n && *n == 0;
    if (zero && (equality || inequality || op == "-gt")) {
      State& good = equality ? out.ok : out.fail;
      good.remove_failed(sites);
    } else {
      out.ok.remove_failed(sites);  // compared in some other way: the author looked at it
      out.fail.remove_failed(sites);
    }
    return out;
  }
  if (const auto n = integer(right); n && left == Value::unknown("$#", Tri::no)) {
    Outcome out = split(state, Tri::maybe);
    count(op, *n, out);
    return out;
  }
  Tri truth = Tri::maybe;
  if (numeric) {
    const auto a = integer(left), b = integer(right);
    if (a && b) {
      truth = tri(op == "-eq"   ? *a == *b
                  : op == "-ne" ? *a != *b
                  : op == "-lt" ? *a < *b
                  : op == "-le" ? *a <= *b
                  : op == "-gt" ? *a > *b
                                : *a >= *b);
    }
    if (const std::string array = counted_array(left); !array.empty() && b == 0) {
      Outcome out = split(state, truth);
      if (op == "-eq" || op == "-le") know_flag(out.ok, array, Value::literal(""));
      if (op == "-ne" || op == "-gt") know_flag(out.fail, array, Value::literal(""));
      return out;
    }
    if (const Part* part = sole_parameter(left_word); part && truth == Tri::maybe && b) {
      Outcome out = split(state, truth);
      know_count(op, part->name, *b, out);
      return out;
    }
  } else if (equality || inequality) {
    bool glob = false, stars = true;  // `darwin*`: nothing but stars is not known
    std::string text;
    if (right.alternatives().size() == 1) {
      for (const Piece& piece : right.alternatives()[0].pieces()) {
        glob = glob || !piece.known;
        stars = stars && (piece.known ? piece.text.find_first_of("*?[\\") == std::string::npos
                                      : piece.text == "*");
        text += piece.text;
      }
    }
    const auto a = left.constants(), b = right.constants();
    if (!a.empty() && !b.empty() && !(pattern && glob)) {
      bool some = false, all = true;
      for (const std::string& x : a) {
        for (const std::string& y : b) {
          const bool same = x == y;
          some = some || same;
          all = all && same;
        }
      }
      truth = all ? Tri::yes : some ? Tri::maybe : Tri::no;
      if (inequality) truth = !truth;
    }
    if (pattern && glob && stars && a.size() == 1) {
      truth = tri(matches_glob(text, a[0]));
      if (inequality) truth = !truth;
    }
    if (truth == Tri::maybe) {
      Outcome out = split(state, truth);
      // In the branch where they are equal the variable has the other's value.
      const Part* part = sole_parameter(left_word);
      State& same = equality ? out.ok : out.fail;
      const auto compared = right.constant();
      if (part && compared && !glob) {
        fill(compared->empty() ? (equality ? out.fail : out.ok) : same, part->name);
        if (const Variable* old = same.variable(part->name)) {
          Variable variable = *old;
          variable.value = right;
          same.variables.set(part->name, variable);
        }
        know_flag(same, part->name, right);
      }
      return out;
    }
  }
  return split(std::move(state), truth);
}

Outcome Machine::condition(const Condition& test, State state) {
  if (!state.reachable || spent()) return both(state);
  switch (test.kind) {
    case Condition::negation: {
      if (test.operands.empty()) return both(state);
      Outcome out = condition(test.operands[0], std::move(state));
      std::swap(out.ok, out.fail);
      return out;
    }
    case Condition::conjunction:
    case Condition::disjunction: {
      if (test.operands.empty()) return both(state);
      Outcome out = condition(test.operands[0], std::move(state));
      for (size_t i = 1; i < test.operands.size(); ++i) {
        if (test.kind == Condition::conjunction) {
          Outcome next = condition(test.operands[i], out.ok);
          out = {next.ok, join(out.fail, next.fail)};
        } else {
          Outcome next = condition(test.operands[i], out.fail);
          out = {join(out.ok, next.ok), next.fail};
        }
      }
      return out;
    }
    case Condition::unary: {
      if (test.words.empty()) return both(state);
      const Value operand = expand(test.words[0], state);
      return unary_test(test.op, operand, &test.words[0], std::move(state));
    }
    case Condition::binary: {
      if (test.words.size() < 2) return both(state);
      const Value left = expand(test.words[0], state), right = expand(test.words[1], state);
      return binary_test(test.op, left, right, &test.words[0], std::move(state), true);
    }
    case Condition::word: {
      if (test.words.empty()) return both(state);
      const Value operand = expand(test.words[0], state);
      return unary_test("-n", operand, &test.words[0], std::move(state));
    }
  }
  return both(state);
}

/// `x++`, `--x`, `x += 1`, `x = y`: what the variable holds then is not known.
void Machine::assign_in_arithmetic(std::string_view text, State& state) {
  static const RE2 kAssigned(
      R"((?:\+\+|--)\s*([A-Za-z_]\w*)|([A-Za-z_]\w*)\s*(?:\+\+|--|(?:[-+*/%&|^]|<<|>>)?=(?:[^=]|$)))");
  re2::StringPiece rest(text.data(), text.size());
  std::string before, behind;
  while (RE2::FindAndConsume(&rest, kAssigned, &before, &behind)) {
    const std::string& name = before.empty() ? behind : before;
    const Variable* old = state.variable(name);
    Variable variable = old ? *old : Variable();
    variable.set = Tri::yes;
    variable.value = Value::unknown(name, Tri::no);
    if (silent_ == 0) {
      AssignmentEvent& event = counted_.emplace_back();
      event.frame = frame_;
      event.name = name;
      event.value = variable.value;
      event.state = state;
      event.next_command = static_cast<int>(trace_.commands.size());
    }
    state.variables.set(name, variable);
  }
}

/// `(( x OP n ))`, `(( x ))` and `(( ! x ))`, with or without `$`: what asks for a status has
/// looked at it. Any other expression is left unknown.
Outcome Machine::arithmetic(const Command& command, State state) {
  static const RE2 kForm(
      R"(^\s*(!?)\s*\$?\{?(\?|#|[A-Za-z_]\w*)\}?\s*(?:(==|!=|>=|<=|>|<)\s*(\d{1,9})\s*)?$)");
  static constexpr std::pair<std::string_view, std::string_view> kOperators[] = {
      {"==", "-eq"}, {"!=", "-ne"}, {">=", "-ge"}, {"<=", "-le"}, {">", "-gt"}, {"<", "-lt"}};
  std::string negation, name, op, number;
  if (command.text.size() > 200 ||
      !RE2::FullMatch(command.text, kForm, &negation, &name, &op, &number)) {
    assign_in_arithmetic(command.text, state);
    return split(std::move(state), Tri::maybe);
  }
  Part part;
  part.kind = PartKind::parameter;
  part.name = name;
  part.span = command.span;
  const Value left = parameter(part, state, true);
  std::string_view test = "-ne";  // a number alone is true when it is not 0
  for (const auto& [written, meant] : kOperators) {
    if (op == written) test = meant;
  }
  Outcome out = binary_test(test, left, Value::literal(op.empty() ? "0" : number), nullptr,
                            std::move(state), false);
  know_count(test, name, op.empty() ? 0 : std::strtol(number.c_str(), nullptr, 10), out);
  if (!negation.empty()) std::swap(out.ok, out.fail);
  return out;
}

/// `[ WORDS ]`: `-a` binds more tightly than `-o`; with parentheses nothing is known.
Outcome Machine::test_words(std::span<const Argument* const> words, State state) {
  const size_t size = words.size();
  for (const std::string_view op : {"-o", "-a"}) {
    for (size_t i = 1; i + 1 < size; ++i) {
      if (!words[i]->is(op) || words[0]->is("(")) continue;
      Outcome left = test_words(words.subspan(0, i), std::move(state));
      Outcome right = test_words(words.subspan(i + 1), op == "-o" ? left.fail : left.ok);
      if (op == "-o") return {join(left.ok, right.ok), std::move(right.fail)};
      return {std::move(right.ok), join(left.fail, right.fail)};
    }
  }
  if (size > 1 && words[0]->is("!")) {
    Outcome out = test_words(words.subspan(1), std::move(state));
    std::swap(out.ok, out.fail);
    return out;
  }
  if (size == 1) return unary_test("-n", words[0]->value, words[0]->word, std::move(state));
  if (size == 2) {
    return unary_test(words[0]->constant().value_or(""), words[1]->value, words[1]->word,
                      std::move(state));
  }
  if (size == 3) {
    return binary_test(words[1]->constant().value_or(""), words[0]->value, words[2]->value,
                       words[0]->word, std::move(state), false);
  }
  return both(state);
}

Outcome Machine::test_command(const CommandEvent& event, State state) {
  std::vector<const Argument*> words;
  for (const Argument& argument : event.arguments) words.push_back(&argument);
  if (event.name == "[" && !words.empty()) words.pop_back();  // ]
  Outcome out = words.size() > kMaxTestWords ? both(state) : test_words(words, std::move(state));
  const auto status = [&](Tri success) {
    return std::make_shared<const Status>(Status{{}, nullptr, success});
  };
  out.ok.status = status(Tri::yes);
  out.fail.status = status(Tri::no);
  return out;
}

}  // namespace preflint::shell
