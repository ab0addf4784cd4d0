#include "output/rule_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "catalog/rule_loader.h"
#include "output/json_writer.h"
#include "output/words.h"
#include "output/wrap.h"

namespace preflint::output {
namespace {

using catalog::Example;
using catalog::Rule;

/// The fixed words of a rule's page.
struct Titles {
  std::string_view why, advice, bad, good, fixed, configure, severity, fix, gotcha, related,
      sources, needs, unplaced, safe, unsafe, none, found, suppress, rule, name, summary, rules,
      colon, comma;
};

constexpr Titles kEnglish = {"Why",
                             "What to do",
                             "Found",
                             "Not found",
                             "After the fix",
                             "Configure",
                             "Severity",
                             "Fix",
                             "Gotcha",
                             "See also",
                             "Sources",
                             "Sleeps while the profile does not know",
                             "{} ({} where nothing shows that the file runs on the box)",
                             "safe (`--fix`)",
                             "unsafe (`--unsafe-fixes`)",
                             "none",
                             "reported as",
                             "on the line itself",
                             "Rule",
                             "Name",
                             "Summary",
                             "Rules",
                             ": ",
                             ", "};
constexpr Titles kChinese = {"原因",
                             "处理方法",
                             "会报告的写法",
                             "不会报告的写法",
                             "修复之后",
                             "配置",
                             "级别",
                             "自动修复",
                             "避坑编号",
                             "相关规则",
                             "依据",
                             "以下信息在 profile 中未知时不生效",
                             "{}（看不出文件会在实例上运行时为{}）",
                             "安全（`--fix`）",
                             "不安全（`--unsafe-fixes`）",
                             "无",
                             "报告为",
                             "写在该行",
                             "规则",
                             "名称",
                             "说明",
                             "规则",
                             "：",
                             "、"};

const Titles& titles(Language language) { return language == Language::zh ? kChinese : kEnglish; }

std::string_view fence_language(std::string_view language) {
  if (language == "shell") return "bash";
  if (language == "python" || language == "notebook") return "python";
  if (language == "pyproject") return "toml";
  if (language == "conda" || language == "config") return "yaml";
  if (language == "setup-cfg" || language == "ssh-config") return "ini";
  return "text";
}

std::string_view fix_words(const Rule& rule, const Titles& words) {
  if (!rule.has_fix) return words.none;
  return rule.fix == Applicability::safe ? words.safe : words.unsafe;
}

std::string severity_words(const Rule& rule, const Titles& words, Language language) {
  if (rule.unplaced >= rule.severity) return std::string(name_of(rule.severity, language));
  return fmt::format(fmt::runtime(words.unplaced), name_of(rule.severity, language),
                     name_of(rule.unplaced, language));
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return std::string(text);
}

/// Words with what a finding fills them with; what nothing fills becomes an ellipsis.
std::string filled(const catalog::Words& words, const std::optional<Finding>& sample,
                   Language language) {
  std::string out = fill(words.in(language), sample ? sample->arguments : Arguments(), language);
  for (const std::string_view name : catalog::placeholders(words.in(language))) {
    const std::string whole = "{" + std::string(name) + "}";
    for (size_t at = out.find(whole); at != std::string::npos; at = out.find(whole, at))
      out.replace(at, whole.size(), "…");
  }
  return trimmed(out);
}

std::string configuration(const Rule& rule) {
  const std::string_view other = rule.severity == Severity::error ? "warning" : "error";
  return fmt::format(
      "ignore: [{0}]\nseverity: {{{0}: {1}}}\nper-file-ignores: {{\"tests/**\": [{0}]}}\n", rule.id,
      other);
}

/// An example of several files is shown as all of them, one below the other.
std::string whole(const Example& example, std::string_view text) {
  std::string out = without_marks(text);
  if (!out.ends_with('\n')) out += '\n';
  for (const auto& [name, more] : example.files) {
    out += fmt::format("\n--- {} ---\n{}", name, without_marks(more));
    if (!out.ends_with('\n')) out += '\n';
  }
  return out;
}

void code(std::string& out, std::string_view language, const std::string& text) {
  const std::string_view fence = text.find("```") == std::string::npos ? "```" : "~~~~";
  out += fmt::format("{}{}\n{}{}\n", fence, fence_language(language), text, fence);
}

void examples_markdown(std::string& out, const Rule& rule, const Titles& words) {
  for (const bool bad : {true, false}) {
    bool first = true;
    for (const Example& example : rule.examples) {
      if (example.bad != bad) continue;
      if (first) out += fmt::format("\n## {}\n", bad ? words.bad : words.good);
      first = false;
      out += '\n';
      if (!example.path.empty()) out += fmt::format("`{}`\n\n", example.path);
      code(out, example.language, whole(example, example.text));
      if (example.fixed.empty()) continue;
      out += fmt::format("\n{}{}\n\n", words.fixed, trimmed(words.colon));
      code(out, example.language, trimmed(example.fixed) + "\n");
    }
  }
}

/// Code with what is found in colour, or in its marks where there is none.
std::string marked(std::string_view text, bool color) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (color && rest.starts_with("⟦")) {
      out += "\x1b[1;31m";
      at += 3;
    } else if (color && rest.starts_with("⟧")) {
      out += "\x1b[0m";
      at += 3;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty()) (out += indent) += line;
    out += '\n';
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

void words_json(JsonWriter& json, std::string_view key, const catalog::Words& words) {
  json.object(key).member("en", words.en).member("zh", words.zh).end_object();
}

void texts_json(JsonWriter& json, std::string_view key, std::span<const std::string_view> texts) {
  json.array(key);
  for (const std::string_view text : texts) json.value(text);
  json.end_array();
}

void named_json(JsonWriter& json, std::string_view key,
                std::span<const catalog::NamedWords> named) {
  json.object(key);
  for (const catalog::NamedWords& one : named) words_json(json, one.key, one.words);
  json.end_object();
}

}  // namespace

std::string without_marks(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("⟦") || rest.starts_with("⟧"))
      at += 3;
    else
      out += text[at++];
  }
  return out;
}

