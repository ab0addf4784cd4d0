#include "model/python/value.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "model/python/trace.h"
#include "model/work.h"
#include "syntax/python/literals.h"

namespace preflint::py {
namespace {

constexpr size_t kMaxAlternatives = 6;
constexpr size_t kMaxItems = 600;
constexpr uint32_t kMaxWeight = 5'000;
constexpr size_t kMaxText = 20'000;  // bytes of one alternative
constexpr size_t kMaxPieces = 100;

/// What a string counts for beside small values; 0: it is too long to be kept.
uint32_t weight_of(const preflint::Value& value) {
  size_t all = 0;
  for (const Text& text : value.alternatives()) {
    size_t size = 0;
    for (const Piece& piece : text.pieces()) size += piece.text.size();
    if (size > kMaxText || text.pieces().size() > kMaxPieces) return 0;
    all += size / 256 + text.pieces().size() / 8;
  }
  return static_cast<uint32_t>(all) + 1;
}

Value with(Type type, Payload payload) {
  Value out;
  out.type = type;
  out.payload = std::make_shared<const Payload>(std::move(payload));
  return out;
}

/// repr() of a float, where it is certain.
preflint::Value float_text(double value) {
  if (!std::isfinite(value)) return preflint::Value::unknown();
  char buffer[64];
  const double magnitude = std::fabs(value);
  const bool plain = magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e16);
  const auto end =
      plain ? std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed)
            : std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  std::string text(buffer, end.ptr);
  if (plain && text.find('.') == text.npos) text += ".0";
  return preflint::Value::literal(text);
}

}  // namespace

Value Value::of(Type type) {
  Value out;
  out.type = type;
  return out;
}

Value Value::unknown(std::string_view name) {
  if (name == "?") return {};
  return with(Type::unknown, {{}, {}, std::string(name), {}});
}

Value Value::unless_given(std::string_view name, Value fallback) {
  return with(Type::unknown, {{}, {std::move(fallback)}, std::string(name), {}});
}

Tri Value::expected() const {
  if (is_unknown()) return items().empty() ? Tri::maybe : items()[0].truth();
  return truth();
}

Value Value::boolean(bool value) {
  Value out = of(Type::boolean);
  out.number = value;
  return out;
}

Value Value::integer(int64_t value) {
  Value out = of(Type::integer);
  out.number = value;
  return out;
}

Value Value::floating(double value) {
  Value out = of(Type::real);
  out.real = value;
  return out;
}

Value Value::string(preflint::Value text) {
  const uint32_t weight = weight_of(text);
  if (weight == 0) text = preflint::Value::unknown();
  Value out = with(Type::string, {std::move(text), {}, {}, {}});
  out.weight = std::max(1U, weight);
  return out;
}

Value Value::path(preflint::Value text) {
  Value out = string(std::move(text));
  out.is_path = true;
  return out;
}

Value Value::reference(std::string_view origin, int call) {
  Value out = with(Type::reference, {{}, {}, std::string(origin), {}});
  out.call = call;
  return out;
}

Value Value::collection(Type type, std::vector<Value> items, bool open) {
  Work::done(items.size() * Work::kItem);
  uint32_t weight = 1;
  for (const Value& item : items) weight = std::min(weight + item.weight, kMaxWeight + 1);
  if (weight > kMaxWeight || items.size() > kMaxItems) {
    if (type == Type::either) return {};
    items.clear();
    open = true;
    weight = 1;
  }
  Value out = with(type, {{}, std::move(items), {}, {}});
  out.open = open;
  out.weight = weight;
  return out;
}

preflint::Value Value::text() const {
  if (type == Type::string) return payload->text;
  if (type != Type::either) return preflint::Value::unknown(name());
  preflint::Value out = items()[0].text();
  for (size_t i = 1; i < items().size(); ++i) out = out.joined(items()[i].text());
  return out;
}

preflint::Value Value::str() const {
  switch (type) {
    case Type::string:
      return payload->text;
    case Type::none:
      return preflint::Value::literal("None");
    case Type::boolean:
      return preflint::Value::literal(number ? "True" : "False");
    case Type::integer:
      return preflint::Value::literal(std::to_string(number));
    case Type::real:
      return float_text(real);
    case Type::either: {
      preflint::Value out = items()[0].str();
      for (size_t i = 1; i < items().size(); ++i) out = out.joined(items()[i].str());
      return out;
    }
    default:
      return preflint::Value::unknown(name());
  }
}

std::optional<std::string> Value::constant() const {
  return type == Type::string ? payload->text.constant() : std::nullopt;
}

Tri Value::truth() const {
  switch (type) {
    case Type::none:
      return Tri::no;
    case Type::boolean:
    case Type::integer:
      return tri(number != 0);
    case Type::real:
      return tri(real != 0);
    case Type::string:
      return is_path ? Tri::yes : !payload->text.empty();
    case Type::list:
    case Type::tuple:
    case Type::set:
    case Type::dict:
      if (object) return Tri::maybe;
      return !items().empty() ? Tri::yes : open ? Tri::maybe : Tri::no;
    case Type::module:
    case Type::function:
    case Type::method:
    case Type::class_:
      return Tri::yes;
    case Type::either: {
      Tri out = items()[0].truth();
      for (const Value& item : items()) out = join(out, item.truth());
      return out;
    }
    default:
      return Tri::maybe;
  }
}

const std::vector<Value>& Value::items() const {
  static const std::vector<Value> none;
  return payload ? payload->items : none;
}

std::vector<Value> Value::alternatives() const {
  return type == Type::either ? items() : std::vector<Value>{*this};
}

