#include <algorithm>
#include <cmath>
#include <cstdio>

#include "model/python/machine.h"
#include "model/python/texts.h"

namespace preflint::py {
namespace {

/// [[fill]align][sign][0][width][.precision][type]
struct Spec {
  char fill = ' ', align = 0, type = 0;
  bool plus = false, zero = false, comma = false;
  int width = 0, precision = -1;
};

std::optional<Spec> parse_spec(std::string_view text) {
  Spec out;
  size_t i = 0;
  const auto is_align = [](char c) { return c == '<' || c == '>' || c == '^' || c == '='; };
  if (text.size() > 1 && is_align(text[1])) {
    if (static_cast<uint8_t>(text[0]) >= 0x80) return std::nullopt;
    out.fill = text[0];
    out.align = text[1];
    i = 2;
  } else if (!text.empty() && is_align(text[0])) {
    out.align = text[0];
    i = 1;
  }
  if (i < text.size() && text[i] == '+')
    out.plus = true, ++i;
  else if (i < text.size() && text[i] == '-')
    ++i;
  if (i < text.size() && text[i] == '0') out.zero = true, ++i;
  while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
    out.width = out.width * 10 + (text[i++] - '0');
    if (out.width > 200) return std::nullopt;
  }
  if (i < text.size() && text[i] == ',') out.comma = true, ++i;
  if (i < text.size() && text[i] == '.') {
    ++i;
    out.precision = 0;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
      out.precision = out.precision * 10 + (text[i++] - '0');
      if (out.precision > 50) return std::nullopt;
    }
  }
  if (i < text.size()) out.type = text[i++];
  if (i != text.size() || out.comma) return std::nullopt;
  return out;
}

std::string pad(std::string body, const Spec& spec, bool number) {
  size_t shown = 0;
  for (char c : body) shown += (static_cast<uint8_t>(c) & 0xC0) != 0x80;
  if (static_cast<int>(shown) >= spec.width) return body;
  const size_t missing = static_cast<size_t>(spec.width) - shown;
  char align = spec.align ? spec.align : number ? '>' : '<';
  char fill = spec.fill;
  if (spec.zero && !spec.align) {
    fill = '0';
    align = number ? '=' : '<';
  }
  if (align == '=') {
    const size_t sign = !body.empty() && (body[0] == '-' || body[0] == '+') ? 1 : 0;
    return body.substr(0, sign) + std::string(missing, fill) + body.substr(sign);
  }
  const size_t before = align == '>' ? missing : align == '^' ? missing / 2 : 0;
  return std::string(before, fill) + body + std::string(missing - before, fill);
}

std::optional<std::string> format_number(const Value& v, const Spec& spec) {
  char buffer[512];
  if (spec.type == 'd' || spec.type == 'x' || spec.type == 'X' ||
      (spec.type == 0 && v.type == Type::integer)) {
    if (v.type == Type::real || spec.precision >= 0) return std::nullopt;
    const char kind = spec.type ? spec.type : 'd';
    if (kind != 'd' && v.number < 0) return std::nullopt;
    if (kind == 'd')
      std::snprintf(buffer, sizeof buffer, "%lld", static_cast<long long>(v.number));
    else if (kind == 'x')
      std::snprintf(buffer, sizeof buffer, "%llx", static_cast<unsigned long long>(v.number));
    else
      std::snprintf(buffer, sizeof buffer, "%llX", static_cast<unsigned long long>(v.number));
  } else if (spec.type == 'f' || spec.type == 'F' || spec.type == 'e' || spec.type == '%' ||
             spec.type == 'g') {
    double value = v.type == Type::real ? v.real : static_cast<double>(v.number);
    if (!std::isfinite(value) || std::fabs(value) > 1e100) return std::nullopt;
    const int precision = spec.precision < 0 ? 6 : spec.precision;
    if (spec.type == '%') value *= 100;
    if (spec.type == 'e')
      std::snprintf(buffer, sizeof buffer, "%.*e", precision, value);
    else if (spec.type == 'g')
      std::snprintf(buffer, sizeof buffer, "%.*g", precision, value);
    else
      std::snprintf(buffer, sizeof buffer, spec.type == '%' ? "%.*f%%" : "%.*f", precision, value);
  } else {
    return std::nullopt;
  }
  std::string body = buffer;
  if (spec.plus && body[0] != '-') body.insert(0, "+");
  return pad(std::move(body), spec, true);
}

/// Does repr() give the text as it is, between single quotes?
bool plain_repr(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<uint8_t>(text[i]);
    if (c < 0x20 || c == 0x7f || c == '\'' || c == '\\') return false;
    // Blanks and controls past ASCII are escaped; they lie in these blocks.
    if (c == 0xc2 || c == 0xe2 || c == 0xef || c >= 0xf0 ||
        text.substr(i).starts_with("\xe3\x80\x80"))
      return false;
  }
  return true;
}

}  // namespace

