#include "syntax/shell/cron.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace preflint::shell {
namespace {

constexpr size_t kMaxLines = 200;

size_t skip_blanks(std::string_view line, size_t at) {
  return std::min(line.find_first_not_of(" \t", at), line.size());
}
size_t word_end(std::string_view line, size_t at) {
  return std::min(line.find_first_of(" \t", at), line.size());
}

bool is_field(std::string_view word) {
  return !word.empty() &&
         word.find_first_not_of(
             "0123456789*/,-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") ==
             std::string_view::npos &&
         (word[0] == '*' || (word[0] >= '0' && word[0] <= '9'));
}

/// Where the command of a line begins; its length when it has none.
size_t command_of(std::string_view line, bool user_column) {
  size_t at = skip_blanks(line, 0);
  const size_t fields = at < line.size() && line[at] == '@' ? 1 : 5;
  for (size_t i = 0; i < fields; ++i) {
    const size_t end = word_end(line, at);
    const std::string_view word = line.substr(at, end - at);
    // Months and days of the week have names.
    const bool named =
        i >= 3 && word.size() >= 3 &&
        word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz,-") ==
            std::string_view::npos;
    if (fields == 5 ? !is_field(word) && !named : word.size() < 5) return line.size();
    at = skip_blanks(line, end);
  }
  return user_column ? skip_blanks(line, word_end(line, at)) : at;
}

/// `PATH=/root/miniconda3/bin:/usr/bin`.
void note_setting(std::string_view line, CronSettings& settings) {
  line.remove_prefix(skip_blanks(line, 0));
  const size_t equals = line.find('=');
  if (equals == 0 || equals == std::string_view::npos ||
      line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") !=
          equals)
    return;
  std::string_view value = line.substr(equals + 1);
  while (!value.empty() && (value.front() == '"' || value.front() == '\'' || value.front() == ' '))
    value.remove_prefix(1);
  while (!value.empty() && (value.back() == '"' || value.back() == '\'' || value.back() == ' '))
    value.remove_suffix(1);
  if (value.find('\'') != std::string_view::npos) return;
  const std::string_view name = line.substr(0, equals);
  if (name == "SHELL") settings.bash = value.find("bash") != std::string_view::npos;
  settings.exports += "export " + std::string(name) + "='" + std::string(value) + "'; ";
}

}  // namespace

std::vector<Source> cron_commands(const Source& crontab, bool user_column, bool escapes,
                                  CronSettings& settings) {
  std::vector<Source> out;
  const std::string_view text = crontab.text();
  for (size_t begin = 0; begin < text.size() && out.size() < kMaxLines;) {
    size_t end = std::min(text.find('\n', begin), text.size());
    size_t next = end + 1;
    if (const size_t escape = escapes ? text.find("\\n", begin) : std::string_view::npos;
        escape < end) {
      end = escape;
      next = escape + 2;
    }
    const std::string_view line = text.substr(begin, end - begin);
    note_setting(line, settings);
    SourceBuilder builder;
    for (size_t at = command_of(line, user_column); at < line.size() && line[at] != '%'; ++at) {
      const auto offset = static_cast<uint32_t>(begin + at);
      if (builder.empty()) builder.replaced(settings.exports, {offset, offset});
      if (line.substr(at).starts_with("\\%")) {
        builder.replaced("%", {offset, offset + 2});
        ++at;
      } else {
        builder.exact(line.substr(at, 1), offset);
      }
    }
    if (!builder.empty()) out.push_back(std::move(builder).build(crontab, "%\n\"'\\$`"));
    begin = next;
  }
  return out;
}

}  // namespace preflint::shell
