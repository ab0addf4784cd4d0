#include "engine/meta.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "catalog/builtin.h"
#include "model/python/trace.h"

namespace preflint::engine {
namespace {

bool has_message(const catalog::Rule& rule, std::string_view key) {
  return std::any_of(rule.messages.begin(), rule.messages.end(),
                     [&](const catalog::NamedWords& words) { return words.key == key; });
}

class Meta {
 public:
  Meta(const Request& request, std::vector<Finding>& findings) : request_(request), findings_(findings) {}

  template <typename SyntaxError>
  void syntax(const Source& source, const SyntaxError& error) {
    Finding* finding = add("PFL002", source.place(error.span));
    if (!finding) return;
    const catalog::BuiltinRule* builtin = catalog::find_builtin("PFL002");
    if (builtin && has_message(builtin->rule, error.key)) finding->message = error.key;
    finding->arguments = {{"reason", error.message}, {"token", error.argument}};
  }
  void partial(const Source& source, Span span) { add("PFL005", source.place(span)); }
  void limit(const Source& source, const char* key) {
    if (Finding* finding = add("PFL006", source.place({0, 0}))) {
      finding->message = key;
      finding->arguments = {{"limit", "2 s"}, {"reason", key}};
    }
  }

 private:
  Finding* add(std::string_view rule, Place place) {
    const catalog::BuiltinRule* builtin = catalog::find_builtin(rule);
    if (!builtin || !request_.selected(builtin->rule)) return nullptr;
    if (!seen_.insert({std::string(rule), place}).second) return nullptr;
    Finding& finding = findings_.emplace_back();
    finding.rule = rule;
    finding.severity = builtin->rule.severity;
    finding.place = std::move(place);
    return &finding;
  }

  const Request& request_;
  std::vector<Finding>& findings_;
  std::set<std::pair<std::string, Place>> seen_;
};

}  // namespace

void meta_findings(const Request& request, const project::Program& program, std::vector<Finding>& findings) {
  Meta meta(request, findings);
  const auto linted = [&](const File& file) {
    const auto at = std::lower_bound(request.files.begin(), request.files.end(), file.path,
                                     [](const auto& one, const std::string& path) { return one->path < path; });
    return at != request.files.end() && (*at)->path == file.path;
  };
  for (const Unit& unit : program.units) {
    if (unit.kind != UnitKind::shell || !unit.shell || unit.parent || !linted(unit.file())) continue;
    if (!unit.shell->errors.empty()) meta.syntax(unit.source, unit.shell->errors.front());
    if (unit.shell->too_deep) meta.limit(unit.source, "nesting");
    if (unit.shell->incomplete) meta.limit(unit.source, "time");
  }
  for (const project::Run& run : program.runs) {
    if (run.shell && run.shell->incomplete && linted(run.unit->file())) meta.limit(run.unit->source, "time");
    if (!run.python) continue;
    for (const py::ProgramFile& file : run.python->files) {
      if (!linted(file.syntax.source.file()) || (file.syntax.source.embedded() && run.unit->parent)) continue;
      if (!file.syntax.errors.empty()) meta.syntax(file.syntax.source, file.syntax.errors.front());
      for (const Span& span : file.syntax.partial) meta.partial(file.syntax.source, span);
      if (file.syntax.too_deep) meta.limit(file.syntax.source, "nesting");
      if (file.syntax.incomplete) meta.limit(file.syntax.source, "time");
    }
  }
}

}  // namespace preflint::engine
