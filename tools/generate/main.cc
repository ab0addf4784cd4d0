// preflint_generate SOURCE_DIR OUT_RULES OUT_DOCUMENTS: turns rules/ and profiles/ into C++ tables,
// and finds what is missing between the rules and the functions that check them.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "catalog/blob.h"
#include "catalog/profile_loader.h"
#include "catalog/rule_loader.h"
#include "catalog/suggest.h"
#include "emit.h"
#include "sources.h"

namespace preflint::generate {
namespace {

namespace fs = std::filesystem;

struct RuleFile {
  fs::path path;
  std::string text;
  Document document;
  catalog::LoadedRule loaded;
};

/// Categories whose letters are not the folder's name.
const std::map<std::string, std::string, std::less<>> kPrefixes = {{"meta", "PFL"}};

std::string prefix_of(const std::string& category) {
  if (const auto it = kPrefixes.find(category); it != kPrefixes.end()) return it->second;
  std::string prefix = category;
  for (char& c : prefix) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return prefix;
}

class Generator {
 public:
  explicit Generator(fs::path root) : root_(std::move(root)), problems_(root_) {}

  int run(const fs::path& out_rules, const fs::path& out_documents) {
    load_rules();
    check_across();
    check_functions();
    load_notes();
    load_documents();
    if (!problems_.lines().empty()) {
      for (const std::string& line : problems_.lines()) std::fprintf(stderr, "%s\n", line.c_str());
      return 1;
    }
    std::vector<catalog::Rule> rules;
    for (const RuleFile& file : files_) rules.push_back(file.loaded.rule);
    std::sort(rules.begin(), rules.end(),
              [](const catalog::Rule& a, const catalog::Rule& b) { return a.id < b.id; });
    if (!write_if_changed(out_rules, emit_rules(rules, notes_.notes)) ||
        !write_if_changed(out_documents, emit_documents(documents_))) {
      std::fprintf(stderr, "%s: cannot be written\n", out_rules.c_str());
      return 2;
    }
    return 0;
  }

 private:
  std::optional<Document> parse(const fs::path& path, std::string& text) {
    const auto read = read_file(path);
    if (!read) {
      problems_.add(path, "cannot be read");
      return std::nullopt;
    }
    text = *read;
    auto parsed = parse_yaml(text);
    if (parsed) return *std::move(parsed);
    problems_.add(path, text, parsed.error());
    return std::nullopt;
  }

  void load_rules() {
    for (const fs::path& path : files_below(root_ / "rules", ".yaml")) {
      if (path.parent_path() == root_ / "rules") continue;  // notes.yaml
      RuleFile file;
      file.path = path;
      auto document = parse(path, file.text);
      if (!document) continue;
      file.document = *std::move(document);
      const std::string category = path.parent_path().filename();
      file.loaded = catalog::load_rule(file.document, catalog::RuleOrigin::builtin, category);
      for (const Error& error : file.loaded.errors) problems_.add(path, file.text, error);
      const catalog::Rule& rule = file.loaded.rule;
      const std::string letters(rule.id.substr(0, rule.id.find_first_of("0123456789")));
      if (letters != prefix_of(category)) {
        at(file, "id",
           fmt::format("a rule in rules/{} has an id that begins with {}", category,
                       prefix_of(category)));
      }
      if (path.stem() != fmt::format("{}-{}", rule.id, rule.name)) {
        at(file, "name", fmt::format("the file should be named {}-{}.yaml", rule.id, rule.name));
      }
      files_.push_back(std::move(file));
    }
  }

  void at(const RuleFile& file, std::string_view key, std::string message) {
    const Document* value = file.document.find(key);
    problems_.add(file.path, file.text,
                  Error{std::move(message), value ? value->span : file.document.span});
  }

  void check_across() {
    std::map<std::string_view, const RuleFile*> ids, names;
    for (const RuleFile& file : files_) {
      const catalog::Rule& rule = file.loaded.rule;
      if (const auto [it, fresh] = ids.emplace(rule.id, &file); !fresh) {
        at(file, "id",
           fmt::format("the id {} is used by {} too", rule.id,
                       it->second->path.filename().string()));
      }
      if (const auto [it, fresh] = names.emplace(rule.name, &file); !fresh) {
        at(file, "name",
           fmt::format("the name {} is used by {} too", rule.name,
                       it->second->path.filename().string()));
      }
    }
  }

