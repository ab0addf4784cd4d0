#include "emit.h"

#include <fmt/format.h>

#include <algorithm>

namespace preflint::generate {
namespace {

using namespace catalog;  // NOLINT: everything here is about its types

/// A C++ literal; octal escapes end after three digits, whatever follows.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "\\n";
    else if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (byte < 0x20 || byte == 0x7F)
      out += fmt::format("\\{:03o}", byte);
    else
      out += c;
  }
  return out + "\"sv";
}

std::string bytes(std::string_view text) {
  std::string out = "\"";
  size_t line = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\' && c != '?')
      out += c;
    else
      out += fmt::format("\\{:03o}", byte);
    if (++line % 100 == 0) out += "\"\n\"";
  }
  return out + "\"";
}

/// Writes the arrays of one table before the table itself, under names that count up.
class Writer {
 public:
  template <typename T, typename Show>
  std::string list(std::string_view type, std::span<const T> items, const Show& show) {
    if (items.empty()) return "{}";
    std::string body;
    for (const T& item : items) (body += show(item)) += ", ";
    const std::string name = fmt::format("kList{}", ++count_);
    text_ += fmt::format("constexpr {} {}[] = {{{}}};\n", type, name, body);
    return name;
  }
  std::string texts(std::span<const std::string_view> items) {
    return list("std::string_view", items, quoted);
  }
  std::string words(const Words& words) {
    return fmt::format("{{{}, {}}}", quoted(words.en), quoted(words.zh));
  }
  std::string named(std::span<const NamedWords> items) {
    return list("NamedWords", items, [&](const NamedWords& item) {
      return fmt::format("{{{}, {}}}", quoted(item.key), words(item.words));
    });
  }
  std::string value_tests(std::span<const ValueTest> tests) {
    return list("ValueTest", tests, [&](const ValueTest& test) {
      return fmt::format("{{ValueTest::Kind({}), {}, {}}}", static_cast<int>(test.kind),
                         test.negated, texts(test.values));
    });
  }
  std::string matcher(const Matcher* m) {
    if (!m) return "nullptr";
    const auto arguments = list("ArgumentTest", m->arguments, [&](const ArgumentTest& test) {
      return fmt::format("{{ArgumentTest::Kind({}), {}, {}, {}, {}}}", static_cast<int>(test.kind),
                         test.absent, test.position, texts(test.names), value_tests(test.value));
    });
    const auto call =
        list("CallArgumentTest", m->call_arguments, [&](const CallArgumentTest& test) {
          return fmt::format("{{{}, {}, {}, {}, {}, {}}}", test.position, test.absent,
                             test.has_fallback, texts(test.keywords), quoted(test.fallback),
                             value_tests(test.value));
        });
    const auto versions = list("VersionTest", m->versions, [&](const VersionTest& test) {
      return fmt::format("{{VersionTest::Kind({}), {}}}", static_cast<int>(test.kind),
                         texts(test.versions));
    });
    const std::string names = texts(m->names);
    const std::string name = fmt::format("kMatcher{}", ++count_);
    text_ += fmt::format(
        "constexpr Matcher {} = {{Matcher::Kind({}), Matcher::Site({}), Matcher::At({}), {}, {}, "
        "{}, {}, {}, {}}};\n",
        name, static_cast<int>(m->kind), static_cast<int>(m->site), static_cast<int>(m->at), names,
        arguments, call, versions, quoted(m->query), quoted(m->query_language));
    return "&" + name;
  }
  std::string examples(std::span<const Example> items) {
    return list("Example", items, [&](const Example& e) {
      const std::string files =
          list("std::pair<std::string_view, std::string_view>", e.files, [](const auto& file) {
            return fmt::format("{{{}, {}}}", quoted(file.first), quoted(file.second));
          });
      return fmt::format("{{{}, {}, {}, {}, {}, {}, {}}}", e.bad, quoted(e.language),
                         quoted(e.path), quoted(e.text), quoted(e.fixed), quoted(e.config), files);
    });
  }
  std::string rule(const Rule& r) {
    const bool check = !r.matcher && r.emitted_by.empty();
    const std::string gotchas = texts(r.gotchas), languages = texts(r.languages);
    const std::string messages = named(r.messages), notes = named(r.notes);
    const std::string related = texts(r.related), sources = texts(r.sources);
    const std::string needs = texts(r.needs);
    const std::string triggers = fmt::format(
        "{{{}, {}, {}, {}, {}, {}, {}}}", r.triggers.known, texts(r.triggers.shell),
        texts(r.triggers.python), texts(r.triggers.programs), texts(r.triggers.launched),
        texts(r.triggers.shell_evidence), texts(r.triggers.python_evidence));
    const std::string shown = examples(r.examples);
    const std::string match = matcher(r.matcher);
    return fmt::format(
        "{{{{.id = {}, .name = {}, .category = {}, .gotchas = {}, .seed = {}, "
        ".severity = Severity({}), .unplaced = Severity({}), .elsewhere = Severity({}), .languages = {}, .precision = {}, .fix = Applicability({}), "
        ".has_fix = {}, .summary = {}, .message = {}, .why = {}, .advice = {}, .messages = {}, "
        ".notes = {}, .related = {}, .sources = {}, .needs = {}, .triggers = {}, "
        ".examples = {}, .emitted_by = {}, .matcher = {}}}, {}}},\n",
        quoted(r.id), quoted(r.name), quoted(r.category), gotchas, quoted(r.seed),
        static_cast<int>(r.severity), static_cast<int>(r.unplaced), static_cast<int>(r.elsewhere), languages, quoted(r.precision), static_cast<int>(r.fix),
        r.has_fix, words(r.summary), words(r.message), words(r.why), words(r.advice), messages,
        notes, related, sources, needs, triggers, shown, quoted(r.emitted_by), match,
        check ? "&checks::" + snake(r.name) : "nullptr");
  }
  std::string take() && { return std::move(text_); }

