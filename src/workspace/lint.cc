#include "workspace/lint.h"

#include <algorithm>
#include <iterator>

#include "workspace/project.h"

namespace preflint::workspace {

std::shared_ptr<const File> LintResult::file(const std::string& path) const {
  if (const auto it = known.find(path); it != known.end()) return it->second;
  for (const auto& reader : readers) {
    if (auto found = reader->open(path)) return found;
  }
  return nullptr;
}

const catalog::Rule* LintResult::rule(std::string_view id) const {
  for (const auto& setup : setups) {
    if (const catalog::Rule* found = setup->rule(id)) return found;
  }
  const catalog::BuiltinRule* builtin = catalog::find_builtin(id);
  return builtin ? &builtin->rule : nullptr;
}

LintResult lint(const LintRequest& request) { return lint(Project(request), {}); }

LintResult lint(const Project& project, const Overlay& changed) {
  LintResult result = project.read();
  GroupRequest how;
  how.changed = &changed;
  for (const Group& group : project.groups()) {
    std::shared_ptr<project::DiskReader> reader;
    std::vector<Finding> findings = project.analyse(group, how, reader);
    std::move(findings.begin(), findings.end(), std::back_inserter(result.findings));
    if (!project.lean()) result.readers.push_back(std::move(reader));
  }
  // What is shown of a file is read again.
  if (project.lean()) result.readers.push_back(std::make_shared<project::DiskReader>(result.root));
  for (const auto& [path, file] : changed) result.known[path] = file;
  std::sort(result.findings.begin(), result.findings.end(), before);
  return result;
}

}  // namespace preflint::workspace
