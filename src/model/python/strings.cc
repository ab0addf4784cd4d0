#include <algorithm>

#include "model/python/machine.h"
#include "model/python/texts.h"

namespace preflint::py {
namespace {

constexpr std::string_view kBlanks = " \t\n\r\f\v";

bool ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

std::string stripped(std::string_view text, std::string_view set, bool left, bool right) {
  size_t begin = 0, end = text.size();
  while (left && begin < end && set.find(text[begin]) != set.npos) ++begin;
  while (right && end > begin && set.find(text[end - 1]) != set.npos) --end;
  return std::string(text.substr(begin, end - begin));
}

std::string replaced(const std::string& text, const std::string& from, const std::string& to,
                     int64_t count) {
  std::string out;
  size_t at = 0;
  if (from.empty()) return text;
  while (count != 0) {
    const size_t found = text.find(from, at);
    if (found == text.npos) break;
    out += text.substr(at, found - at);
    out += to;
    at = found + from.size();
    --count;
  }
  return out + text.substr(at);
}

constexpr size_t kMaxSplit = 501;  // parts: more are not kept

/// The parts of a text, the last of kMaxSplit with all that is left.
std::vector<std::string> split(std::string_view text, const std::optional<std::string>& mark,
                               int64_t limit, bool right) {
  std::vector<std::string> out;
  const auto more = [&] { return limit != 0 && out.size() + 1 < kMaxSplit; };
  if (!mark) {
    size_t at = 0;
    while (out.size() < kMaxSplit && (at = text.find_first_not_of(kBlanks, at)) != text.npos) {
      const size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
      out.emplace_back(text.substr(at, end - at));
      at = end;
    }
    return out;
  }
  while (more()) {
    const size_t found = right ? text.rfind(*mark) : text.find(*mark);
    if (found == text.npos) break;
    out.emplace_back(right ? text.substr(found + mark->size()) : text.substr(0, found));
    text = right ? text.substr(0, found) : text.substr(found + mark->size());
    --limit;
  }
  out.emplace_back(text);
  if (right) std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace

std::optional<Value> Machine::string_method(const Value& base, std::string_view name, Call& c) {
  const auto made = [&](preflint::Value text) {
    Value out = Value::string(std::move(text));
    out.assumed = base.assumed;
    for (const Argument& argument : c.arguments) out.assumed |= argument.value.assumed;
    return out;
  };
  const auto truth = [&](std::optional<bool> value) {
    Value out = value ? Value::boolean(*value) : Value();
    out.assumed = base.assumed;
    return out;
  };
  const Value* first = c.positional(0);
  const auto one = first ? first->constant() : std::nullopt;
  const auto self = base.constant();
  if (name == "format") return format_method(base, c);
  if (name == "join" && first) {
    const auto elements = elements_of(*first);
    if (!elements || !self) return made(preflint::Value::unknown());
    preflint::Value out;
    bool assumed = false;
    for (size_t i = 0; i < elements->size(); ++i) {
      if (i) out = out.concatenated(preflint::Value::literal(*self));
      const Value& part = (*elements)[i];
      assumed |= part.assumed;
      out =
          out.concatenated(part.is_string() ? part.text() : preflint::Value::unknown(part.name()));
    }
    Value result = made(out);
    result.assumed |= assumed;
    return result;
  }
  if (name == "lower" || name == "upper" || name == "title" || name == "capitalize" ||
      name == "swapcase") {
    return made(map_text(base.text(), [&](const std::string& text) -> std::optional<std::string> {
      if (!ascii(text)) return std::nullopt;
      std::string out = text;
      bool start = true;
      for (char& ch : out) {
        const bool lower = ch >= 'a' && ch <= 'z', upper = ch >= 'A' && ch <= 'Z';
        const bool raise = name == "upper" || (start && name != "lower" && name != "swapcase") ||
                           (name == "swapcase" && lower);
        if (lower && raise)
          ch = static_cast<char>(ch - 32);
        else if (upper && !raise)
          ch = static_cast<char>(ch + 32);
        start = name == "title" ? !(lower || upper) : false;
      }
      return out;
    }));
  }
  if (name == "strip" || name == "lstrip" || name == "rstrip") {
    const bool given = first && !first->is_none();
    if (given && !one) return made(preflint::Value::unknown());
    const std::string set = given ? *one : std::string(kBlanks);
    if (!ascii(set)) return made(preflint::Value::unknown());
    const bool left = name != "rstrip", right = name != "lstrip";
    return made(map_partial(base.text(), [&](const Text& text) -> Text {
      if (const auto constant = text.constant()) {
        if (!given && !ascii(*constant)) return Text::hole("?");
        return Text::literal(stripped(*constant, set, left, right));
      }
      // With holes: only the known ends are trimmed, and only when something known remains there.
      const std::string head = stripped(text.known_prefix(), set, left, false);
      const std::string tail = stripped(text.known_suffix(), set, false, right);
      const bool safe = (!left || !head.empty()) && (!right || !tail.empty());
      if (!safe) return text;
      Text out;
      for (size_t i = 0; i < text.pieces().size(); ++i) {
        const Piece& piece = text.pieces()[i];
        if (!piece.known)
          out.append(Text::hole(piece.text, piece.empty));
        else if (i == 0)
          out.append(head);
        else if (i + 1 == text.pieces().size())
          out.append(tail);
        else
          out.append(piece.text);
      }
      return out;
    }));
  }
  if (name == "replace" && c.count() >= 2) {
    const auto to = c.positional(1)->constant();
    const Value* limit = c.positional(2);
    if (!one || !to || one->empty() || (limit && limit->type != Type::integer))
      return made(preflint::Value::unknown());
    const int64_t count = limit ? limit->number : -1;
    return made(map_text(base.text(), [&](const std::string& text) {
      return std::optional(replaced(text, *one, *to, count));
    }));
  }
  if ((name == "startswith" || name == "endswith") && first) {
    std::vector<std::string> options;
    if (first->type == Type::tuple) {
      for (const Value& item : live_items(*first)) {
        if (!item.constant()) return truth(std::nullopt);
        options.push_back(*item.constant());
      }
    } else if (one) {
      options.push_back(*one);
    } else {
      return truth(std::nullopt);
    }
    std::optional<bool> out;
    const preflint::Value whole = base.text();
    for (const Text& text : whole.alternatives()) {
      const auto constant = text.constant();
      const std::string_view known =
          name == "startswith" ? text.known_prefix() : text.known_suffix();
      bool yes = false, maybe = false;
      for (const std::string& option : options) {
        const bool hit = name == "startswith" ? known.starts_with(option) : known.ends_with(option);
        yes |= hit;
        const size_t common = std::min(known.size(), option.size());
        const bool compatible =
            name == "startswith"
                ? known.substr(0, common) == option.substr(0, common)
                : known.substr(known.size() - common) == option.substr(option.size() - common);
        maybe |= !constant && !hit && compatible;
      }
      if (maybe && !yes) return truth(std::nullopt);
      if (out && *out != yes) return truth(std::nullopt);
      out = yes;
    }
    return truth(out);
  }
  if ((name == "split" || name == "rsplit" || name == "splitlines" || name == "partition" ||
       name == "rpartition") &&
      self) {
    std::vector<Value> out;
    const Value* limit = c.get(1, "maxsplit");
    if (name == "splitlines") {
      std::string rest = *self;
      if (!rest.empty() && rest.back() == '\n') rest.pop_back();
      if (!self->empty()) {
        for (const std::string& part : split(rest, std::string("\n"), -1, false))
          out.push_back(made(preflint::Value::literal(part)));
      }
      if (self->find('\r') != self->npos || out.size() >= kMaxSplit)
        return make_collection(Type::list, {}, true);
      return make_collection(Type::list, std::move(out));
    }
    if (name == "partition" || name == "rpartition") {
      if (!one || one->empty()) return Value();
      const size_t at = name == "partition" ? self->find(*one) : self->rfind(*one);
      const std::string empty;
      if (at == self->npos) {
        const bool tail = name == "rpartition";
        out = {made(preflint::Value::literal(tail ? empty : *self)),
               made(preflint::Value::literal(empty)),
               made(preflint::Value::literal(tail ? *self : empty))};
      } else {
        out = {made(preflint::Value::literal(self->substr(0, at))),
               made(preflint::Value::literal(*one)),
               made(preflint::Value::literal(self->substr(at + one->size())))};
      }
      return Value::collection(Type::tuple, std::move(out));
    }
    const Value* separator = c.get(0, "sep");
    const bool blanks = !separator || separator->is_none();
    const auto mark = separator ? separator->constant() : std::nullopt;
    if ((!blanks && (!mark || mark->empty())) ||
        (limit && (limit->type != Type::integer || blanks)) || (blanks && !ascii(*self))) {
      return make_collection(Type::list, {}, true);
    }
    for (const std::string& part :
         split(*self, blanks ? std::nullopt : mark, limit ? limit->number : -1, name == "rsplit")) {
      out.push_back(made(preflint::Value::literal(part)));
      if (out.size() > 500) return make_collection(Type::list, {}, true);
    }
    return make_collection(Type::list, std::move(out));
  }
  if (name == "split" || name == "rsplit") return make_collection(Type::list, {}, true);
  if ((name == "removeprefix" || name == "removesuffix") && one) {
    return made(map_text(base.text(), [&](const std::string& text) -> std::optional<std::string> {
      if (name == "removeprefix" && text.starts_with(*one)) return text.substr(one->size());
      if (name == "removesuffix" && text.ends_with(*one))
        return text.substr(0, text.size() - one->size());
      return text;
    }));
  }
  if (name == "zfill" && first && first->type == Type::integer && self) {
    std::string text = *self;
    const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+');
    if (first->number > 200 || !ascii(text)) return made(preflint::Value::unknown());
    while (static_cast<int64_t>(text.size()) < first->number) text.insert(sign ? 1 : 0, "0");
    return made(preflint::Value::literal(text));
  }
  if ((name == "find" || name == "rfind" || name == "index" || name == "count") && self && one &&
      c.count() == 1 && ascii(*self) && !one->empty()) {
    if (name == "count") {
      int64_t n = 0;
      for (size_t at = self->find(*one); at != self->npos; at = self->find(*one, at + one->size()))
        ++n;
      return Value::integer(n);
    }
    const size_t at = name == "rfind" ? self->rfind(*one) : self->find(*one);
    if (at == self->npos && name == "index") {
      ++risks_;
      return Value();
    }
    return Value::integer(at == self->npos ? -1 : static_cast<int64_t>(at));
  }
  if ((name == "isdigit" || name == "isnumeric" || name == "isalpha" || name == "isidentifier") &&
      self && ascii(*self)) {
    bool all = !self->empty();
    for (char ch : *self) {
      const bool digit = ch >= '0' && ch <= '9';
      const bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
      all &= name == "isalpha"        ? letter
             : name == "isidentifier" ? (letter || ch == '_' || digit)
                                      : digit;
    }
    if (name == "isidentifier" && all) all = !((*self)[0] >= '0' && (*self)[0] <= '9');
    return truth(all);
  }
  if (name == "encode") return Value::of(Type::bytes);
  if ((name == "ljust" || name == "rjust" || name == "center") && first &&
      first->type == Type::integer && first->number < 200 && c.count() == 1 && name != "center") {
    const std::string spec = std::string(name == "ljust" ? "<" : ">") +
                             std::to_string(std::max<int64_t>(first->number, 0));
    return made(format_value(base, spec, ""));
  }
  if (name == "expandtabs" || name == "translate" || name == "center" || name == "ljust" ||
      name == "rjust" || name == "zfill" || name == "removeprefix" || name == "removesuffix" ||
      name == "replace" || name == "casefold") {
    return made(preflint::Value::unknown());
  }
  ++risks_;
  return Value();
}

}  // namespace preflint::py
