#include "support/marks.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace preflint::testing {
namespace {

constexpr std::string_view kOpen = "⟦";
constexpr std::string_view kClose = "⟧";

bool is_rule_id(std::string_view word) {
  const size_t letters = word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  return letters != std::string_view::npos && letters >= 2 && word.size() == letters + 3 &&
         word.find_first_not_of("0123456789", letters) == std::string_view::npos;
}

bool to_number(std::string_view text, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

/// Splits `a.txt:cell3:4:5` from the right, so that a colon in the name does no harm.
bool parse_place(std::string place, Mark& mark) {
  std::vector<int> numbers;
  while (true) {
    const size_t colon = place.rfind(':');
    if (colon == std::string::npos) break;
    std::string_view part = std::string_view(place).substr(colon + 1);
    int number = 0;
    if (part.starts_with("cell") && to_number(part.substr(4), number)) {
      mark.cell = number;
      place.resize(colon);
      break;
    }
    if (!to_number(part, number)) break;
    numbers.push_back(number);
    place.resize(colon);
  }
  if (numbers.empty() || numbers.size() > 2 || place.empty()) return false;
  mark.path = place;
  mark.line = numbers.back();
  mark.column = numbers.size() == 2 ? numbers.front() : 0;
  return true;
}

}  // namespace

std::string to_string(const Mark& mark) {
  std::string text = mark.path;
  if (mark.cell >= 0) text += ":cell" + std::to_string(mark.cell);
  text += ":" + std::to_string(mark.line);
  if (mark.column > 0) text += ":" + std::to_string(mark.column);
  return text + " " + mark.rule;
}

std::vector<Mark> inline_marks(const std::string& path, std::string_view text) {
  std::vector<Mark> marks;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const size_t newline = text.find('\n');
    const std::string line(text.substr(0, newline));
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    const size_t sign = line.find("#~");
    if (sign == std::string::npos) continue;
    size_t at = sign + 2;
    int target = number;
    for (; at < line.size() && line[at] == '^'; ++at) --target;
    std::istringstream words(line.substr(at));
    for (std::string word; words >> word && is_rule_id(word);) {
      marks.push_back({path, -1, target, 0, word});
    }
  }
  return marks;
}

std::vector<Mark> listed_marks(std::string_view text, std::vector<std::string>& errors) {
  std::vector<Mark> marks;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string place;
    if (!(words >> place) || place.starts_with('#')) continue;
    Mark mark;
    bool any = false;
    const bool good = parse_place(place, mark);
    for (std::string rule; words >> rule && is_rule_id(rule); any = true) {
      mark.rule = rule;
      if (good) marks.push_back(mark);
    }
    if (!good || !any) errors.push_back("not `path[:cell<k>]:line[:col] RULE…`: " + line);
  }
  return marks;
}

std::vector<std::string> differences(std::vector<Mark> expected, std::vector<Mark> found) {
  std::vector<std::string> sentences;
  // Marks that name a column choose first: one without takes what is left on its line.
  std::stable_sort(expected.begin(), expected.end(),
                   [](const Mark& a, const Mark& b) { return (a.column > 0) > (b.column > 0); });
  for (const Mark& mark : expected) {
    const auto hit = std::find_if(found.begin(), found.end(), [&](Mark other) {
      if (mark.column == 0) other.column = 0;
      return other == mark;
    });
    if (hit == found.end()) {
      sentences.push_back("missing: " + to_string(mark));
    } else {
      found.erase(hit);
    }
  }
  for (const Mark& mark : found) sentences.push_back("unmarked: " + to_string(mark));
  std::sort(sentences.begin(), sentences.end());
  return sentences;
}

Marked marked(std::string_view text) {
  Marked result;
  std::vector<uint32_t> open;
  while (!text.empty()) {
    if (text.starts_with(kOpen)) {
      open.push_back(static_cast<uint32_t>(result.text.size()));
      text.remove_prefix(kOpen.size());
    } else if (text.starts_with(kClose) && !open.empty()) {
      result.spans.push_back({open.back(), static_cast<uint32_t>(result.text.size())});
      open.pop_back();
      text.remove_prefix(kClose.size());
    } else {
      result.text += text.front();
      text.remove_prefix(1);
    }
  }
  std::sort(result.spans.begin(), result.spans.end());
  return result;
}

}  // namespace preflint::testing