preflint::Value Machine::format_value(const Value& v, std::string_view spec_text,
                                      std::string_view conversion) {
  if (v.type == Type::either) {
    std::optional<preflint::Value> out;
    for (const Value& one : v.items()) {
      const preflint::Value text = format_value(one, spec_text, conversion);
      out = out ? out->joined(text) : text;
    }
    return *out;
  }
  if (conversion == "r" || conversion == "a") {
    const auto text = v.constant();
    if (v.is_string() && (!text || v.is_path || conversion == "a" || !plain_repr(*text))) {
      return preflint::Value::unknown();
    }
    if (text) return format_value(Value::string("'" + *text + "'"), spec_text, "");
    return spec_text.empty() ? v.str() : preflint::Value::unknown();
  }
  if (spec_text.empty()) return v.str();
  const auto spec = parse_spec(spec_text);
  if (!spec) return preflint::Value::unknown(v.name());
  if (v.is_string()) {
    const bool simple = (spec->type == 's' || spec->type == 0) && !spec->plus;
    if (simple && spec->width == 0 && spec->precision < 0) return v.text();
    if (!simple || v.is_path) return preflint::Value::unknown();
    return map_text(v.text(), [&](const std::string& text) -> std::optional<std::string> {
      std::string body = text;
      if (spec->precision >= 0) {
        for (char c : body) {
          if (static_cast<uint8_t>(c) >= 0x80) return std::nullopt;
        }
        body.resize(std::min(body.size(), static_cast<size_t>(spec->precision)));
      }
      return pad(std::move(body), *spec, false);
    });
  }
  if (v.is_number() && !(v.type == Type::boolean && spec->type == 0)) {
    if (v.type == Type::real && spec->type == 0 && spec->precision < 0 && !spec->plus) {
      const auto plain = v.str().constant();
      if (plain) return preflint::Value::literal(pad(*plain, *spec, true));
    }
    if (const auto text = format_number(v, *spec)) return preflint::Value::literal(*text);
  }
  return preflint::Value::unknown(v.name());
}

/// "…".format(…)
Value Machine::format_method(const Value& format, const Call& call) {
  const auto text = format.constant();
  if (!text) return Value::string(preflint::Value::unknown());
  preflint::Value out;
  std::string run;
  size_t automatic = 0;
  bool assumed = false;
  for (size_t i = 0; i < text->size(); ++i) {
    const char c = (*text)[i];
    if ((c == '{' || c == '}') && i + 1 < text->size() && (*text)[i + 1] == c) {
      run += c;
      ++i;
      continue;
    }
    if (c != '{') {
      run += c;
      continue;
    }
    if (!step()) return {};
    const size_t close = text->find('}', i);
    if (close == text->npos) return Value::string(preflint::Value::unknown());
    std::string field = text->substr(i + 1, close - i - 1);
    i = close;
    out = out.concatenated(preflint::Value::literal(run));
    run.clear();
    if (field.find('{') != field.npos)
      return Value::string(out.concatenated(preflint::Value::unknown()));
    std::string spec, conversion;
    if (const size_t colon = field.find(':'); colon != field.npos) {
      spec = field.substr(colon + 1);
      field.resize(colon);
    }
    if (const size_t bang = field.find('!'); bang != field.npos) {
      conversion = field.substr(bang + 1);
      field.resize(bang);
    }
    const size_t tail = field.find_first_of(".[");
    std::string rest = tail == field.npos ? "" : field.substr(tail);
    if (tail != field.npos) field.resize(tail);
    Value value;
    const bool number =
        !field.empty() && field.find_first_not_of("0123456789") == field.npos && field.size() < 4;
    const Value* found = field.empty() ? call.positional(automatic++)
                         : number      ? call.positional(static_cast<size_t>(std::stoi(field)))
                                       : call.keyword(field);
    if (found) value = *found;
    while (!rest.empty()) {
      const size_t end = rest[0] == '[' ? rest.find(']') : rest.find_first_of(".[", 1);
      if (rest[0] == '[') {
        if (end == rest.npos) break;
        const std::string key = rest.substr(1, end - 1);
        const bool index =
            !key.empty() && key.size() < 6 && key.find_first_not_of("0123456789") == key.npos;
        value = item(value, index ? Value::integer(std::stoi(key)) : Value::string(key));
        rest = rest.substr(end + 1);
      } else {
        value = attribute(value, rest.substr(1, end == rest.npos ? rest.npos : end - 1));
        rest = end == rest.npos ? "" : rest.substr(end);
      }
    }
    assumed |= value.assumed;
    preflint::Value shown = format_value(value, spec, conversion);
    if (shown.unknown_whole() && shown.display() == "{?}" && !field.empty())
      shown = preflint::Value::unknown(field);
    out = out.concatenated(shown);
  }
  Value made = Value::string(out.concatenated(preflint::Value::literal(run)));
  made.assumed = assumed || format.assumed;
  return made;
}

}  // namespace preflint::py
