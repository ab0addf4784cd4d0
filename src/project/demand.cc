#include "project/demand.h"

#include <algorithm>

#include "project/console_scripts.h"
#include "project/imports.h"
#include "project/mentions.h"
#include "project/parallel.h"
#include "project/questions.h"

namespace preflint::project {
namespace {

bool speaks_python(const File& file) {
  return file.kind == FileKind::python || file.kind == FileKind::notebook;
}

/// The text without the name of its interpreter on the first line; the options that it is given are
/// the script's.
std::string_view behind_shebang(std::string_view text) {
  if (!text.starts_with("#!")) return text;
  const size_t line = std::min(text.find('\n'), text.size());
  return text.substr(std::min(text.find(" -"), line));
}

/// Adds to each text's literals those of the texts that it leads to, directly or not.
void share(const std::vector<std::vector<size_t>>& leads, std::vector<Hits>& hits) {
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < hits.size(); ++i) {
      Hits& mine = hits[i];
      for (const size_t other : leads[i]) {
        const Hits& theirs = hits[other];
        for (size_t k = 0; k < std::min(mine.size(), theirs.size()); ++k) {
          more = more || (theirs[k] & ~mine[k]) != 0;
          mine[k] |= theirs[k];
        }
      }
    }
  }
}

/// For each Python file the files that its import statements may mean.
std::vector<std::vector<size_t>> imports_of(const BuildRequest& request) {
  const size_t count = request.files.size();
  ModuleIndex index;
  for (size_t i = 0; i < count; ++i) {
    if (request.files[i]->kind == FileKind::python) index.add(request.files[i]->path, i);
  }
  std::vector<std::vector<size_t>> imports(count);
  for_each_number(count, request.threads, [&](size_t i) {
    const File& file = *request.files[i];
    if (file.kind != FileKind::python) return;
    for (const WrittenImport& import : written_imports(file.bytes)) index.find(import, imports[i]);
    std::sort(imports[i].begin(), imports[i].end());
    imports[i].erase(std::unique(imports[i].begin(), imports[i].end()), imports[i].end());
    std::erase(imports[i], i);
  });
  return imports;
}

}  // namespace

Demand::Demand(const BuildRequest& request) {
  everything_ = request.rules.empty();
  marks_.assign(request.files.size(), 0);
  size_t bytes = 0;
  for (size_t i = 0; i < request.files.size(); ++i) {
    numbers_.emplace(request.files[i]->path, i);
    if (request.files[i]->kind == FileKind::python) bytes += request.files[i]->bytes.size();
  }
  small_ = bytes <= kSmall;
  const std::vector<std::vector<size_t>> imports = imports_of(request);
  scan(request, imports);
  follow_imports(imports);
}

/// The marks of a Python file whose text answers so.
uint16_t Demand::marks_for(uint16_t answers) {
  uint16_t out = 0;
  if ((answers & Questions::kPython) != 0) out |= kTrigger;
  if ((answers & Questions::kShell) != 0) out |= kCommand;
  if ((answers & Questions::kSpawns) != 0) out |= kSpawns;
  if ((answers & Questions::kValues) != 0) out |= kValues;
  if ((answers & Questions::kLaunched) != 0) out |= kLaunched;
  if ((answers & Questions::kPrograms) != 0) out |= kOwn;
  if ((answers & Questions::kPaths) != 0) out |= kPaths;
  if ((answers & Questions::kMain) != 0) out |= kProgram;
  if ((answers & Questions::kPlatform) != 0) out |= kPlatform;
  return out;
}

