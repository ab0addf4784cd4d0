#include <algorithm>
#include <cmath>

#include "model/python/machine.h"
#include "model/python/texts.h"

namespace preflint::py {
namespace {

double as_real(const Value& v) {
  return v.type == Type::real ? v.real : static_cast<double>(v.number);
}

/// Python's floor division and modulo.
int64_t floor_div(int64_t a, int64_t b) {
  return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}

}  // namespace

Value Machine::add_strings(const Value& a, const Value& b) {
  const Value whole = Value::string(a.payload->text.concatenated(b.payload->text));
  Payload payload;
  payload.text = whole.payload->text;
  if (!a.written().empty() && !b.written().empty() &&
      a.written().size() + b.written().size() <= 64) {
    payload.written = a.written();
    payload.written.insert(payload.written.end(), b.written().begin(), b.written().end());
  }
  Value out = Value::of(Type::string);
  out.weight = whole.weight;
  out.payload = std::make_shared<const Payload>(std::move(payload));
  return out;
}

Value Machine::binary(Op op, const Value& a, const Value& b) {
  if (a.type == Type::either || b.type == Type::either) {
    const auto left = a.alternatives(), right = b.alternatives();
    std::optional<Value> out;
    for (const Value& x : left) {
      for (const Value& y : right) {
        const Value one = binary(op, x, y);
        out = out ? out->joined(one) : one;
      }
    }
    out->assumed |= a.assumed || b.assumed;
    return *out;
  }
  Value out = arithmetic(op, a, b);
  out.assumed |= a.assumed || b.assumed;
  return out;
}

Value Machine::arithmetic(Op op, const Value& a, const Value& b) {
  if (op == Op::add && a.is_string() && !a.is_path) {
    if (b.is_string() && !b.is_path) return add_strings(a, b);
    if (b.is_unknown() || b.type == Type::reference) {
      return Value::string(a.payload->text.concatenated(preflint::Value::unknown(b.name())));
    }
  }
  if (op == Op::add && b.is_string() && !b.is_path &&
      (a.is_unknown() || a.type == Type::reference)) {
    return Value::string(preflint::Value::unknown(a.name()).concatenated(b.payload->text));
  }
  if (op == Op::div &&
      ((a.is_string() && (a.is_path || b.is_path)) || (b.is_string() && b.is_path))) {
    return join_paths({&a, &b}, true);
  }
  if (op == Op::div && a.is_unknown() && b.is_string()) {
    // unknown / "x": a path, if anything.
    return Value::path(preflint::Value::unknown(a.name())
                           .concatenated(preflint::Value::literal("/"))
                           .concatenated(b.payload->text));
  }
  if (op == Op::mod && a.is_string() && !a.is_path) return percent(a, b);
  if (op == Op::mul && a.is_string() && b.type == Type::integer && a.constant()) {
    if (b.number > 200 || a.constant()->size() > 200) return {};
    std::string text;
    for (int64_t i = 0; i < b.number; ++i) text += *a.constant();
    return Value::string(text);
  }
  if (op == Op::add && a.type == b.type && (a.type == Type::list || a.type == Type::tuple)) {
    std::vector<Value> items = live_items(a);
    const bool open = live_open(a);
    if (!open) items.insert(items.end(), live_items(b).begin(), live_items(b).end());
    return make_collection(a.type, std::move(items), open || live_open(b));
  }
  if (op == Op::mul && (a.type == Type::list || a.type == Type::tuple) && b.type == Type::integer) {
    const auto elements = elements_of(a);
    if (!elements || b.number * static_cast<int64_t>(elements->size()) > 200)
      return make_collection(a.type, {}, true);
    std::vector<Value> items;
    for (int64_t i = 0; i < b.number; ++i)
      items.insert(items.end(), elements->begin(), elements->end());
    return make_collection(a.type, std::move(items));
  }
  if (op == Op::bit_or && a.type == Type::dict && b.type == Type::dict && !live_open(a) &&
      !live_open(b)) {
    Value out = make_collection(Type::dict, live_items(a));
    const std::vector<Value> more = live_items(b);
    for (size_t i = 0; i + 1 < more.size(); i += 2) assign_item(out, more[i], more[i + 1], {}, {});
    return out;
  }
  if (!a.is_number() || !b.is_number()) {
    ++risks_;
    Value out;
    out.call = std::max(a.call, b.call);  // `os.cpu_count() // 2` still comes from that call
    return out;
  }
  if (a.type == Type::real || b.type == Type::real || op == Op::div) {
    const double x = as_real(a), y = as_real(b);
    double result = 0;
    switch (op) {
      case Op::add:
        result = x + y;
        break;
      case Op::sub:
        result = x - y;
        break;
      case Op::mul:
        result = x * y;
        break;
      case Op::div:
        if (y == 0) {
          ++risks_;
          return {};
        }
        result = x / y;
        break;
      case Op::floor_div:
        if (y == 0) {
          ++risks_;
          return {};
        }
        result = std::floor(x / y);
        break;
      case Op::pow:
        result = std::pow(x, y);
        break;
      default:
        return {};
    }
    return std::isfinite(result) ? Value::floating(result) : Value();
  }
  const int64_t x = a.number, y = b.number;
  int64_t result = 0;
  bool overflow = false;
  switch (op) {
    case Op::add:
      overflow = __builtin_add_overflow(x, y, &result);
      break;
    case Op::sub:
      overflow = __builtin_sub_overflow(x, y, &result);
      break;
    case Op::mul:
      overflow = __builtin_mul_overflow(x, y, &result);
      break;
    case Op::floor_div:
    case Op::mod:
      if (y == 0) ++risks_;
      if (y == 0 || y == -1) {
        if (y == 0) return {};
        overflow = op == Op::floor_div && __builtin_sub_overflow(int64_t{0}, x, &result);
        if (op == Op::mod) result = 0;
        break;
      }
      result = op == Op::floor_div ? floor_div(x, y) : x - floor_div(x, y) * y;
      break;
    case Op::pow: {
      if (y < 0 || y > 64) return {};
      result = 1;
      for (int64_t i = 0; i < y && !overflow; ++i)
        overflow = __builtin_mul_overflow(result, x, &result);
      break;
    }
    case Op::bit_and:
      result = x & y;
      break;
    case Op::bit_or:
      result = x | y;
      break;
    case Op::bit_xor:
      result = x ^ y;
      break;
    case Op::shift_left:
      if (y < 0 || y > 40 || x < 0 || x > (int64_t{1} << 20)) return {};
      result = x << y;
      break;
    case Op::shift_right:
      if (y < 0 || y > 62) return {};
      result = x >> y;
      break;
    default:
      return {};
  }
  if (overflow) return {};
  const bool logic = op == Op::bit_and || op == Op::bit_or || op == Op::bit_xor;
  if (logic && a.type == Type::boolean && b.type == Type::boolean)
    return Value::boolean(result != 0);
  return Value::integer(result);
}

Value Machine::unary(Op op, const Value& v) {
  Value out;
  if (v.type == Type::real && op == Op::minus)
    out = Value::floating(-v.real);
  else if (v.type == Type::real && op == Op::plus)
    out = v;
  else if (v.type == Type::integer || v.type == Type::boolean) {
    int64_t result = v.number;
    if (op == Op::minus && __builtin_sub_overflow(int64_t{0}, v.number, &result)) return {};
    if (op == Op::invert) result = ~v.number;
    out = Value::integer(result);
  }
  out.assumed = v.assumed;
  return out;
}

/// "…" % values
Value Machine::percent(const Value& format, const Value& values) {
  const auto text = format.constant();
  if (!text) return Value::string(preflint::Value::unknown());
  preflint::Value out;
  size_t next = 0;
  const bool tuple = values.type == Type::tuple;
  const auto elements = tuple ? elements_of(values) : std::nullopt;
  bool assumed = false;
  std::string run;
  for (size_t i = 0; i < text->size(); ++i) {
    if ((*text)[i] != '%') {
      run += (*text)[i];
      continue;
    }
    if (i + 1 < text->size() && (*text)[i + 1] == '%') {
      run += '%';
      ++i;
      continue;
    }
    ++i;
    if (!step()) return {};
    Value value;
    if (i < text->size() && (*text)[i] == '(') {
      const size_t close = text->find(')', i);
      if (close == text->npos) return Value::string(preflint::Value::unknown());
      value = item(values, Value::string(text->substr(i + 1, close - i - 1)));
      i = close + 1;
    } else if (tuple) {
      if (elements && next < elements->size()) value = (*elements)[next++];
    } else if (next++ == 0) {
      value = values;
    }
    std::string spec;
    bool left = false;
    while (i < text->size() &&
           std::string_view("-+ #0").find((*text)[i]) != std::string_view::npos) {
      if ((*text)[i] == '-')
        left = true;
      else
        spec += (*text)[i];
      ++i;
    }
    while (i < text->size() && ((*text)[i] == '.' || ((*text)[i] >= '0' && (*text)[i] <= '9')))
      spec += (*text)[i++];
    if (i >= text->size()) break;
    char kind = (*text)[i];
    std::string conversion;
    if (kind == 'i' || kind == 'u') kind = 'd';
    if (kind == 'r' || kind == 'a') conversion = "r", kind = 's';
    if (kind == 'd' && value.type == Type::real) value = Value();
    if (kind == 's' && !value.is_string()) {
      const preflint::Value shown = value.str();
      value = shown.unknown_whole() ? value : Value::string(shown);
    }
    if (!spec.empty() && spec[0] != '0') spec.insert(0, left ? "<" : ">");
    if (kind != 's' || !spec.empty()) spec += kind;
    out = out.concatenated(preflint::Value::literal(run));
    run.clear();
    out = out.concatenated(format_value(value, spec == "s" ? "" : spec, conversion));
    assumed |= value.assumed;
  }
  Value made = Value::string(out.concatenated(preflint::Value::literal(run)));
  made.assumed = assumed;
  return made;
}

}  // namespace preflint::py