std::string rule_text(const Rule& rule, const std::optional<Finding>& sample, Language language,
                      bool color, size_t columns) {
  const Titles& words = titles(language);
  const auto bold = [&](std::string_view text) {
    return color ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
  };
  const auto section = [&](std::string_view title) { return fmt::format("\n{}\n", bold(title)); };
  std::string out = fmt::format("{} {}\n", bold(rule.id), rule.name);
  out += wrap(rule.summary.in(language), columns, "  ");
  out +=
      fmt::format("\n  {}{}{}", words.severity, words.colon, severity_words(rule, words, language));
  out += fmt::format("    {}{}{}", words.fix, words.colon, fix_words(rule, words));
  if (!rule.gotchas.empty()) {
    out +=
        fmt::format("    {}{}{}", words.gotcha, words.colon, fmt::join(rule.gotchas, words.comma));
  }
  out += '\n';
  if (!rule.needs.empty()) {
    out += wrap(fmt::format("{}{}{}", words.needs, words.colon, fmt::join(rule.needs, words.comma)),
                columns, "  ");
  }
  if (!rule.why.en.empty())
    out += section(words.why) + wrap(filled(rule.why, sample, language), columns, "  ");
  if (!rule.advice.en.empty()) {
    out += section(words.advice) + wrap(filled(rule.advice, sample, language), columns, "  ");
  }
  for (const bool bad : {true, false}) {
    const auto example = std::find_if(rule.examples.begin(), rule.examples.end(),
                                      [&](const Example& e) { return e.bad == bad; });
    if (example == rule.examples.end()) continue;
    out += section(bad ? words.bad : words.good);
    out += indented(trimmed(marked(example->text, color)), "    ");
    for (const auto& [name, text] : example->files) {
      out += fmt::format("  {}\n{}", name, indented(trimmed(marked(text, color)), "    "));
    }
    if (example->fixed.empty()) continue;
    out += section(words.fixed) + indented(trimmed(example->fixed), "    ");
  }
  out += section(words.configure) + indented(configuration(rule), "    ");
  out += fmt::format("    # preflint: ignore[{}]  {}\n", rule.id, words.suppress);
  if (!rule.related.empty()) {
    out +=
        fmt::format("\n{}{}{}\n", words.related, words.colon, fmt::join(rule.related, words.comma));
  }
  for (const std::string_view source : rule.sources) {
    out += fmt::format("{}{}{}\n", words.sources, words.colon, source);
  }
  return out;
}

