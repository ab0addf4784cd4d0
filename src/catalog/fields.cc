#include "catalog/fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/suggest.h"

namespace preflint::catalog {

bool is_text(const Document& value) { return value.is_scalar() && !value.is_null(); }

Fields::Fields(const Document& map, Sentence what, std::vector<Error>& errors)
    : map_(map), what_(std::move(what)), errors_(errors) {
  if (!map.is_map() && !map.is_null()) {
    const Sentence kind = name_of(map.kind);
    fail(map.span, {fmt::format("{} must be a mapping, not {}", what_.en, kind.en),
                    fmt::format("{} 应为映射，而不是{}", what_.zh, kind.zh)});
  }
}

const Document* Fields::get(std::string_view key) {
  asked_.emplace_back(key);
  const Document* value = map_.find(key);
  return value && !value->is_null() ? value : nullptr;
}

const Document* Fields::need(std::string_view key) {
  const Document* value = get(key);
  if (!value) missing(key);
  return value;
}

std::optional<std::string> Fields::text(std::string_view key) {
  const Document* value = get(key);
  if (!value) return std::nullopt;
  if (!is_text(*value)) {
    wrong_kind(key, *value, {"a text", "文本"});
    return std::nullopt;
  }
  return value->text;
}

std::string Fields::need_text(std::string_view key) {
  const size_t before = errors_.size();
  std::string value = text(key).value_or("");
  if (value.empty() && errors_.size() == before) {
    missing(key);
  }
  return value;
}

std::string Fields::choice(std::string_view key, const std::vector<std::string_view>& words) {
  const auto value = text(key);
  if (!value) return "";
  if (std::find(words.begin(), words.end(), *value) != words.end()) return *value;
  const std::string_view near = nearest(*value, words);
  Sentence sentence{fmt::format("'{}' is not one of {}", *value, fmt::join(words, ", ")),
                    fmt::format("'{}' 不在可选值之中：{}", *value, fmt::join(words, ", "))};
  if (!near.empty()) {
    sentence.en += fmt::format("; did you mean '{}'?", near);
    sentence.zh += fmt::format("；是否想写 '{}'？", near);
  }
  fail(map_.find(key)->span, std::move(sentence));
  return "";
}

std::optional<bool> Fields::flag(std::string_view key) {
  const Document* value = get(key);
  if (!value) return std::nullopt;
  if (value->kind != Document::Kind::boolean) {
    wrong_kind(key, *value, {"true or false", " true 或 false"});
    return std::nullopt;
  }
  return value->boolean;
}

std::optional<int64_t> Fields::integer(std::string_view key, int64_t least, int64_t most) {
  const Document* value = get(key);
  if (!value) return std::nullopt;
  if (value->kind != Document::Kind::integer || value->integer < least || value->integer > most) {
    fail(value->span, {fmt::format("'{}' must be a whole number from {} to {}", key, least, most),
                       fmt::format("'{}' 应为 {} 到 {} 之间的整数", key, least, most)});
    return std::nullopt;
  }
  return value->integer;
}

std::optional<double> Fields::number(std::string_view key) {
  const Document* value = get(key);
  if (!value) return std::nullopt;
  if (value->kind != Document::Kind::integer && value->kind != Document::Kind::real) {
    wrong_kind(key, *value, {"a number", "数字"});
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
    wrong_kind(key, *value, {"a list", "列表"});
    return out;
  }
  for (const Document& item : value->items) {
    if (is_text(item)) {
      out.push_back(&item);
    } else {
      const Sentence kind = name_of(item.kind);
      fail(item.span, {fmt::format("'{}' holds {} where a text is expected", key, kind.en),
                       fmt::format("'{}' 中应为文本，却出现了{}", key, kind.zh)});
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
    wrong_kind(key, *value, {"a list", "列表"});
    return out;
  }
  for (const Document& item : value->items) out.push_back(&item);
  return out;
}

void Fields::fail(Span where, Sentence words) {
  errors_.push_back(Error::of(std::move(words), where));
}

void Fields::fail(Span where, const Error& error) {
  errors_.push_back({error.message, where, error.zh});
}

void Fields::missing(std::string_view key) {
  fail(map_.span,
       {fmt::format("{} has no '{}'", what_.en, key), fmt::format("{} 缺少 '{}'", what_.zh, key)});
}

void Fields::wrong_kind(std::string_view key, const Document& value, const Sentence& wanted) {
  const Sentence kind = name_of(value.kind);
  fail(value.span, {fmt::format("'{}' must be {}, not {}", key, wanted.en, kind.en),
                    fmt::format("'{}' 应为{}，而不是{}", key, wanted.zh, kind.zh)});
}

void Fields::finish() {
  std::vector<std::string_view> known;
  for (const std::string& key : asked_) {
    if (std::find(known.begin(), known.end(), key) == known.end()) known.push_back(key);
  }
  for (const Document::Member& member : map_.members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    if (errors_.size() > kMostMistakes) return;
    const Sentence near = suggestion(member.key, known);
    fail(member.key_span, {fmt::format("{} has no key '{}'{}", what_.en, member.key, near.en),
                           fmt::format("{} 没有 '{}' 这个键{}", what_.zh, member.key, near.zh)});
  }
}

}  // namespace preflint::catalog
