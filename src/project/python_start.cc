#include "project/python_start.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace preflint::project {
namespace {

Tri either_empty(const Value& a, const Value& b) {
  return a.empty() == b.empty() ? a.empty() : Tri::maybe;
}

/// `-x`, `--lr`, but not `-0.5`.
bool names_option(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && !std::isdigit(static_cast<unsigned char>(word[1])) &&
         word[1] != '.';
}

/// `--lr=0.1` and `--lr=0.2`: `--lr={--lr}`. Nothing when one is an option that the other is not.
std::optional<Value> common_word(const Value& a, const Value& b, const std::string& name) {
  if (a == b) return a;
  const std::string_view mine = a.known_start(), other = b.known_start();
  const size_t equals = mine.find('=');
  if (equals != mine.npos && mine.substr(0, equals + 1) == other.substr(0, equals + 1)) {
    Text text = Text::literal(mine.substr(0, equals + 1));
    text.append(Text::hole(mine.substr(0, equals)));
    return Value(std::move(text));
  }
  if (names_option(mine) || names_option(other)) return std::nullopt;
  return Value::unknown(name, either_empty(a, b));
}

std::optional<std::vector<Value>> common_words(const std::vector<Value>& a,
                                               const std::vector<Value>& b) {
  if (a.size() != b.size()) return std::nullopt;
  std::vector<Value> out;
  for (size_t i = 0; i < a.size(); ++i) {
    const std::string before = i > 0 ? out.back().constant().value_or("") : "";
    const std::string name =
        names_option(before) ? before : "sys.argv[" + std::to_string(i + 1) + "]";
    auto word = common_word(a[i], b[i], name);
    if (!word) return std::nullopt;
    out.push_back(*std::move(word));
  }
  return out;
}

}  // namespace

std::optional<PythonStart> common_start(const PythonStart& a, const PythonStart& b) {
  const auto same_name = [](const auto& one, const auto& other) {
    return one.first == other.first;
  };
  if (a.entry != b.entry || a.foreign != b.foreign ||
      a.arguments.has_value() != b.arguments.has_value() ||
      !std::equal(a.environment.begin(), a.environment.end(), b.environment.begin(),
                  b.environment.end(), same_name))
    return std::nullopt;
  PythonStart out = a;
  auto words =
      a.arguments ? common_words(*a.arguments, *b.arguments) : common_words(a.spelled, b.spelled);
  if (!words) return std::nullopt;
  (a.arguments ? *out.arguments : out.spelled) = *std::move(words);
  for (auto& [name, value] : out.environment) {
    const Value& other = b.environment.at(name);
    if (value != other) value = Value::unknown("$" + name, either_empty(value, other));
  }
  if (a.cwd != b.cwd) out.cwd = Value::unknown(kCwdHole);
  return out;
}

size_t differences(const PythonStart& a, const PythonStart& b) {
  size_t count = a.cwd == b.cwd ? 0 : 1;
  const auto& mine = a.arguments ? *a.arguments : a.spelled;
  const auto& other = b.arguments ? *b.arguments : b.spelled;
  for (size_t i = 0; i < std::min(mine.size(), other.size()); ++i) count += mine[i] != other[i];
  for (const auto& [name, value] : a.environment) {
    const auto at = b.environment.find(name);
    count += at == b.environment.end() || at->second != value;
  }
  return count;
}

}  // namespace preflint::project
