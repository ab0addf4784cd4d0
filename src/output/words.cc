#include "output/words.h"

#include <re2/re2.h>

#include <algorithm>

#include "base/elided.h"
#include "syntax/secrets.h"

namespace preflint::output {
namespace {

using catalog::NamedWords;

const catalog::Words* find(std::span<const NamedWords> words, std::string_view key) {
  const auto it = std::find_if(words.begin(), words.end(),
                               [&](const NamedWords& named) { return named.key == key; });
  return it == words.end() ? nullptr : &it->words;
}

/// Chinese characters and full-width punctuation, by their first byte.
bool wide(unsigned char lead) { return lead >= 0xE3 && lead <= 0xEF; }

/// YAML folds long texts with line ends that mean nothing on one line, and less than nothing in
/// Chinese.
std::string one_line(std::string text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] == '\n' || text[i] == '\r' ? ' ' : text[i];
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    const bool between = c == ' ' && out.size() >= 3 &&
                         wide(static_cast<unsigned char>(out[out.size() - 3])) &&
                         i + 1 < text.size() && wide(static_cast<unsigned char>(text[i + 1]));
    if (!between) out += c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

/// A value as a sentence of a language has it: numbers are enumerated with 、 in Chinese.
std::string shown(const std::string& value, Language language) {
  // What Python puts into a command stands there as `${__py_name}`.
  // Of what a call returned the last attribute says most: `job_id`.
  static const re2::RE2 kOfPython(R"(\$\{__py_(?:\w*___)?(\w+?)_*\}|\$__py_(?:\w*___)?(\w+?)_*\b)");
  std::string out = elided(value);
  if (out.find("__py_") != out.npos) re2::RE2::GlobalReplace(&out, kOfPython, R"({\1\2})");
  if (language != Language::zh || value.find_first_not_of("0123456789, ") != std::string::npos)
    return out;
  for (size_t at = out.find(", "); at != std::string::npos; at = out.find(", ", at))
    out.replace(at, 2, "、");
  return out;
}

}  // namespace

std::string fill(std::string_view words, const Arguments& arguments, Language language) {
  std::string out;
  out.reserve(words.size() + 32);
  while (!words.empty()) {
    const size_t open = words.find('{');
    out += words.substr(0, open);
    if (open == std::string_view::npos) break;
    const size_t close = words.find('}', open);
    if (close == std::string_view::npos) {
      out += words.substr(open);
      break;
    }
    const std::string name(words.substr(open + 1, close - open - 1));
    auto argument = language == Language::zh ? arguments.find(name + ".zh") : arguments.end();
    if (argument == arguments.end()) argument = arguments.find(name);
    if (argument == arguments.end()) {
      out += '{';
      words.remove_prefix(open + 1);
      continue;
    }
    out += shown(argument->second, language);
    words.remove_prefix(close + 1);
  }
  return out;
}

std::string message_of(const Finding& finding, const catalog::Rule* rule, Language language) {
  const catalog::Words* words = nullptr;
  if (rule)
    words = finding.message.empty() ? &rule->message : find(rule->messages, finding.message);
  if (words)
    return secrets::masked(one_line(fill(words->in(language), finding.arguments, language)));
  std::string out = rule ? std::string(rule->summary.in(language)) : finding.rule;
  if (!finding.message.empty()) (out += ": ") += finding.message;
  return out;
}

std::string note_of(const Note& note, const catalog::Rule* rule, const RuleBook& book,
                    Language language) {
  const catalog::Words* words = rule ? find(rule->notes, note.key) : nullptr;
  if (!words && book.note) words = book.note(note.key);
  return words ? secrets::masked(one_line(fill(words->in(language), note.arguments, language)))
               : note.key;
}

std::string advice_of(const Finding& finding, const catalog::Rule* rule, Language language) {
  return rule ? secrets::masked(
                    one_line(fill(rule->advice.in(language), finding.arguments, language)))
              : std::string();
}

std::string_view name_of(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "info";
}

std::string_view name_of(Severity severity, Language language) {
  if (language == Language::en) return name_of(severity);
  return severity == Severity::error ? "错误" : severity == Severity::warning ? "警告" : "提示";
}

}  // namespace preflint::output
