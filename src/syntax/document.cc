#include "syntax/document.h"

namespace preflint {

Document::Document() = default;
Document::~Document() = default;
Document::Document(const Document&) = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(const Document&) = default;
Document& Document::operator=(Document&&) noexcept = default;

const Document::Member* Document::member(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member;
  }
  return nullptr;
}

const Document* Document::find(std::string_view key) const {
  const Member* found = member(key);
  return found ? &found->value : nullptr;
}

const Document* Document::at(std::initializer_list<std::string_view> keys) const {
  const Document* here = this;
  for (const std::string_view key : keys) {
    here = here->find(key);
    if (!here) return nullptr;
  }
  return here;
}

Sentence given_twice(std::string_view key) {
  return {"the key '" + std::string(key) + "' is given twice",
          "键 '" + std::string(key) + "' 重复出现"};
}

Sentence name_of(Document::Kind kind) {
  switch (kind) {
    case Document::Kind::null:
      return {"nothing", "空值"};
    case Document::Kind::boolean:
      return {"true or false", "true 或 false"};
    case Document::Kind::integer:
      return {"a whole number", "整数"};
    case Document::Kind::real:
      return {"a number", "数字"};
    case Document::Kind::string:
      return {"a string", "字符串"};
    case Document::Kind::list:
      return {"a list", "列表"};
    case Document::Kind::map:
      return {"a mapping", "映射"};
  }
  return {};
}

std::optional<uint32_t> invalid_utf8(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  for (size_t i = 0; i < text.size();) {
    const unsigned char lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || i + length > text.size()) return static_cast<uint32_t>(i);
    for (size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return static_cast<uint32_t>(i);
    }
    const unsigned char second = byte(i + 1);
    // Overlong forms, surrogates and what lies past U+10FFFF.
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
      return static_cast<uint32_t>(i);
    }
    i += length;
  }
  return std::nullopt;
}

}  // namespace preflint
