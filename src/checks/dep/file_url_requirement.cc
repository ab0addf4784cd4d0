#include "project/context.h"
#include "project/dependencies.h"

namespace preflint::checks {

void file_url_requirement(project::Context& context) {
  const auto& dependencies = context.shared<project::Dependencies>();
  for (const project::DependencyFile& file : dependencies.files()) {
    if (project::Dependencies::recorded(file.file->path)) continue;
    for (const project::Dependency& entry : file.entries) {
      const std::string& url = entry.requirement.url;
      if (!url.starts_with("file:") || (entry.line && entry.line->kind == req::LineKind::editable))
        continue;
      Finding& finding = context.report(entry.source, entry.span);
      finding.arguments = {{"package", entry.requirement.name},
                           {"url", url.substr(0, url.find('#'))}};
    }
  }
}

}  // namespace preflint::checks