void Demand::scan(const BuildRequest& request, const std::vector<std::vector<size_t>>& imports) {
  const std::shared_ptr<const Questions> made =
      request.questions ? request.questions
                        : std::make_shared<const Questions>(request.rules, request.profile);
  const Questions& questions = *made;
  const size_t count = request.files.size();
  const std::map<std::string, ConsoleScript> installed = console_scripts(request);
  ScriptNames scripts;
  for (size_t i = 0; i < count; ++i) {
    const File& file = *request.files[i];
    if (file.kind == FileKind::shell || speaks_python(file)) scripts.add(file.path, i);
  }
  std::vector<Hits> hits(count);
  std::vector<std::vector<size_t>> named(count);  // by shell texts
  for_each_number(count, request.threads, [&](size_t i) {
    const File& file = *request.files[i];
    uint16_t& mark = marks_[i];
    if (file.kind == FileKind::notebook) {
      mark |= kTrigger | kProgram;  // its lines are shell as much as Python
      mark |= marks_for(questions.answers(questions.scan(file.bytes)) & Questions::kPlatform);
    } else if (file.kind == FileKind::shell) {
      const std::string_view text = behind_shebang(file.bytes);
      hits[i] = questions.scan(text);
      const uint16_t seen = questions.answers(hits[i]);
      if ((seen & Questions::kInterprets) != 0) mark |= kTrigger;
      mark |= marks_for(seen & Questions::kPlatform);
      const bool starts = std::any_of(installed.begin(), installed.end(), [&](const auto& script) {
        return text.find(script.first) != std::string_view::npos;
      });
      if (starts) mark |= kTrigger;
      for (const size_t other : scripts.named_in(text)) {
        if (other == i) continue;
        if (request.files[other]->kind == FileKind::shell)
          named[i].push_back(other);
        else
          mark |= kTrigger;
      }
    } else if (file.kind == FileKind::python) {
      hits[i] = questions.scan(file.bytes);
      const uint16_t seen = questions.answers(hits[i]);
      mark |= marks_for(seen);
      if ((seen & Questions::kSpawns) == 0) return;
      const std::vector<size_t> others = scripts.named_in(file.bytes);
      if (std::any_of(others.begin(), others.end(), [i](size_t other) { return other != i; }))
        mark |= kCommand;
    }
  });
  for_platform_ = std::any_of(marks_.begin(), marks_.end(),
                              [](uint16_t mark) { return (mark & kPlatform) != 0; });
  share(named, hits);
  // In a project that is read as a whole a value may come from wherever it is imported from.
  if (small_) share(imports, hits);
  const auto answered = [&](size_t i, uint16_t seen) {
    if (request.files[i]->kind == FileKind::python)
      marks_[i] |= marks_for(seen);
    else if ((seen & Questions::kShell) != 0)
      marks_[i] |= kTrigger;
  };
  const auto is_shell = [&](size_t i) { return request.files[i]->kind == FileKind::shell; };
  for (size_t i = 0; i < count; ++i) {
    if (!hits[i].empty() && (small_ || is_shell(i)))
      answered(i, questions.answers(hits[i]) & ~Questions::kMain);
  }
  for (size_t rule = 0; rule < questions.rules_with_evidence(); ++rule) {
    bool asked = false;
    for (size_t i = 0; i < count && !asked; ++i)
      asked = !hits[i].empty() && questions.concerns(rule, hits[i], is_shell(i));
    for (size_t i = 0; i < count && asked; ++i) {
      // In a large project a library is nobody's answer.
      const bool counts = small_ || is_shell(i) || (for_platform_ && (marks_[i] & kProgram) != 0);
      if (counts && !hits[i].empty()) answered(i, questions.evidence(rule, hits[i]));
    }
  }
  // What starts a script that starts Python is part of how that runs.
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < count; ++i) {
      if ((marks_[i] & kTrigger) != 0) continue;
      const bool starts = std::any_of(named[i].begin(), named[i].end(), [&](size_t other) {
        return (marks_[other] & kTrigger) != 0;
      });
      if (!starts) continue;
      marks_[i] |= kTrigger;
      more = true;
    }
  }
}

void Demand::follow_imports(const std::vector<std::vector<size_t>>& imports) {
  std::vector<std::vector<size_t>> importers(imports.size());
  for (size_t i = 0; i < imports.size(); ++i) {
    for (const size_t target : imports[i]) {
      marks_[target] |= kImported;
      importers[target].push_back(i);
    }
  }
  // A command may be written in one file and run by a helper of another.
  mark_importers(importers, kSpawns, kSpawnsFar);
  const unsigned helped = kSpawns | (small_ ? kSpawnsFar : 0);
  for (uint16_t& mark : marks_) {
    const bool own = small_ || ((mark & kProgram) != 0 && for_platform_);
    if ((mark & kOwn) != 0 && own) mark |= kTrigger;
    if ((mark & kCommand) == 0) continue;
    if ((mark & helped) == 0)
      mark &= static_cast<uint16_t>(~kCommand);
    else if (own)
      mark |= kTrigger;
  }
  mark_importers(importers, kTrigger, kReaches);
}

/// Marks what imports, directly or over other files, one that is marked.
void Demand::mark_importers(const std::vector<std::vector<size_t>>& importers, Mark of,
                            Mark reaching) {
  std::vector<size_t> open;
  for (size_t i = 0; i < importers.size(); ++i) {
    if ((marks_[i] & of) == 0) continue;
    open.push_back(i);
  }
  while (!open.empty()) {
    const size_t at = open.back();
    open.pop_back();
    for (const size_t from : importers[at]) {
      if ((marks_[from] & reaching) != 0) continue;
      marks_[from] |= reaching;
      open.push_back(from);
    }
  }
}

uint16_t Demand::marks_of(const std::string& path) const {
  const auto at = numbers_.find(path);
  return at == numbers_.end() ? uint16_t{kTrigger} : marks_[at->second];
}

bool Demand::wanted(const std::string& path) const {
  if (everything_) return true;
  const uint16_t marks = marks_of(path);
  if ((marks & kTrigger) != 0) return true;
  return small_ && (marks & kReaches) != 0;
}

bool Demand::followed(const std::string& path, bool launched) const {
  if (everything_ || small_) return true;
  const unsigned counts =
      kTrigger | kPaths | kCommand | (launched ? kValues | kOwn | kLaunched : 0);
  return (marks_of(path) & counts) != 0;
}

bool Demand::imported(const std::string& path) const { return (marks_of(path) & kImported) != 0; }
bool Demand::program(const std::string& path) const { return (marks_of(path) & kProgram) != 0; }

}  // namespace preflint::project
