#pragma once

#include <cstdint>
#include <string>

namespace preflint {

enum class Language : uint8_t { en, zh };

/// What is said to people, in both languages.
struct Sentence {
  std::string en, zh;
  const std::string& in(Language language) const { return language == Language::zh ? zh : en; }
  friend bool operator==(const Sentence&, const Sentence&) = default;
};

/// Code, a name, or a library's own words: the same in every language.
inline Sentence verbatim(const std::string& text) { return {text, text}; }

}  // namespace preflint
