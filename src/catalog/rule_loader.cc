#include "catalog/rule_loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/facts.h"
#include "catalog/fields.h"
#include "catalog/matcher_loader.h"
#include "catalog/rule_storage.h"
#include "catalog/suggest.h"
#include "catalog/triggers.h"

namespace preflint::catalog {
namespace {

/// A folded YAML line is joined by a blank, which Chinese does not have between its characters.
std::string without_folds(std::string_view text) {
  // Han and full-width characters are three bytes, of which the first is one of these.
  const auto wide = [&](size_t lead) {
    const auto byte = static_cast<unsigned char>(text[lead]);
    return (byte >= 0xE3 && byte <= 0xE9) || byte == 0xEF;
  };
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool between =
        text[i] == ' ' && i >= 3 && i + 1 < text.size() && wide(i - 3) && wide(i + 1);
    if (!between) out += text[i];
  }
  return out;
}

constexpr std::string_view kOpen = "⟦";
constexpr std::string_view kClose = "⟧";

bool has_chinese(std::string_view text) {
  // U+4E00…U+9FFF is E4 B8 80 … E9 BF BF.
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xE4 && byte <= 0xE9;
  });
}

Sentence different_placeholders(std::string_view what) {
  return {fmt::format("'en' and 'zh' of {} differ in their placeholders", what),
          fmt::format("{} 的 'en' 与 'zh' 占位符不一致", what)};
}

bool all_of(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";

bool valid_id(std::string_view id) {
  const size_t letters = id.find_first_not_of(kUpper);
  return letters != std::string_view::npos && letters >= 2 && letters <= 8 &&
         id.size() - letters == 3 && all_of(id.substr(letters), kDigits);
}

/// Lower-case words joined by single dashes: it becomes a C++ name and a file name.
bool valid_name(std::string_view name) {
  if (name.empty() || kLower.find(name[0]) == std::string_view::npos || name.back() == '-' ||
      name.find("--") != std::string_view::npos) {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c == '-' || kLower.find(c) != std::string_view::npos ||
           kDigits.find(c) != std::string_view::npos;
  });
}

class Loader {
 public:
  Loader(const Document& document, RuleOrigin origin, std::string_view category)
      : document_(document),
        builtin_(origin == RuleOrigin::builtin),
        category_(category),
        storage_(std::make_shared<RuleStorage>()),
        fields_(document, {"the rule", "规则"}, errors_) {}

  LoadedRule load() && {
    Rule rule;
    identity(rule);
    kind(rule);
    words(rule);
    if (const Document* match = fields_.get("match")) {
      rule.matcher = storage_->keep_one(load_matcher(*match, *storage_, errors_));
      check_placeholders(rule, *match);
    } else if (!builtin_) {
      fields_.fail(document_.span,
                   {"a rule of your own wants a 'match'", "自定义规则必须有 'match'"});
    }
    rule.emitted_by = keep(fields_.choice("emitted_by", {"engine", "probe"}));
    triggers(rule);
    if (rule.matcher && !rule.emitted_by.empty()) {
      fields_.fail(document_.span, {"a rule has 'match' or 'emitted_by', not both",
                                    "'match' 与 'emitted_by' 只能二选一"});
    }
    examples(rule);
    fields_.finish();
    return {rule, storage_, std::move(errors_)};
  }

 private:
  std::string_view keep(std::string text) { return storage_->keep(std::move(text)); }
  Span place(std::string_view key) const {
    const Document* value = document_.find(key);
    return value ? value->span : document_.span;
  }