const Value* Value::entry(std::string_view key) const {
  if (type != Type::dict && type != Type::instance) return nullptr;
  for (size_t i = 0; i + 1 < items().size(); i += 2) {
    if (items()[i].is(key)) return &items()[i + 1];
  }
  return nullptr;
}

std::string_view Value::origin() const { return payload ? payload->origin : std::string_view(); }

std::string Value::name() const {
  if (type == Type::unknown || type == Type::reference) {
    return payload && !payload->origin.empty() ? payload->origin : "?";
  }
  return "?";
}

const std::vector<Fragment>& Value::written() const {
  static const std::vector<Fragment> none;
  return payload ? payload->written : none;
}

bool operator==(const Value& a, const Value& b) {
  if (a.type != b.type || a.is_path != b.is_path || a.open != b.open || a.object != b.object ||
      a.function != b.function || a.assumed != b.assumed || a.maybe_missing != b.maybe_missing) {
    return false;
  }
  if (a.number != b.number || (a.type == Type::real && a.real != b.real)) return false;
  if (a.payload == b.payload) return true;
  Work::done((1 + std::min(a.items().size(), b.items().size())) * Work::kItem / 4);
  static const Payload empty;
  const Payload& x = a.payload ? *a.payload : empty;
  const Payload& y = b.payload ? *b.payload : empty;
  return x.text == y.text && x.origin == y.origin && x.items == y.items;
}

namespace {

bool of_one_length(const std::vector<Value>& all) {
  return std::all_of(all.begin(), all.end(), [&](const Value& one) {
    return one.type == Type::tuple && !one.open && one.items().size() == all[0].items().size();
  });
}

/// Of tuples of one length one, each of whose elements may be any of theirs.
Value by_position(const std::vector<Value>& tuples) {
  std::vector<Value> items = tuples[0].items();
  for (const Value& one : tuples) {
    for (size_t i = 0; i < items.size(); ++i) items[i] = items[i].joined(one.items()[i]);
  }
  return Value::collection(Type::tuple, std::move(items));
}

}  // namespace

Value Value::joined(const Value& other) const {
  if (*this == other) return call < 0 && other.call >= 0 ? other : *this;
  Work::done((2 + items().size() + other.items().size()) * Work::kItem);
  // What something unseen may change, and what it is where nothing does.
  const auto falls_back_to = [](const Value& unless, const Value& known) {
    if (!unless.is_unknown() || unless.items().empty()) return false;
    const Value& fallback = unless.items()[0];
    return (known.is_none() || known.type == Type::boolean) && fallback.type == known.type &&
           fallback.number == known.number;
  };
  Value out;
  if (falls_back_to(*this, other)) {
    out = *this;
  } else if (falls_back_to(other, *this)) {
    out = other;
  } else if (type == Type::string && other.type == Type::string && is_path == other.is_path) {
    out = string(payload->text.joined(other.payload->text));
    out.is_path = is_path;
  } else {
    std::vector<Value> all;
    for (const Value* side : {this, &other}) {
      for (Value& value : side->alternatives()) {
        value.assumed = value.maybe_missing = false;
        bool merged = false;
        for (Value& mine : all) {
          if (mine == value) {
            merged = true;
          } else if (mine.type == Type::string && value.type == Type::string &&
                     mine.is_path == value.is_path) {
            const bool path = mine.is_path;
            mine = string(mine.payload->text.joined(value.payload->text));
            mine.is_path = path;
            merged = true;
          } else if (mine.type == Type::unknown && value.type == Type::unknown) {
            mine.call = std::max(mine.call, value.call);
            merged = true;
          }
          if (merged) break;
        }
        if (!merged) all.push_back(std::move(value));
      }
    }
    if (all.size() == 1)
      out = all[0];
    else if (all.size() <= kMaxAlternatives)
      out = collection(Type::either, std::move(all));
    else if (of_one_length(all))
      out = by_position(all);
  }
  out.assumed = assumed || other.assumed;
  out.maybe_missing = maybe_missing || other.maybe_missing;
  return out;
}

std::optional<Source> source_of(const Value& value) {
  const std::vector<Fragment>& parts = value.written();
  const ProgramFile* file = nullptr;
  for (const Fragment& part : parts) {
    if (!part.literal) continue;
    if (file && part.file != file) return std::nullopt;
    file = part.file;
  }
  if (!file) return std::nullopt;
  const Source& outer = file->syntax.source;
  SourceBuilder out;
  std::string quoting;
  for (const Fragment& part : parts) {
    if (!part.literal) {
      // What comes from another file stands at the last place that is known here.
      Span span = part.span;
      if (part.file != file) span = {0, 0};
      for (const Piece& piece : part.text.pieces()) {
        if (piece.known) {
          out.replaced(piece.text, span);
          continue;
        }
        std::string name = "__py_";
        for (char c : piece.text) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
        out.replaced("${" + name + "}", span);
      }
      continue;
    }
    const std::string_view written = outer.slice(part.literal->span);
    LiteralStyle style;
    uint32_t head = 0, tail = 0;
    if (part.literal->bare) {
      style.formatted = true;
      style.raw = part.literal->raw;
      quoting += "\"'{}";
    } else {
      style = literal_style(written);
      head = style.prefix + style.quote;
      tail = style.quote;
      quoting += style.mark;
    }
    decode_literal(written.substr(head, written.size() - head - tail), style,
                   part.literal->span.begin + head, out);
  }
  return std::move(out).build(outer, quoting + "\\\n");
}

}  // namespace preflint::py
