#include "catalog/fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/suggest.h"

namespace preflint::catalog {

bool is_text(const Document& value) { return value.is_scalar() && !value.is_null(); }

Fields::Fields(const Document& map, std::string_view what, std::vector<Error>& errors)
    : map_(map), what_(what), errors_(errors) {
  if (!map.is_map() && !map.is_null()) {
    fail(map.span, fmt::format("{} must be a mapping, not {}", what, name_of(map.kind)));
  }
}

const Document* Fields::get(std::string_view key) {
  asked_.emplace_back(key);
  const Document* value = map_.find(key);
  return value && !value->is_null() ? value : nullptr;
}

const Document* Fields::need(std::string_view key) {
  const Document* value = get(key);
  if (!value) fail(map_.span, fmt::format("{} has no '{}'", what_, key));
  return value;
}

std::optional<std::string> Fields::text(std::string_view key) {
  const Document* value = get(key);
  if (!value) return std::nullopt;
  if (!is_text(*value)) {
    fail(value->span, fmt::format("'{}' must be a text, not {}", key, name_of(value->kind)));
    return std::nullopt;
  }
  return value->text;
}

std::string Fields::need_text(std::string_view key) {
  const size_t before = errors_.size();
  std::string value = text(key).value_or("");
  if (value.empty() && errors_.size() == before) {
    fail(map_.span, fmt::format("{} has no '{}'", what_, key));
  }
  return value;
}

std::string Fields::choice(std::string_view key, const std::vector<std::string_view>& words) {
  const auto value = text(key);
  if (!value) return "";
  if (std::find(words.begin(), words.end(), *value) != words.end()) return *value;
  const std::string_view near = nearest(*value, words);
  fail(map_.find(key)->span,
       fmt::format("'{}' is not one of {}{}", *value, fmt::join(words, ", "),
                   near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
  return "";
}

std::optional<bool> Fields::flag(std::string_view key) {
  const Document* value = get(key);
  if (!value) return std::nullopt;
  if (value->kind != Document::Kind::boolean) {
    fail(value->span, fmt::format("'{}' must be true or false, not {}", key, name_of(value->kind)));
    return std::nullopt;
  }
  return value->boolean;
}

std::optional<int64_t> Fields::integer(std::string_view key, int64_t least, int64_t most) {
  const Document* value = get(key);
  if (!value) return std::nullopt;
  if (value->kind != Document::Kind::integer || value->integer < least || value->integer > most) {
    fail(value->span, fmt::format("'{}' must be a whole number from {} to {}", key, least, most));
    return std::nullopt;
  }
  return value->integer;
}

std::optional<double> Fields::number(std::string_view key) {
  const Document* value = get(key);
  if (!value) return std::nullopt;
  if (value->kind != Document::Kind::integer && value->kind != Document::Kind::real) {
    fail(value->span, fmt::format("'{}' must be a number, not {}", key, name_of(value->kind)));
    return std::nullopt;
  }
  return value->real;
}

std::vector<const Document*> Fields::scalars(std::string_view key) {
  const Document* value = get(key);
  std::vector<const Document*> out;
  if (!value) return out;
  if (is_text(*value)) {
    out.push_back(value);
    return out;
  }
  if (!value->is_list()) {
    fail(value->span, fmt::format("'{}' must be a list, not {}", key, name_of(value->kind)));
    return out;
  }
  for (const Document& item : value->items) {
    if (is_text(item)) {
      out.push_back(&item);
    } else {
      fail(item.span,
           fmt::format("'{}' holds {} where a text is expected", key, name_of(item.kind)));
    }
  }
  return out;
}

std::vector<std::string> Fields::texts(std::string_view key) {
  std::vector<std::string> out;
  for (const Document* item : scalars(key)) out.push_back(item->text);
  return out;
}

std::vector<const Document*> Fields::items(std::string_view key) {
  std::vector<const Document*> out;
  const Document* value = get(key);
  if (!value) return out;
  if (!value->is_list()) {
    fail(value->span, fmt::format("'{}' must be a list, not {}", key, name_of(value->kind)));
    return out;
  }
  for (const Document& item : value->items) out.push_back(&item);
  return out;
}

void Fields::fail(Span where, std::string message) {
  errors_.push_back({std::move(message), where});
}

void Fields::finish() {
  const std::vector<std::string_view> known(asked_.begin(), asked_.end());
  for (const Document::Member& member : map_.members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    fail(member.key_span,
         fmt::format("{} has no key '{}'{}", what_, member.key, suggestion(member.key, known)));
  }
}

}  // namespace preflint::catalog
