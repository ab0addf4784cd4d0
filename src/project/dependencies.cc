#include "project/dependencies.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/guides.h"

namespace preflint::project {
namespace {

constexpr size_t kMostIncludes = 200;

bool states_dependencies(FileKind kind) {
  return kind == FileKind::requirements || kind == FileKind::pyproject ||
         kind == FileKind::setup_cfg || kind == FileKind::conda_environment;
}

/// `conda env create -f env.yaml`: an environment, whatever its name.
std::shared_ptr<const File> as_environment(const std::shared_ptr<const File>& file) {
  if (!file->path.ends_with(".yml") && !file->path.ends_with(".yaml")) return file;
  return std::make_shared<const File>(File{file->path, FileKind::conda_environment, file->bytes});
}

/// Where an element of a Python list is written; nothing when it is computed.
std::optional<std::pair<Source, Span>> place_of(const py::Value& value) {
  const auto& written = value.written();
  if (written.size() != 1 || !written[0].file || !written[0].literal) return std::nullopt;
  return std::pair(written[0].file->syntax.source, written[0].span);
}

/// `environment_snapshot/requirements.freeze.txt`: its folder and its name say that somebody wrote
/// down what was installed.
bool snapshot(const std::string& path) {
  const std::string folder = lower(paths::basename(paths::dirname(path)));
  const std::string name = lower(paths::basename(path));
  return folder.find("snapshot") != std::string::npos &&
         (name.find("freeze") != std::string::npos || name.find("frozen") != std::string::npos ||
          name.find("export") != std::string::npos || name.find("pip_list") != std::string::npos ||
          name.find("pip-list") != std::string::npos);
}

}  // namespace

Dependencies::Dependencies(const Context& context) : program_(context.program()) {
  installs_ = installs_of(program_, context.profile());
  std::vector<std::shared_ptr<const File>> waiting;
  for (const auto& file : program_.files) {
    if (states_dependencies(file->kind)) waiting.push_back(file);
  }
  // Installs and includes reach files of any name.
  for (const Install& install : installs_.all) {
    for (const InstalledFile& one : install.files) {
      if (one.path.empty() || one.path.ends_with(".py")) continue;
      if (auto file = program_.reader->open(one.path))
        waiting.push_back(one.how == InstalledFile::environment ? as_environment(file) : file);
    }
  }
  for (size_t i = 0; i < waiting.size(); ++i) {
    if (by_path_.contains(waiting[i]->path)) continue;
    by_path_[waiting[i]->path] = files_.size();
    files_.push_back(read_dependencies(program_, waiting[i]));
    for (const DependencyFile::Include& include : files_.back().includes) {
      if (!include.exists || by_path_.contains(include.path)) continue;
      if (auto file = program_.reader->open(include.path)) waiting.push_back(std::move(file));
    }
  }
  read_setup_scripts(context);
  // A file that others take in as constraints only limits.
  for (const DependencyFile& one : files_) {
    for (const DependencyFile::Include& include : one.includes) {
      const auto at = by_path_.find(include.path);
      if (!include.constraint || at == by_path_.end()) continue;
      for (Dependency& entry : files_[at->second].entries) entry.constraint = true;
    }
  }
  for (DependencyFile& one : files_) {
    for (size_t i = 0; i < one.entries.size(); ++i)
      one.by_project[one.entries[i].requirement.project].push_back(i);
  }
  for (const Install& install : installs_.all) {
    for (const InstalledFile& one : install.files) {
      // A filtered copy is a use of the file that it was made from.
      std::vector<std::string> read = {one.path};
      if (one.content) read.insert(read.end(), one.content->from.begin(), one.content->from.end());
      std::set<std::string> seen;
      for (const std::string& path : read) {
        const DependencyFile* top = file(path);
        if (!top || !seen.insert(path).second) continue;
        for (const DependencyFile* each : with_includes(*top))
          uses_[each->file->path].push_back({&install, &one});
      }
    }
  }
  for (const DependencyFile& one : files_) {
    const std::string& path = one.file->path;
    if (snapshot(path) && uses(path).empty() &&
        !context.shared<Guides>().tell_to_install(paths::basename(path)))
      snapshots_.insert(path);
  }
}

const DependencyFile* Dependencies::file(const std::string& path) const {
  const auto at = by_path_.find(path);
  return at == by_path_.end() ? nullptr : &files_[at->second];
}

std::vector<const DependencyFile*> Dependencies::with_includes(const DependencyFile& top) const {
  std::vector<const DependencyFile*> out = {&top};
  std::set<const DependencyFile*> seen = {&top};
  for (size_t i = 0; i < out.size() && out.size() < kMostIncludes; ++i) {
    for (const DependencyFile::Include& include : out[i]->includes) {
      const DependencyFile* next = file(include.path);
      if (next && seen.insert(next).second) out.push_back(next);
    }
  }
  return out;
}

std::vector<Dependencies::Use> Dependencies::uses(const std::string& path) const {
  const auto at = uses_.find(path);
  return at == uses_.end() ? std::vector<Use>() : at->second;
}

bool Dependencies::spares_image(const std::string& path) const {
  const auto at = uses_.find(path);
  if (at == uses_.end() || at->second.empty()) return false;
  const DependencyFile* list = file(path);
  // `conda env update -f FILE` changes the environment that the file names.
  const bool named = list && !list->environment.empty() && list->environment != "base";
  return std::all_of(at->second.begin(), at->second.end(), [&](const Use& use) {
    return use.install->target == Install::other ||
           (named && use.file->how == InstalledFile::environment &&
            use.install->target == Install::unknown) ||
           (use.file->how == InstalledFile::project && use.install->no_deps);
  });
}

bool Dependencies::chosen(const DependencyFile& in, const Dependency& entry) const {
  if (entry.group.empty()) return true;
  const auto at = uses_.find(in.file->path);
  if (at == uses_.end()) return false;
  return std::any_of(at->second.begin(), at->second.end(), [&](const Use& use) {
    const auto& extras = use.file->extras;
    const auto& groups = use.install->groups;
    return std::find(extras.begin(), extras.end(), entry.group) != extras.end() ||
           std::find(groups.begin(), groups.end(), entry.group) != groups.end();
  });
}

bool Dependencies::recorded(const std::string& path) const {
  if (snapshots_.contains(path)) return true;
  for (const std::string_view folder :
       {"/wandb/", "/mlruns/", "/swanlog/", "/swanlab/", "/.aim/", "/.neptune/", "/mlartifacts/",
        "/tensorboard_logs/", "/site-packages/", "/lightning_logs/"}) {
    if (path.find(folder) != std::string::npos) return true;
  }
  return false;
}

/// setup(install_requires=[…], extras_require={…}) as the script's run gives it.
void Dependencies::read_setup_scripts(const Context& context) {
  context.each_python_run(Where::anywhere, [&](const Run& run) {
    for (const py::CallEvent& call : run.python->calls) {
      if (!call.is_call_to({"setuptools.setup", "distutils.core.setup"})) continue;
      const std::string& path = call.file->syntax.source.file().path;
      if (by_path_.contains(path)) continue;
      DependencyFile out;
      out.file = program_.reader->open(path);
      if (!out.file) continue;
      const auto take = [&](const py::Value& list, const std::string& group) {
        if (list.type != py::Type::list && list.type != py::Type::tuple) return;
        for (const py::Value& item : list.items()) {
          const auto text = item.constant();
          const auto place = text ? place_of(item) : std::nullopt;
          if (!place) continue;
          auto requirement = req::Requirement::parse(*text);
          if (!requirement) {
            out.bad.push_back({place->first, place->second, *text, requirement.error().message});
            continue;
          }
          Dependency& entry = out.entries.emplace_back();
          entry.source = place->first;
          entry.span = place->second;
          entry.text = quoted_text(*requirement, *text);
          entry.requirement = *std::move(requirement);
          entry.archive = req::archive_named(entry.requirement.url);
          entry.group = group;
        }
      };
      if (const py::Argument* list = call.keyword("install_requires")) take(list->value, "");
      if (const py::Argument* extras = call.keyword("extras_require");
          extras && extras->value.type == py::Type::dict) {
        const auto& items = extras->value.items();
        for (size_t i = 0; i + 1 < items.size(); i += 2) {
          if (const auto key = items[i].constant()) take(items[i + 1], req::normalised_name(*key));
        }
      }
      by_path_[path] = files_.size();
      files_.push_back(std::move(out));
    }
  });
}

bool Dependencies::keep_below(std::string_view project, std::string_view version) const {
  const req::Version first = *req::Version::parse(version), none = *req::Version::parse("1000");
  bool some = false;
  for (const DependencyFile& file : files_) {
    const auto named = file.by_project.find(std::string(project));
    if (named == file.by_project.end()) continue;
    for (const size_t i : named->second) {
      const req::Specifiers& specifiers = file.entries[i].requirement.specifiers;
      if (specifiers.empty()) continue;
      if (req::admits_between(specifiers, first, none)) return false;
      some = true;
    }
  }
  return some;
}

}  // namespace preflint::project