  void identity(Rule& rule) {
    rule.category = keep(std::string(category_));
    rule.id = keep(fields_.need_text("id"));
    if (!rule.id.empty() && !valid_id(rule.id)) {
      fields_.fail(place("id"), {"an id is 2 to 8 capital letters and 3 digits, like NET001",
                                 "规则 id 由 2 至 8 个大写字母加 3 位数字组成，例如 NET001"});
    }
    rule.name = keep(fields_.need_text("name"));
    if (!rule.name.empty() && !valid_name(rule.name)) {
      fields_.fail(place("name"), {"a name is lower-case words joined by dashes",
                                   "规则名由小写单词以连字符连接而成"});
    }
    rule.gotchas = storage_->keep_all(fields_.texts("gotcha"));
    rule.seed = keep(fields_.text("seed").value_or(""));
    rule.related = storage_->keep_all(fields_.texts("related"));
    rule.sources = storage_->keep_all(fields_.texts("sources"));
    rule.needs = storage_->keep_all(fields_.texts("needs"));
    for (const Document* need : fields_.scalars("needs")) {
      if (is_fact(need->text)) continue;
      fields_.fail(need->span, no_such_fact(need->text));
    }
  }

  std::span<const std::string_view> trigger_texts(Fields& fields, std::string_view key) {
    for (const Document* one : fields.scalars(key)) {
      for (const auto& group : read_trigger(one->text)) {
        for (const TriggerText& text : group) {
          if (text.text.size() < 2)
            fields.fail(one->span,
                        {"a trigger has at least two letters", "触发词至少要有两个字母"});
        }
      }
    }
    return storage_->keep_all(fields.texts(key));
  }

  void triggers(Rule& rule) {
    Rule::Triggers& out = rule.triggers;
    const Document* given = fields_.get("triggers");
    if (!given) {
      derive_triggers(rule);
      if (builtin_ && rule.emitted_by.empty() && !out.known &&
          (rule.speaks("shell") || rule.speaks("python"))) {
        fields_.fail(document_.span,
                     {"the rule has no 'triggers': nothing tells which files it need not see",
                      "规则没有 'triggers'：无从得知哪些文件不必检查"});
      }
      return;
    }
    out.known = true;
    if (!given->is_map()) {
      const std::span<const std::string_view> texts = trigger_texts(fields_, "triggers");
      if (rule.speaks("shell")) out.shell = texts;
      if (rule.speaks("python")) out.python = texts;
      return;
    }
    Fields map(*given, verbatim("'triggers'"), errors_);
    out.shell = trigger_texts(map, "shell");
    out.python = trigger_texts(map, "python");
    out.programs = trigger_texts(map, "programs");
    out.launched = trigger_texts(map, "launched");
    if (const Document* more = map.get("evidence")) {
      Fields evidence(*more, verbatim("'evidence'"), errors_);
      out.shell_evidence = trigger_texts(evidence, "shell");
      out.python_evidence = trigger_texts(evidence, "python");
      evidence.finish();
    }
    map.finish();
  }

  /// A matcher of commands or calls has its names for triggers.
  void derive_triggers(Rule& rule) {
    if (!rule.matcher) return;
    Rule::Triggers& out = rule.triggers;
    std::vector<std::string> names;
    for (const std::string_view name : rule.matcher->names) {
      const std::string_view last = name.substr(name.rfind('.') + 1);
      const bool call = rule.matcher->kind == Matcher::Kind::call;
      names.emplace_back(call ? last : name);
      if (names.back().size() < 2 || names.back().find_first_of("*&|$") != std::string::npos)
        return;
    }
    switch (rule.matcher->kind) {
      case Matcher::Kind::command:
        out.shell = storage_->keep_all(std::move(names));
        break;
      case Matcher::Kind::call:
        out.python = storage_->keep_all(std::move(names));
        break;
      case Matcher::Kind::requirement:
        break;
      case Matcher::Kind::query:
        return;
    }
    out.known = true;
  }

