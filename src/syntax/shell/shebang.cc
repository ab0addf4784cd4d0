#include "syntax/shell/shebang.h"

#include <algorithm>

namespace preflint::shell {

std::optional<Shebang> parse_shebang(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!text.starts_with("#!")) return std::nullopt;
  constexpr std::string_view kBlanks = " \t\r";
  const std::string_view line = text.substr(2, std::min(text.find('\n'), text.size()) - 2);
  Shebang out;
  for (size_t at = line.find_first_not_of(kBlanks); at != line.npos;
       at = line.find_first_not_of(kBlanks, at)) {
    const size_t end = std::min(line.find_first_of(kBlanks, at), line.size());
    std::string_view word = line.substr(at, end - at);
    at = end;
    if (!out.interpreter.empty()) {
      out.arguments.emplace_back(word);
      continue;
    }
    word.remove_prefix(word.rfind('/') + 1);  // npos + 1 is 0
    // `env` takes options and assignments before the interpreter.
    if (word != "env" && !word.starts_with('-') && word.find('=') == word.npos)
      out.interpreter = word;
  }
  return out;
}

std::optional<Dialect> dialect_of(std::string_view interpreter) {
  if (interpreter == "bash") return Dialect::bash;
  if (interpreter == "sh" || interpreter == "dash") return Dialect::posix;
  if (interpreter == "zsh") return Dialect::zsh;
  if (interpreter == "ksh") return Dialect::ksh;
  return std::nullopt;
}

}  // namespace preflint::shell
