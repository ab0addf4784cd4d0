#include "project/context.h"
#include "project/dependencies.h"
#include "project/existence_tests.h"

namespace preflint::checks {

void requirements_file_missing(project::Context& context) {
  const auto& dependencies = context.shared<project::Dependencies>();
  for (const project::DependencyFile& file : dependencies.files()) {
    if (dependencies.recorded(file.file->path)) continue;
    for (const project::DependencyFile::Include& include : file.includes) {
      // Outside of the project nothing can be said.
      if (include.exists || !paths::under(include.path, context.program().root)) continue;
      Finding& finding = context.report(*file.file, include.span);
      finding.arguments = {{"file", include.written}};
      finding.message = "include";
    }
  }
  for (const project::Install& install : dependencies.installs().all) {
    if (!project::applies(project::Where::instance, *install.run)) continue;
    for (const project::InstalledFile& file : install.files) {
      if (!file.missing || file.how == project::InstalledFile::project ||
          file.how == project::InstalledFile::environment)
        continue;
      if (project::tested_before(*install.event, file.shown) ||
          project::written_in_text(*install.event, file.shown))
        continue;
      Finding& finding = context.report(*install.run, *install.event, file.span);
      finding.arguments = {{"file", file.shown}};
    }
  }
}

}  // namespace preflint::checks