  void kind(Rule& rule) {
    const std::string severity = fields_.choice("severity", {"error", "warning", "info"});
    if (builtin_ && !document_.find("severity")) {
      fields_.fail(document_.span, {"the rule has no 'severity'", "规则缺少 'severity'"});
    }
    rule.severity = severity == "error"  ? Severity::error
                    : severity == "info" ? Severity::info
                                         : Severity::warning;
    const auto at_most = [&](const char* key) {
      const std::string most = fields_.choice(key, {"warning", "info"});
      return most == "info"      ? Severity::info
             : most == "warning" ? Severity::warning
                                 : Severity::error;
    };
    rule.unplaced = at_most("unplaced");
    rule.elsewhere = at_most("elsewhere");
    static const std::vector<std::string_view> kLanguages = {
        "shell",     "python", "notebook",   "requirements", "pyproject",
        "setup-cfg", "conda",  "ssh-config", "config",       "any"};
    std::vector<std::string> languages;
    for (const Document* item : fields_.scalars("languages")) {
      if (std::find(kLanguages.begin(), kLanguages.end(), item->text) == kLanguages.end()) {
        fields_.fail(item->span, {fmt::format("'{}' is no language; known are: {}", item->text,
                                              fmt::join(kLanguages, ", ")),
                                  fmt::format("'{}' 不是语言；可用的有：{}", item->text,
                                              fmt::join(kLanguages, ", "))});
      }
      languages.push_back(item->text);
    }
    if (builtin_ && languages.empty())
      fields_.fail(document_.span, {"the rule has no 'languages'", "规则缺少 'languages'"});
    rule.languages = storage_->keep_all(std::move(languages));
    rule.precision = precision();
    const std::string fix = fields_.choice("fix", {"safe", "unsafe", "none"});
    rule.has_fix = fix == "safe" || fix == "unsafe";
    rule.fix = fix == "unsafe" ? Applicability::unsafe : Applicability::safe;
  }

  /// A word, or what was counted on real code: of `n` findings that were right or wrong, `right`
  /// were right.
  std::string_view precision() {
    const Document* value = document_.find("precision");
    if (!value || !value->is_map())
      return keep(fields_.choice("precision", {"high", "medium", "low"}));
    fields_.get("precision");
    Fields counts(*value, verbatim("'precision'"), errors_);
    const auto n = counts.integer("n", 1, 1000000);
    const auto right = counts.integer("right", 0, 1000000);
    counts.finish();
    if (!n || !right || *right > *n) {
      fields_.fail(value->span,
                   {"'precision' must be a word or {n: …, right: …}, with no more right than n",
                    "'precision' 应为一个单词，或 {n: …, right: …}，且 right 不大于 n"});
      return {};
    }
    return *right * 100 >= *n * 97 ? "high" : *right * 10 >= *n * 9 ? "medium" : "low";
  }

  Words pair_of(const Document& value, std::string_view what) {
    if (is_text(value) && !builtin_) {
      const std::string_view text = keep(value.text);
      return {text, text};
    }
    if (!value.is_map()) {
      fields_.fail(value.span, {fmt::format("{} must be {{en: …, zh: …}}", what),
                                fmt::format("{} 应为 {{en: …, zh: …}}", what)});
      return {};
    }
    Fields pair(value, verbatim(std::string(what)), errors_);
    Words words{keep(pair.text("en").value_or("")),
                keep(without_folds(pair.text("zh").value_or("")))};
    pair.finish();
    if (builtin_) {
      for (const auto& [key, text] : {std::pair("en", words.en), {"zh", words.zh}}) {
        if (!text.empty()) continue;
        pair.fail(value.span, {fmt::format("{} has no '{}'", what, key),
                               fmt::format("{} 缺少 '{}'", what, key)});
      }
      if (!words.zh.empty() && !has_chinese(words.zh)) {
        pair.fail(value.find("zh")->span, {fmt::format("the 'zh' of {} is not Chinese", what),
                                           fmt::format("{} 的 'zh' 不是中文", what)});
      }
    }
    if (words.en.empty()) words.en = words.zh;
    if (words.zh.empty()) words.zh = words.en;
    auto en = placeholders(words.en), zh = placeholders(words.zh);
    std::sort(en.begin(), en.end());
    std::sort(zh.begin(), zh.end());
    if (en != zh) {
      pair.fail(value.span, different_placeholders(what));
    }
    return words;
  }

  Words named(std::string_view key, bool required) {
    const Document* value = required ? fields_.need(key) : fields_.get(key);
    return value ? pair_of(*value, fmt::format("'{}'", key)) : Words();
  }

