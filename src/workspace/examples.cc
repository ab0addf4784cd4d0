#include "workspace/examples.h"

#include <algorithm>
#include <map>

#include "catalog/builtin.h"
#include "catalog/setup.h"
#include "engine/engine.h"
#include "project/file_kind.h"

namespace preflint::workspace {
namespace {

constexpr std::string_view kRoot = "/example";

/// An example's files, in memory.
class ExampleReader final : public project::Reader {
 public:
  void add(const std::string& path, std::string text) {
    FileKind kind = FileKind::other;
    if (const auto named = project::kind_by_name(path))
      kind = *named;
    else if (const auto shebang = project::kind_by_shebang(text))
      kind = *shebang;
    files_[path] = std::make_shared<const File>(File{path, kind, std::move(text)});
  }
  std::shared_ptr<const File> open(const std::string& path) const override {
    const auto it = files_.find(path);
    return it == files_.end() ? nullptr : it->second;
  }
  bool exists(const std::string& path) const override { return files_.contains(path); }
  bool directory(const std::string& path) const override {
    const auto it = files_.lower_bound(path + "/");
    return it != files_.end() && it->first.starts_with(path + "/");
  }
  std::vector<std::string> names(const std::string& folder) const override {
    return project::names_in(files_, folder);
  }
  std::vector<std::shared_ptr<const File>> linted() const {
    std::vector<std::shared_ptr<const File>> list;
    for (const auto& [path, file] : files_) {
      if (file->kind != FileKind::other && file->kind != FileKind::config) list.push_back(file);
    }
    return list;
  }

 private:
  std::map<std::string, std::shared_ptr<const File>> files_;
};

std::string_view default_name(std::string_view language) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"python", "example.py"},
      {"notebook", "example.ipynb"},
      {"requirements", "requirements.txt"},
      {"pyproject", "pyproject.toml"},
      {"setup-cfg", "setup.cfg"},
      {"conda", "environment.yml"},
      {"ssh-config", "ssh_config"}};
  for (const auto& [known, name] : kNames) {
    if (known == language) return name;
  }
  return "example.sh";
}

/// Takes the marks out of a text and notes what they enclosed.
std::string unmarked(std::string_view text, std::vector<Span>& spans) {
  std::string out;
  std::vector<size_t> open;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("⟦")) {
      open.push_back(out.size());
      at += 3;
    } else if (rest.starts_with("⟧") && !open.empty()) {
      spans.push_back({static_cast<uint32_t>(open.back()), static_cast<uint32_t>(out.size())});
      open.pop_back();
      at += 3;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string place_of(const std::string& path, std::string_view text, Span span) {
  const auto line = 1 + std::count(text.begin(), text.begin() + span.begin, '\n');
  return path.substr(kRoot.size() + 1) + ":" + std::to_string(line) + ": `" +
         std::string(text.substr(span.begin, span.size())) + "`";
}

ExampleResult run_example(const catalog::Rule& rule, const catalog::Example& example) {
  ExampleResult result;
  result.bad = example.bad;
  ExampleReader reader;
  std::vector<std::pair<std::string, Span>> expected;
  const auto add = [&](std::string_view name, std::string_view text) {
    const std::string path = std::string(kRoot) + "/" + std::string(name);
    std::vector<Span> spans;
    reader.add(path, unmarked(text, spans));
    for (const Span span : spans) expected.emplace_back(path, span);
  };
  add(example.path.empty() ? default_name(example.language) : example.path, example.text);
  for (const auto& [name, text] : example.files) add(name, text);

  const std::string config = std::string(kRoot) + "/preflint.yaml";
  catalog::FileAccess access;
  access.read = [&](const std::string& path) -> std::optional<std::string> {
    if (path == config) return std::string(example.config);
    const auto file = reader.open(path);
    return file ? std::optional(file->bytes) : std::nullopt;
  };
  const auto setup = catalog::read_setup(config, access);
  for (const catalog::SetupProblem& problem : setup->problems) {
    result.sentences.push_back("config: " + problem.error.message);
  }

  engine::Request request;
  request.root = kRoot;
  request.files = reader.linted();
  request.reader = &reader;
  request.config = &setup->config;
  request.profile = setup->profile;
  if (!catalog::find_builtin(rule.id)) request.user_rules = {&rule};
  // What the engine says of comments depends on the findings of the others.
  const bool about_others = rule.emitted_by == "engine";
  request.selected = [&](const catalog::Rule& other) {
    return about_others || other.id == rule.id;
  };
  request.cancelled = [] { return false; };
  for (const Finding& finding : engine::analyse(request)) {
    const auto file = reader.open(finding.place.path);
    if (!file || finding.suppressed) continue;
    const std::string shown = place_of(finding.place.path, file->bytes, finding.place.span);
    if (finding.rule == "PFL002")
      result.sentences.push_back("the example has a syntax error: " + shown);
    if (finding.rule != rule.id) continue;
    result.findings.push_back(finding);
    const auto it = std::find(expected.begin(), expected.end(),
                              std::pair(finding.place.path, finding.place.span));
    if (it == expected.end()) {
      result.sentences.push_back("found, but not marked: " + shown);
    } else {
      expected.erase(it);
    }
  }
  for (const auto& [path, span] : expected) {
    result.sentences.push_back("marked, but not found: " +
                               place_of(path, reader.open(path)->bytes, span));
  }
  return result;
}

}  // namespace

std::map<std::string, std::string> example_files(const catalog::Example& example) {
  std::map<std::string, std::string> out;
  std::vector<Span> spans;
  const auto name = example.path.empty() ? default_name(example.language) : example.path;
  out[std::string(name)] = unmarked(example.text, spans);
  for (const auto& [other, text] : example.files) out[std::string(other)] = unmarked(text, spans);
  return out;
}

std::optional<Finding> sample_of(const catalog::Rule& rule) {
  std::optional<Finding> out;
  for (const catalog::Example& example : rule.examples) {
    if (!example.bad) continue;
    for (Finding& finding : run_example(rule, example).findings) {
      const bool plain = finding.message.empty();
      if (plain || !out) out = std::move(finding);
      if (plain) return out;
    }
  }
  return out;
}

std::vector<ExampleResult> run_examples(const catalog::Rule& rule) {
  std::vector<ExampleResult> results;
  for (const catalog::Example& example : rule.examples) {
    results.push_back(run_example(rule, example));
    results.back().number = results.size();
  }
  return results;
}

}  // namespace preflint::workspace
