#include "project/line_filters.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

/// A basic regular expression as an extended one: `\|`, `\(`, `\+` are operators, `|`, `(`, `+`
/// texts.
std::string extended(std::string_view basic) {
  std::string out;
  for (size_t i = 0; i < basic.size(); ++i) {
    const char c = basic[i];
    if (c == '[') {  // a bracket expression stays as it is
      size_t end = i + 1;
      if (end < basic.size() && basic[end] == '^') ++end;
      if (end < basic.size() && basic[end] == ']') ++end;
      while (end < basic.size() && basic[end] != ']') {
        if (basic[end] == '[' && end + 1 < basic.size() && basic[end + 1] == ':') {
          end = std::min(basic.find(":]", end), basic.size() - 1) + 1;
        }
        ++end;
      }
      out += basic.substr(i, end - i + 1);
      i = end;
    } else if (c == '\\' && i + 1 < basic.size()) {
      const char next = basic[++i];
      if (next == '|' || next == '(' || next == ')' || next == '+' || next == '?' || next == '{' ||
          next == '}')
        out += next;
      else
        (out += '\\') += next;
    } else if (c == '|' || c == '(' || c == ')' || c == '+' || c == '?' || c == '{' || c == '}') {
      (out += '\\') += c;
    } else {
      out += c;
    }
  }
  return out;
}

/// GNU's `\<`, `\>` are RE2's `\b`; in brackets a backslash is a text.
std::string for_re2(std::string_view pattern) {
  std::string out;
  bool bracket = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (bracket) {
      if (c == '[' && i + 1 < pattern.size() && pattern[i + 1] == ':') {
        const size_t end = pattern.find(":]", i);
        if (end != std::string_view::npos) {
          out += pattern.substr(i, end + 2 - i);
          i = end + 1;
          continue;
        }
      }
      if (c == '\\')
        out += "\\\\";
      else if (c == '[')
        out += "\\[";
      else
        out += c;
      if (c == ']') bracket = false;
      continue;
    }
    if (c == '[') {
      bracket = true;
      out += c;
      if (i + 1 < pattern.size() && pattern[i + 1] == '^') out += pattern[++i];
      if (i + 1 < pattern.size() && pattern[i + 1] == ']') {
        out += "\\]";
        ++i;
      }
    } else if (c == '\\' && i + 1 < pattern.size()) {
      const char next = pattern[++i];
      if (next == '<' || next == '>')
        out += "\\b";
      else
        (out += '\\') += next;
    } else {
      out += c;
    }
  }
  return out;
}

std::string quoted(std::string_view text) { return RE2::QuoteMeta(text); }