  std::span<const NamedWords> many(std::string_view key) {
    std::vector<NamedWords> out;
    const Document* map = fields_.get(key);
    if (!map) return {};
    if (!map->is_map()) {
      fields_.fail(map->span,
                   {fmt::format("'{}' must be a mapping", key), fmt::format("'{}' 应为映射", key)});
      return {};
    }
    for (const Document::Member& member : map->members) {
      out.push_back(
          {keep(member.key), pair_of(member.value, fmt::format("'{}.{}'", key, member.key))});
    }
    return storage_->keep(std::move(out));
  }

  void words(Rule& rule) {
    rule.message = named("message", true);
    rule.summary = named("summary", builtin_);
    if (rule.summary.en.empty()) rule.summary = rule.message;
    rule.why = named("why", builtin_);
    rule.advice = named("advice", builtin_);
    rule.messages = many("messages");
    rule.notes = many("notes");
  }

  /// A matcher fills a fixed set of names; what a function fills is checked where its source is
  /// known.
  void check_placeholders(const Rule& rule, const Document& match) {
    const auto filled = filled_by(*rule.matcher);
    const auto check = [&](std::string_view words, std::string_view key) {
      for (const std::string_view name : placeholders(words)) {
        if (std::find(filled.begin(), filled.end(), name) != filled.end()) continue;
        const Document* value = document_.find(key);
        fields_.fail(value ? value->span : match.span,
                     {fmt::format("nothing fills '{{{}}}' of '{}'; this matcher fills: {}", name,
                                  key, fmt::join(filled, ", ")),
                      fmt::format("'{1}' 中的 '{{{0}}}' 无从填充；该匹配器可填充：{2}", name, key,
                                  fmt::join(filled, ", "))});
      }
    };
    check(rule.message.en, "message");
    check(rule.advice.en, "advice");
    for (const NamedWords& words : rule.messages) check(words.words.en, "messages");
    for (const NamedWords& words : rule.notes) check(words.words.en, "notes");
  }

  void check_marks(const Document& text, bool wanted) {
    size_t open = 0, marks = 0;
    for (size_t i = 0; i < text.text.size(); ++i) {
      const std::string_view rest = std::string_view(text.text).substr(i);
      if (rest.starts_with(kOpen)) {
        ++open;
        ++marks;
      } else if (rest.starts_with(kClose) && open-- == 0) {
        fields_.fail(text.span, {"'⟧' without '⟦'", "有 '⟧' 却没有对应的 '⟦'"});
        return;
      }
    }
    if (open != 0) fields_.fail(text.span, {"'⟦' without '⟧'", "有 '⟦' 却没有对应的 '⟧'"});
    if (!wanted && marks != 0)
      fields_.fail(text.span, {"only bad examples hold ⟦…⟧", "只有反例（bad）才能含有 ⟦…⟧"});
  }

  bool marked(const Example& example) const {
    const auto has = [](std::string_view text) {
      return text.find(kOpen) != std::string_view::npos;
    };
    return has(example.text) || std::any_of(example.files.begin(), example.files.end(),
                                            [&](const auto& file) { return has(file.second); });
  }

