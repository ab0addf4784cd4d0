#include "workspace/lint.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <mutex>
#include <new>
#include <tuple>

#include "project/parallel.h"
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
  const std::vector<Group>& groups = project.groups();
  std::vector<std::vector<Finding>> findings(groups.size());
  std::vector<std::shared_ptr<project::DiskReader>> readers(groups.size());
  std::mutex telling;
  how.fault = [&](const engine::Fault& fault) {
    const std::lock_guard lock(telling);
    result.faults.push_back(fault);
  };
  // Many projects are linted side by side; of few, each has the threads.
  if (groups.size() > 4)
    how.threads = std::max(1U, project.threads() / static_cast<unsigned>(groups.size()));
  project::for_each_number(
      groups.size(), project.threads(),
      [&](size_t i) {
        try {
          findings[i] = project.analyse(groups[i], how, readers[i]);
        } catch (const std::bad_alloc&) {
          throw;
        } catch (const std::exception& error) {
          how.fault({groups[i].root, "", error.what()});
        }
        if (project.lean()) readers[i].reset();
      },
      1);
  for (std::vector<Finding>& some : findings)
    std::move(some.begin(), some.end(), std::back_inserter(result.findings));
  if (!project.lean()) result.readers = std::move(readers);
  // What is shown of a file is read again.
  if (project.lean()) result.readers.push_back(std::make_shared<project::DiskReader>(result.root));
  for (const auto& [path, file] : changed) result.known[path] = file;
  std::sort(result.findings.begin(), result.findings.end(), before);
  std::sort(result.faults.begin(), result.faults.end(),
            [](const engine::Fault& a, const engine::Fault& b) {
              return std::tie(a.root, a.rule) < std::tie(b.root, b.rule);
            });
  return result;
}

}  // namespace preflint::workspace
