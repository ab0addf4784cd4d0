#include "engine/meta.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "catalog/builtin.h"
#include "model/python/trace.h"
#include "project/box_signs.h"
#include "project/mentions.h"
#include "syntax/document.h"
#include "syntax/notebook.h"
#include "syntax/notebook_runs.h"

namespace preflint::engine {
namespace {

bool has_message(const catalog::Rule& rule, std::string_view key) {
  return std::any_of(rule.messages.begin(), rule.messages.end(),
                     [&](const catalog::NamedWords& words) { return words.key == key; });
}

/// `conda activate <your env>;`, `ROOT=<ROOT_PATH>`, `tools/test.py <config> \` before a line with
/// `<weights>`: bash takes the name in angle brackets for two redirections and stops behind them.
/// It is there to be filled in before the first run.
bool behind_placeholder(std::string_view text, Span error) {
  static const RE2 kPlaceholder(
      R"((?:^|[\s=/:"'])<[^<>|&;$"'\s][^<>|&;$"'\n]*[^<>|&;$"'\s]>(?:[ \t\r]|\\\n)*$)");
  const size_t at = std::min<size_t>(error.begin, text.size());
  const auto line_before = [&](size_t end) { return end == 0 ? 0 : text.rfind('\n', end - 1) + 1; };
  size_t line = line_before(at);
  while (line > 0 && text.substr(0, line - 1).ends_with('\\')) line = line_before(line - 1);
  return RE2::PartialMatch(text.substr(line, at - line), kPlaceholder);
}

/// Is a file one that cookiecutter or Jinja fill in before anybody runs it?
bool is_template(const Source& source) {
  static const RE2 kTag(R"((?m)^\s*\{%-?\s*(?:if|for|set|include|block|raw|macro|else|endif)\b)");
  return source.file().path.find("{{") != std::string::npos ||
         RE2::PartialMatch(source.text(), kTag);
}

class Meta {
 public:
  explicit Meta(std::vector<Finding>& findings) : findings_(findings) {}

  /// What is wrong in a shell text.
  void script(const Source& source, const shell::SyntaxError& error) {
    Finding* finding = syntax(source, error);
    if (finding && behind_placeholder(source.text(), error.span))
      finding->severity = Severity::info;
  }
  template <typename SyntaxError>
  Finding* syntax(const Source& source, const SyntaxError& error) {
    Finding* finding = add("PFL002", source.place(error.span));
    if (!finding) return nullptr;
    if (is_template(source)) finding->severity = Severity::info;
    const catalog::BuiltinRule* builtin = catalog::find_builtin("PFL002");
    if (builtin && has_message(builtin->rule, error.key)) finding->message = error.key;
    finding->arguments = {{"reason", error.message}, {"token", error.argument}};
    return finding;
  }
  /// `notebook`: the one that the module is the program of; null for any other module. `started`:
  /// some other file starts or imports it.
  void module(const py::Module& module, const notebook::Notebook* notebook, bool started) {
    if (!module.errors.empty()) {
      // A cell that was never run beside others that were is a note of its author's.
      const std::vector<bool> run =
          notebook ? notebook::cells_run(module.source.file()) : std::vector<bool>();
      const bool some = std::find(run.begin(), run.end(), true) != run.end();
      const auto noted = [&](const py::SyntaxError& error) {
        const size_t cell = some ? notebook->cell_of(error.span.begin) : 0;
        return some && cell < run.size() && !run[cell];
      };
      const auto broken = std::find_if_not(module.errors.begin(), module.errors.end(), noted);
      const bool runs = broken != module.errors.end();
      Finding* finding = syntax(module.source, runs ? *broken : module.errors.front());
      if (finding && !runs)
        finding->severity = Severity::info;
      else if (finding && !some && !started)
        finding->severity = std::min(finding->severity, Severity::warning);
    }
    for (const Span& span : module.partial) partial(module.source, span);
    if (module.too_deep) limit(module.source, "nesting");
    if (module.incomplete) limit(module.source, "time");
  }
  void partial(const Source& source, Span span) { add("PFL005", source.place(span)); }
  /// A file that is not what its name says; `reason` is the reader's own.
  void unreadable(const File& file, Span span, const char* key, const Error& error) {
    Finding* finding = add("PFL003", {file.path, span});
    if (!finding) return;
    finding->message = key;
    // A notebook without a byte is one that nobody has begun.
    if (file.bytes.empty()) finding->severity = Severity::info;
    tell(finding->arguments, "reason", error.sentence());
  }
  /// Shells take any bytes and pip guesses: what is wrong is what people see.
  void not_utf8(const File& file, uint32_t at) {
    if (Finding* finding = add("PFL003", {file.path, {at, at + 1}})) {
      finding->message = "invalid-utf8";
      finding->severity = Severity::warning;
    }
  }
  void limit(const Source& source, const char* key) {
    if (Finding* finding = add("PFL006", source.place({0, 0}))) finding->message = key;
  }

 private:
  Finding* add(std::string_view rule, Place place) {
    const catalog::BuiltinRule* builtin = catalog::find_builtin(rule);
    if (!builtin) return nullptr;
    if (!seen_.insert({std::string(rule), place}).second) return nullptr;
    Finding& finding = findings_.emplace_back();
    finding.rule = rule;
    finding.severity = builtin->rule.severity;
    finding.place = std::move(place);
    return &finding;
  }

  std::vector<Finding>& findings_;
  std::set<std::pair<std::string, Place>> seen_;
};

void check_bytes(const Request& request, const project::Program& program, const File& file,
                 Meta& meta) {
  if (request.cancelled && request.cancelled()) return;
  const auto error_of = [&](const auto& result, const char* key) {
    if (!result) meta.unreadable(file, result.error().where.value_or(Span()), key, result.error());
  };
  switch (file.kind) {
    case FileKind::notebook:
      if (!program.notebooks.contains(file.path))
        error_of(notebook::read(file), "invalid-notebook");
      break;
    case FileKind::pyproject:
      error_of(parse_toml(file.bytes), "invalid-data");
      break;
    case FileKind::conda_environment:
      error_of(parse_yaml(file.bytes), "invalid-data");
      break;
    case FileKind::python:
      break;  // it may declare another encoding; CPython's complaint is a syntax error
    default:
      if (const auto at = invalid_utf8(file.bytes)) meta.not_utf8(file, *at);
  }
}

/// The Python files that others of those that are linted name, as ones that they start or import.
/// What nothing names may be left over, where a project has more files than somebody starts by
/// hand.
class Named {
 public:
  explicit Named(const Request& request) : request_(request) {}

  bool holds(const File& file) {
    if (request_.files.size() <= project::kOwnFiles) return true;
    if (!names_) read();
    const auto named = names_->find(paths::basename(file.path));
    return named != names_->end() &&
           (named->second.size() > 1 || *named->second.begin() != file.path);
  }

 private:
  void read() {
    names_.emplace();
    for (const auto& file : request_.files) {
      project::each_script_name(file->bytes, [&](const std::string& name) {
        std::set<std::string>& by = (*names_)[paths::basename(name)];
        if (by.size() < 2) by.insert(file->path);
      });
    }
  }

  const Request& request_;
  std::optional<std::map<std::string, std::set<std::string>>> names_;  // by whom, two at most
};

}  // namespace

void meta_findings(const Request& request, const project::Program& program,
                   std::vector<Finding>& findings) {
  Meta meta(findings);
  for (const auto& file : request.files) check_bytes(request, program, *file, meta);
  const auto linted = [&](const File& file) {
    const auto at =
        std::lower_bound(request.files.begin(), request.files.end(), file.path,
                         [](const auto& one, const std::string& path) { return one->path < path; });
    return at != request.files.end() && (*at)->path == file.path;
  };
  const auto book_of = [&](const Source& source) -> const notebook::Notebook* {
    const auto at = program.notebooks.find(source.file().path);
    return at == program.notebooks.end() || source.file().kind != FileKind::notebook
               ? nullptr
               : at->second.get();
  };
  for (const Unit& unit : program.units) {
    if (unit.kind != UnitKind::shell || !unit.shell || unit.parent || !linted(unit.file()))
      continue;
    if (!unit.shell->errors.empty()) meta.script(unit.source, unit.shell->errors.front());
    if (unit.shell->too_deep) meta.limit(unit.source, "nesting");
    if (unit.shell->incomplete) meta.limit(unit.source, "time");
  }
  Named named(request);
  const auto started = [&](const py::Module& module) {
    return module.errors.empty() || named.holds(module.source.file());
  };
  for (const project::Run& run : program.runs) {
    if ((run.cut_off || (run.shell && run.shell->incomplete)) && linted(run.unit->file()))
      meta.limit(run.unit->source, "time");
    if (!run.python) continue;
    for (const py::ProgramFile& file : run.python->files) {
      if (linted(file.syntax.source.file()) && !(file.syntax.source.embedded() && run.unit->parent))
        meta.module(file.syntax, book_of(file.syntax.source), started(file.syntax));
    }
  }
  for (const auto& module : program.unrun)
    meta.module(*module, book_of(module->source), started(*module));
  // Where all runs together took too long: what the last one stands in.
  if (program.incomplete && !program.runs.empty() && linted(program.runs.back().unit->file())) {
    meta.limit(program.runs.back().unit->source, "time");
  }
}

}  // namespace preflint::engine