  Example example(const Document& item, const Rule& rule) {
    Example out;
    Fields fields(item, {"an example", "示例"}, errors_);
    const Document* bad = fields.get("bad");
    const Document* good = fields.get("good");
    if ((bad != nullptr) == (good != nullptr)) {
      fields.fail(item.span,
                  {"an example wants 'bad' or 'good'", "每个示例须有 'bad' 或 'good' 之一"});
    }
    out.bad = bad != nullptr;
    for (const Document* text : {bad, good}) {
      if (!text) continue;
      if (!is_text(*text))
        fields.fail(text->span, {"an example's code must be a text", "示例代码应为一段文本"});
      check_marks(*text, text == bad);
      out.text = keep(text->text);
    }
    out.language =
        keep(fields.text("language")
                 .value_or(rule.languages.empty() ? "" : std::string(rule.languages[0])));
    out.path = keep(fields.text("path").value_or(""));
    out.fixed = keep(fields.text("fixed").value_or(""));
    out.config = keep(fields.text("config").value_or(""));
    if (const Document* files = fields.get("files")) {
      std::vector<std::pair<std::string_view, std::string_view>> all;
      Fields names(*files, verbatim("'files'"), errors_);
      for (const Document::Member& file : files->members) {
        all.emplace_back(keep(file.key), keep(names.text(file.key).value_or("")));
        check_marks(file.value, out.bad);
      }
      out.files = storage_->keep(std::move(all));
    }
    if (!out.bad && !out.fixed.empty())
      fields.fail(item.span, {"a good example is not 'fixed'", "正例（good）不应有 'fixed'"});
    if (out.bad && !marked(out)) {
      fields.fail(item.span, {"a bad example marks what is found with ⟦…⟧",
                              "反例（bad）须用 ⟦…⟧ 标出会被报告的内容"});
    }
    if (!out.fixed.empty() && !rule.has_fix) {
      fields.fail(item.span, {"the example is 'fixed' but the rule's 'fix' is none",
                              "示例有 'fixed'，但规则的 'fix' 为 none"});
    }
    fields.finish();
    return out;
  }

  void examples(Rule& rule) {
    std::vector<Example> all;
    for (const Document* item : fields_.items("examples")) all.push_back(example(*item, rule));
    const auto bad = [](const Example& e) { return e.bad; };
    if (builtin_ && rule.emitted_by.empty()) {
      if (std::none_of(all.begin(), all.end(), bad)) {
        fields_.fail(document_.span, {"the rule has no bad example", "规则没有反例（bad）"});
      }
      if (std::all_of(all.begin(), all.end(), bad)) {
        fields_.fail(document_.span, {"the rule has no good example", "规则没有正例（good）"});
      }
      if (rule.has_fix &&
          std::none_of(all.begin(), all.end(), [](const Example& e) { return !e.fixed.empty(); })) {
        fields_.fail(document_.span, {"the rule has a fix, but no example shows it under 'fixed'",
                                      "规则提供修复，但没有示例用 'fixed' 展示修复结果"});
      }
    }
    rule.examples = storage_->keep(std::move(all));
  }

  const Document& document_;
  bool builtin_;
  std::string_view category_;
  std::vector<Error> errors_;
  std::shared_ptr<RuleStorage> storage_;
  Fields fields_;
};

}  // namespace

LoadedRule load_rule(const Document& document, RuleOrigin origin, std::string_view category) {
  return Loader(document, origin, category).load();
}

LoadedNotes load_notes(const Document& document) {
  LoadedNotes out;
  auto storage = std::make_shared<RuleStorage>();
  Fields all(document, {"the notes", "注释文件"}, out.errors);
  for (const Document::Member& member : document.members) {
    Fields pair(member.value, verbatim(fmt::format("'{}'", member.key)), out.errors);
    const std::string en = pair.need_text("en"), zh = pair.need_text("zh");
    pair.finish();
    auto left = placeholders(en), right = placeholders(zh);
    std::sort(left.begin(), left.end());
    std::sort(right.begin(), right.end());
    if (left != right) {
      pair.fail(member.value.span, different_placeholders(fmt::format("'{}'", member.key)));
    }
    out.notes.push_back(
        {storage->keep(member.key), {storage->keep(en), storage->keep(without_folds(zh))}});
  }
  out.storage = std::move(storage);
  return out;
}

std::vector<std::string_view> placeholders(std::string_view words) {
  std::vector<std::string_view> names;
  for (size_t open = words.find('{'); open != std::string_view::npos;
       open = words.find('{', open + 1)) {
    const size_t close = words.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view name = words.substr(open + 1, close - open - 1);
    // `${VAR}` and `{a,b}` are code in a message, not placeholders.
    const bool shell = open > 0 && words[open - 1] == '$';
    const bool word = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return c == '_' || kLower.find(c) != std::string_view::npos ||
             kDigits.find(c) != std::string_view::npos;
    });
    if (word && !shell && std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace preflint::catalog
