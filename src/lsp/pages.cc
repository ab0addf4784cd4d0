#include "lsp/pages.h"

#include "output/rule_page.h"
#include "workspace/examples.h"

namespace preflint::lsp {
namespace {

bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

void add_words(std::string_view text, Span within, const FindRule& find,
               std::vector<Mention>& out) {
  for (uint32_t at = within.begin; at < within.end;) {
    if (!word_char(text[at])) {
      ++at;
      continue;
    }
    uint32_t end = at;
    while (end < within.end && word_char(text[end])) ++end;
    if (const catalog::Rule* rule = find(text.substr(at, end - at))) {
      out.push_back({{at, end}, rule});
    }
    at = end;
  }
}

}  // namespace

std::vector<Mention> mentions_in_comments(std::string_view text, const FindRule& find) {
  constexpr std::string_view kMark = "preflint:";
  std::vector<Mention> out;
  for (size_t at = text.find(kMark); at != std::string_view::npos; at = text.find(kMark, at)) {
    at += kMark.size();
    const size_t line_end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, line_end - at);
    const size_t open = line.find('[');
    const size_t close = line.find(']');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) continue;
    if (line.substr(0, open).find("ignore") == std::string_view::npos) continue;
    add_words(text, {static_cast<uint32_t>(at + open + 1), static_cast<uint32_t>(at + close)}, find,
              out);
  }
  return out;
}

std::vector<Mention> mentions_in_config(std::string_view text, const FindRule& find) {
  std::vector<Mention> out;
  add_words(text, {0, static_cast<uint32_t>(text.size())}, find, out);
  return out;
}

Json hover_contents(const std::vector<const catalog::Rule*>& rules, Language language,
                    bool markdown) {
  constexpr size_t kColumns = 80;
  std::string text;
  for (const catalog::Rule* rule : rules) {
    if (!text.empty()) text += "\n---\n\n";
    const std::optional<Finding> sample = workspace::sample_of(*rule);
    text += markdown ? output::rule_markdown(*rule, sample, language)
                     : output::rule_text(*rule, sample, language, false, kColumns);
  }
  return {{"kind", markdown ? "markdown" : "plaintext"}, {"value", text}};
}

}  // namespace preflint::lsp