std::string rule_markdown(const Rule& rule, const std::optional<Finding>& sample,
                          Language language) {
  const Titles& words = titles(language);
  std::string out =
      fmt::format("# {} {}\n\n{}\n", rule.id, rule.name, trimmed(rule.summary.in(language)));
  out += fmt::format("\n- {1}{0}{2}\n- {3}{0}{4}\n", words.colon, words.severity,
                     severity_words(rule, words, language), words.fix, fix_words(rule, words));
  if (!rule.gotchas.empty()) {
    out +=
        fmt::format("- {}{}{}\n", words.gotcha, words.colon, fmt::join(rule.gotchas, words.comma));
  }
  if (!rule.needs.empty()) {
    out += fmt::format("- {}{}`{}`\n", words.needs, words.colon,
                       fmt::join(rule.needs, fmt::format("`{}`", words.comma)));
  }
  out += fmt::format(
      "- {}{}{}\n", words.found, words.colon,
      sample ? message_of(*sample, &rule, language) : filled(rule.message, sample, language));
  if (!rule.why.en.empty()) {
    out += fmt::format("\n## {}\n\n{}\n", words.why, filled(rule.why, sample, language));
  }
  if (!rule.advice.en.empty()) {
    out += fmt::format("\n## {}\n\n{}\n", words.advice, filled(rule.advice, sample, language));
  }
  examples_markdown(out, rule, words);
  out += fmt::format("\n## {}\n\n", words.configure);
  code(out, "config", configuration(rule));
  out += fmt::format("\n`# preflint: ignore[{}]` {}\n", rule.id, words.suppress);
  if (!rule.related.empty()) {
    out += fmt::format("\n{}{}", words.related, words.colon);
    for (size_t i = 0; i < rule.related.size(); ++i) {
      out += fmt::format("{0}[{1}]({1}.md)", i == 0 ? "" : words.comma, rule.related[i]);
    }
    out += '\n';
  }
  for (const std::string_view source : rule.sources) {
    out += fmt::format("\n{}{}{}\n", words.sources, words.colon, source);
  }
  return out;
}

std::string rule_index(const std::vector<const Rule*>& rules, Language language) {
  const Titles& words = titles(language);
  std::string out =
      fmt::format("# {}\n\n| {} | {} | {} | {} | {} |\n|---|---|---|---|---|\n", words.rules,
                  words.rule, words.name, words.severity, words.gotcha, words.summary);
  for (const Rule* rule : rules) {
    std::string summary = trimmed(rule->summary.in(language));
    for (size_t at = 0; (at = summary.find('|', at)) != std::string::npos; at += 2) {
      summary.insert(at, "\\");
    }
    out += fmt::format("| [{0}]({0}.md) | {1} | {2} | {3} | {4} |\n", rule->id, rule->name,
                       name_of(rule->severity, language), fmt::join(rule->gotchas, ", "), summary);
  }
  return out;
}

std::string rules_json(const std::vector<const Rule*>& rules) {
  std::string out;
  JsonWriter json(out, 1);
  json.begin_array();
  for (const Rule* rule : rules) {
    json.begin_object();
    json.member("id", rule->id).member("name", rule->name).member("category", rule->category);
    json.member("severity", name_of(rule->severity));
    texts_json(json, "gotcha", rule->gotchas);
    json.member("seed", rule->seed);
    texts_json(json, "languages", rule->languages);
    json.member("precision", rule->precision);
    json.member("fix", !rule->has_fix                     ? "none"
                       : rule->fix == Applicability::safe ? "safe"
                                                          : "unsafe");
    texts_json(json, "needs", rule->needs);
    words_json(json, "summary", rule->summary);
    words_json(json, "message", rule->message);
    named_json(json, "messages", rule->messages);
    named_json(json, "notes", rule->notes);
    words_json(json, "why", rule->why);
    words_json(json, "advice", rule->advice);
    texts_json(json, "related", rule->related);
    texts_json(json, "sources", rule->sources);
    json.array("examples");
    for (const Example& example : rule->examples) {
      json.begin_object().member("bad", example.bad).member("language", example.language);
      if (!example.path.empty()) json.member("path", example.path);
      json.member("text", without_marks(example.text));
      if (!example.fixed.empty()) json.member("fixed", example.fixed);
      if (!example.config.empty()) json.member("config", example.config);
      if (!example.files.empty()) {
        json.object("files");
        for (const auto& [name, text] : example.files) json.member(name, without_marks(text));
        json.end_object();
      }
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
  return out + "\n";
}

std::string rule_list(const std::vector<const Rule*>& rules, Language language, bool color) {
  size_t longest = 0;
  for (const Rule* rule : rules) longest = std::max(longest, rule->name.size());
  std::string out;
  for (const Rule* rule : rules) {
    out += fmt::format("{}{:<8}{} {:<{}}  {}\n", color ? "\x1b[1m" : "", rule->id,
                       color ? "\x1b[0m" : "", rule->name, longest,
                       trimmed(rule->summary.in(language)));
  }
  return out;
}

}  // namespace preflint::output