  void check_functions() {
    std::map<fs::path, std::string> expected;  // by the file of the function, its name
    for (const RuleFile& file : files_) {
      const catalog::Rule& rule = file.loaded.rule;
      if (rule.matcher || !rule.emitted_by.empty() || rule.name.empty()) continue;
      const std::string function = snake(rule.name);
      const fs::path source = root_ / "src/checks" / rule.category / (function + ".cc");
      expected[source] = function;
      const auto text = read_file(source);
      const std::string shown = source.lexically_proximate(root_).generic_string();
      if (!text) {
        at(file, "id",
           fmt::format("the rule has no 'match', and {} with 'void {}(project::Context&)' "
                       "does not exist",
                       shown, function));
        continue;
      }
      if (text->find(fmt::format("void {}(", function)) == std::string::npos) {
        problems_.add(source,
                      fmt::format("does not define 'void {}(project::Context&)'", function));
      }
      check_placeholders(file, *text, shown);
    }
    for (const fs::path& source : files_below(root_ / "src/checks", ".cc")) {
      if (source.parent_path() == root_ / "src/checks" || expected.contains(source)) continue;
      problems_.add(source,
                    fmt::format("belongs to no rule: rules/{}/ has no rule named {} without "
                                "'match'",
                                source.parent_path().filename().string(), source.stem().string()));
    }
  }

  /// A name in braces must occur as a string in the check (or in what it includes).
  void check_placeholders(const RuleFile& file, const std::string& source,
                          const std::string& shown) {
    const catalog::Rule& rule = file.loaded.rule;
    std::string all;
    const auto check = [&](std::string_view words, std::string_view key) {
      for (const std::string_view name : catalog::placeholders(words)) {
        const std::string literal = fmt::format("\"{}\"", name);
        if (source.find(literal) != std::string::npos) continue;
        if (all.empty()) all = with_helpers(root_ / "src", source);
        if (all.find(literal) != std::string::npos) continue;
        at(file, key,
           fmt::format("nothing fills '{{{}}}': {} does not mention {}", name, shown, literal));
      }
    };
    check(rule.message.en, "message");
    check(rule.advice.en, "advice");
    for (const catalog::NamedWords& words : rule.messages) check(words.words.en, "messages");
    for (const catalog::NamedWords& words : rule.notes) check(words.words.en, "notes");
  }

  void load_notes() {
    const fs::path path = root_ / "rules/notes.yaml";
    std::string text;
    const auto document = parse(path, text);
    if (!document) return;
    notes_ = catalog::load_notes(*document);
    for (const Error& error : notes_.errors) problems_.add(path, text, error);
  }

  void load_documents() {
    for (const fs::path& path : files_below(root_ / "profiles", ".yaml")) {
      std::string text;
      const auto document = parse(path, text);
      if (!document) continue;
      if (path.parent_path() == root_ / "profiles") check_profile(path, text, *document);
      documents_.emplace_back(path.lexically_proximate(root_ / "profiles").generic_string(),
                              catalog::encode(*document));
    }
  }

  void check_profile(const fs::path& path, const std::string& text, const Document& document) {
    const auto base = [&](std::string_view name) -> Result<catalog::Profile> {
      std::string base_text;
      const auto found = parse(root_ / "profiles" / (std::string(name) + ".yaml"), base_text);
      if (!found) return Error{fmt::format("no profile is called '{}'", name), std::nullopt};
      return catalog::load_profile(*found, name, nullptr).profile;
    };
    const auto loaded = catalog::load_profile(document, path.stem().string(), base);
    for (const Error& error : loaded.errors) problems_.add(path, text, error);
    for (const std::string& fact : catalog::missing_evidence(loaded.profile)) {
      problems_.add(path, fmt::format("'{}' has no 'source' or no 'checked'", fact));
    }
  }

  fs::path root_;
  Problems problems_;
  std::vector<RuleFile> files_;
  catalog::LoadedNotes notes_;
  std::vector<std::pair<std::string, std::string>> documents_;
};

}  // namespace
}  // namespace preflint::generate

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: preflint_generate SOURCE_DIR OUT_RULES OUT_DOCUMENTS\n");
    return 2;
  }
  try {
    return preflint::generate::Generator(argv[1]).run(argv[2], argv[3]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "preflint_generate: %s\n", error.what());
    return 2;
  }
}