std::optional<LineTest> grep(const CommandEvent& event) {
  LineTest out;
  enum { basic, extended_syntax, perl, fixed } syntax = basic;
  if (event.name == "egrep" || event.name == "rg") syntax = extended_syntax;
  if (event.name == "fgrep") syntax = fixed;
  bool inverted = false, word = false, line = false, other = false;
  std::vector<std::pair<std::string, Span>> patterns;
  std::vector<const Argument*> operands;
  bool only_operands = false;
  const auto& arguments = event.arguments;
  const auto letter = [&](char c) {
    switch (c) {
      case 'v':
        inverted = true;
        break;
      case 'i':
      case 'y':
        out.ignore_case = true;
        break;
      case 'E':
        syntax = extended_syntax;
        break;
      case 'P':
        syntax = perl;
        break;
      case 'F':
        syntax = fixed;
        break;
      case 'G':
        syntax = basic;
        break;
      case 'w':
        word = true;
        break;
      case 'x':
        line = true;
        break;
      case 'h':
      case 'a':
      case 's':
        break;
      default:
        other = true;  // -q, -c, -l, -n, -o, -f…: the lines do not come out as they are
    }
  };
  for (size_t i = 0; i < arguments.size(); ++i) {
    const auto text = arguments[i].constant();
    if (!text) {
      operands.push_back(&arguments[i]);
      continue;
    }
    if (only_operands || text->size() < 2 || (*text)[0] != '-') {
      operands.push_back(&arguments[i]);
    } else if (*text == "--") {
      only_operands = true;
    } else if (text->starts_with("--")) {
      if (*text == "--invert-match")
        inverted = true;
      else if (*text == "--ignore-case")
        out.ignore_case = true;
      else if (*text == "--extended-regexp")
        syntax = extended_syntax;
      else if (*text == "--perl-regexp")
        syntax = perl;
      else if (*text == "--fixed-strings")
        syntax = fixed;
      else if (*text == "--word-regexp")
        word = true;
      else if (*text == "--line-regexp")
        line = true;
      else if (*text == "--no-filename" || text->starts_with("--color"))
        continue;
      else if (text->starts_with("--regexp="))
        patterns.emplace_back(text->substr(9), arguments[i].span);
      else
        other = true;
    } else {
      for (size_t j = 1; j < text->size(); ++j) {
        if ((*text)[j] != 'e') {
          letter((*text)[j]);
          continue;
        }
        if (j + 1 < text->size())
          patterns.emplace_back(text->substr(j + 1), arguments[i].span);
        else if (i + 1 < arguments.size() && arguments[i + 1].constant()) {
          ++i;
          patterns.emplace_back(*arguments[i].constant(), arguments[i].span);
        } else {
          other = true;
        }
        break;
      }
    }
  }
  if (other) return std::nullopt;
  if (patterns.empty()) {
    if (operands.empty() || !operands[0]->constant()) return std::nullopt;
    patterns.emplace_back(*operands[0]->constant(), operands[0]->span);
    operands.erase(operands.begin());
  }
  out.files = std::move(operands);
  out.keep = !inverted;
  out.pattern = patterns[0].first;
  out.pattern_span = patterns[0].second;
  for (const auto& [text, span] : patterns) {
    // Lines of a pattern are alternatives.
    for (const std::string_view one : lines_of(text)) {
      std::string re = syntax == fixed             ? quoted(one)
                       : syntax == perl            ? std::string(one)
                       : syntax == extended_syntax ? for_re2(one)
                                                   : for_re2(extended(one));
      if (word) re = "(?:^|\\W)(?:" + re + ")(?:$|\\W)";
      if (line) re = "^(?:" + re + ")$";
      out.patterns.push_back(std::move(re));
    }
  }
  return out;
}

/// `/re/d`, `/re/Id`, several after `;` or -e; other commands are not ours.
bool sed_script(std::string_view script, bool is_extended, LineTest& out) {
  size_t at = 0;
  while (at < script.size()) {
    while (at < script.size() &&
           (script[at] == ' ' || script[at] == ';' || script[at] == '\n' || script[at] == '\t'))
      ++at;
    if (at == script.size()) break;
    char delimiter = script[at];
    if (delimiter == '\\' && at + 1 < script.size())
      delimiter = script[++at];
    else if (delimiter != '/')
      return false;
    std::string re;
    bool closed = false;
    for (++at; at < script.size(); ++at) {
      if (script[at] == '\\' && at + 1 < script.size()) {
        if (script[at + 1] != delimiter) re += '\\';
        re += script[++at];
      } else if (script[at] == delimiter) {
        closed = true;
        ++at;
        break;
      } else {
        re += script[at];
      }
    }
    if (!closed) return false;
    if (at < script.size() && script[at] == 'I') {
      re = "(?i)" + (is_extended ? for_re2(re) : for_re2(extended(re)));
      ++at;
    } else {
      re = is_extended ? for_re2(re) : for_re2(extended(re));
    }
    while (at < script.size() && script[at] == ' ') ++at;
    if (at >= script.size() || script[at] != 'd') return false;
    ++at;
    while (at < script.size() && script[at] == ' ') ++at;
    if (at < script.size() && script[at] != ';' && script[at] != '\n') return false;
    out.patterns.push_back(std::move(re));
  }
  return !out.patterns.empty();
}