 private:
  std::string text_;
  int count_ = 0;
};

constexpr std::string_view kHead =
    "// Generated from rules/ and profiles/: change those.\n"
    "#include \"catalog/builtin.h\"\n\n"
    "#include <algorithm>\n#include <array>\n#include <string>\n\n"
    "#include \"catalog/blob.h\"\n\n";

}  // namespace

std::string snake(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

std::string emit_rules(const std::vector<Rule>& rules, std::span<const NamedWords> notes) {
  std::string out(kHead);
  out += "namespace preflint::checks {\n";
  for (const Rule& rule : rules) {
    if (rule.matcher || !rule.emitted_by.empty()) continue;
    out += fmt::format("void {}(project::Context&);\n", snake(rule.name));
  }
  out +=
      "}  // namespace preflint::checks\n\nnamespace preflint::catalog {\nnamespace {\n"
      "using namespace std::string_view_literals;\n";
  Writer writer;
  std::string table;
  for (const Rule& rule : rules) table += writer.rule(rule);
  const std::string common = writer.named(notes);
  out += std::move(writer).take();
  out += fmt::format("constexpr BuiltinRule kRules[] = {{\n{}}};\n", table);
  out += fmt::format("constexpr std::span<const NamedWords> kNotes = {};\n", common);
  out +=
      "}  // namespace\n\n"
      "std::span<const BuiltinRule> builtin_rules() { return kRules; }\n\n"
      "const BuiltinRule* find_builtin(std::string_view id_or_name) {\n"
      "  for (const BuiltinRule& rule : kRules) {\n"
      "    if (rule.rule.id == id_or_name || rule.rule.name == id_or_name) return &rule;\n"
      "  }\n  return nullptr;\n}\n\n"
      "const Words* common_note(std::string_view key) {\n"
      "  for (const NamedWords& note : kNotes) {\n"
      "    if (note.key == key) return &note.words;\n"
      "  }\n  return nullptr;\n}\n\n"
      "}  // namespace preflint::catalog\n";
  return out;
}

std::string emit_documents(const std::vector<std::pair<std::string, std::string>>& documents) {
  std::string out(kHead);
  out +=
      "namespace preflint::catalog {\nnamespace {\n"
      "using namespace std::string_view_literals;\n"
      "struct Entry {\n  std::string_view name, bytes;\n};\n";
  out += fmt::format("constexpr std::array<Entry, {}> kDocuments = {{{{\n", documents.size());
  for (const auto& [name, blob] : documents) {
    out += fmt::format("{{{}, {{{}, {}}}}},\n", quoted(name), bytes(blob), blob.size());
  }
  out +=
      "}};\n}  // namespace\n\n"
      "Result<Document> builtin_document(std::string_view name) {\n"
      "  for (const Entry& entry : kDocuments) {\n"
      "    if (entry.name == name) return decode(entry.bytes);\n"
      "  }\n"
      "  return Error{\"no built-in document '\" + std::string(name) + \"'\", std::nullopt};\n"
      "}\n\n"
      "std::vector<std::string_view> builtin_documents() {\n"
      "  std::vector<std::string_view> names;\n"
      "  for (const Entry& entry : kDocuments) names.push_back(entry.name);\n"
      "  return names;\n}\n\n"
      "}  // namespace preflint::catalog\n";
  return out;
}

}  // namespace preflint::generate