std::optional<LineTest> sed(const CommandEvent& event) {
  LineTest out;
  bool is_extended = false;
  std::vector<const Argument*> scripts, operands;
  const auto& arguments = event.arguments;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string text = arguments[i].constant().value_or("");
    if (text == "-e" || text == "--expression") {
      if (++i < arguments.size()) scripts.push_back(&arguments[i]);
    } else if (text == "-E" || text == "-r" || text == "--regexp-extended") {
      is_extended = true;
    } else if (text == "-i" || text.starts_with("-i.") || text.starts_with("--in-place")) {
      out.in_place = true;
    } else if (text == "-Ei" || text == "-ri" || text == "-E -i" || text == "-i -E") {
      out.in_place = is_extended = true;
    } else if (text.size() > 1 && text[0] == '-') {
      return std::nullopt;
    } else if (arguments[i].constant() == "") {
      if (i > 0 && arguments[i - 1].is("-i")) continue;  // BSD's -i ''
    } else {
      operands.push_back(&arguments[i]);
    }
  }
  if (scripts.empty()) {
    if (operands.empty()) return std::nullopt;
    scripts.push_back(operands[0]);
    operands.erase(operands.begin());
  }
  for (const Argument* script : scripts) {
    const auto text = script->constant();
    if (!text || !sed_script(*text, is_extended, out)) return std::nullopt;
  }
  out.pattern = *scripts[0]->constant();
  out.pattern_span = scripts[0]->span;
  out.files = std::move(operands);
  return out;
}

/// `!/re/`, `!/re/ {print}`, `$0 !~ /re/`, `tolower($0) !~ /re/`.
std::optional<LineTest> awk(const CommandEvent& event) {
  if (event.arguments.empty() || !event.arguments[0].constant()) return std::nullopt;
  static const RE2 kProgram(
      R"(^\s*(?:!\s*|(tolower\(\s*\$(?:0|1)\s*\)|\$(?:0|1))\s*!~\s*)/((?:[^/\\]|\\.)*)/\s*(?:\{\s*print(?:\s+\$0)?\s*;?\s*\})?\s*$)");
  std::string subject, re;
  const std::string program = *event.arguments[0].constant();
  if (!RE2::FullMatch(program, kProgram, &subject, &re)) return std::nullopt;
  LineTest out;
  out.ignore_case = subject.starts_with("tolower");
  out.pattern = program;
  out.pattern_span = event.arguments[0].span;
  out.patterns.push_back(for_re2(re));
  for (size_t i = 1; i < event.arguments.size(); ++i) out.files.push_back(&event.arguments[i]);
  return out;
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.push_back(line);
    at = end + 1;
  }
  if (text.empty()) out.emplace_back();
  return out;
}

std::optional<std::vector<bool>> LineTest::passes(
    const std::vector<std::string_view>& lines) const {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!ignore_case);
  options.set_max_mem(4 << 20);
  std::vector<std::unique_ptr<RE2>> all;
  for (const std::string& one : patterns) {
    all.push_back(std::make_unique<RE2>(one, options));
    if (!all.back()->ok()) return std::nullopt;
  }
  std::vector<bool> out;
  out.reserve(lines.size());
  for (const std::string_view line : lines) {
    const bool found = std::any_of(all.begin(), all.end(), [&](const auto& re) {
      return RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *re);
    });
    out.push_back(found == keep);
  }
  return out;
}

std::optional<LineTest> line_test(const CommandEvent& event) {
  if (event.name == "grep" || event.name == "egrep" || event.name == "fgrep" || event.name == "rg")
    return grep(event);
  if (event.name == "sed" || event.name == "gsed") return sed(event);
  if (event.name == "awk" || event.name == "gawk" || event.name == "mawk") return awk(event);
  return std::nullopt;
}

}  // namespace preflint::project
