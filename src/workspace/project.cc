#include "workspace/project.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "base/path.h"
#include "catalog/selection.h"
#include "engine/engine.h"
#include "project/discover.h"
#include "project/read_bytes.h"
#include "workspace/disk_access.h"

namespace preflint::workspace {
namespace {

namespace fs = std::filesystem;

std::string parent(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

/// The disk as configuration sees it, under what an editor holds; nothing above the ceiling.
catalog::FileAccess disk(const LintRequest& request) {
  catalog::FileAccess access = disk_access(request.ceiling, request.paths);
  access.read = [read = std::move(access.read), &changed = request.changed](
                    const std::string& path) -> std::optional<catalog::ConfigText> {
    if (const auto it = changed.find(path); it != changed.end()) return it->second->bytes;
    return read(path);
  };
  return access;
}

bool excluded(const catalog::Setup& setup, const std::string& path) {
  const std::string& folder = setup.config.folder;
  if (folder.empty() || path == folder || !below(path, folder)) return false;
  const std::string relative = path.substr(folder == "/" ? 1 : folder.size() + 1);
  // A pattern that names a folder leaves out all that lies in it.
  for (const std::string& pattern : setup.config.exclude) {
    for (size_t slash = relative.find('/');; slash = relative.find('/', slash + 1)) {
      if (catalog::glob_matches(pattern, relative.substr(0, slash))) return true;
      if (slash == std::string::npos) break;
    }
  }
  return false;
}

std::string_view message_of(project::Trouble trouble) {
  using project::Trouble;
  switch (trouble) {
    case Trouble::missing:
      return "vanished";
    case Trouble::denied:
      return "permission";
    case Trouble::not_regular:
      return "not-a-file";
    case Trouble::binary:
      return "nul-byte";
    case Trouble::utf16:
      return "utf16";
    case Trouble::link_loop:
      return "link-loop";
    case Trouble::too_large:
    case Trouble::outside:
    case Trouble::too_deep:
    case Trouble::scarce:
    case Trouble::failed:
      break;
  }
  return "";
}

Finding unreadable(const project::Unreadable& that) {
  Finding finding;
  finding.severity = Severity::error;
  finding.place.path = that.path;
  if (that.trouble == project::Trouble::too_large) {
    finding.rule = "PFL006";
    finding.severity = Severity::warning;
    finding.message = "file-size";
    finding.arguments["limit"] = std::to_string(project::size_limit(FileKind::other) >> 20) + " MB";
    return finding;
  }
  finding.rule = "PFL003";
  finding.message = message_of(that.trouble);
  if (finding.message.empty()) tell(finding.arguments, "reason", reason_of(that.trouble));
  return finding;
}

}  // namespace

Project::Project(LintRequest request)
    : request_(std::move(request)), access_(disk(request_)), setups_(access_) {
  if (!request_.config.empty())
    fixed_setup_ = catalog::read_setup(request_.config, trusted(access_));
  find_roots();
  std::map<std::shared_ptr<const catalog::Setup>, std::vector<std::shared_ptr<const File>>> groups;
  std::set<std::string> seen;
  for (const std::string& root : roots_) {
    for (const auto& file : files_below(root)) {
      if (!seen.insert(file->path).second) continue;
      const auto setup = setup_of(parent(file->path));
      if (excluded(*setup, file->path) && !named(file->path)) continue;
      groups[setup].push_back(file);
    }
  }
  for (auto& [setup, files] : groups) {
    if (!setup->config.path.empty()) {
      add_group(setup, setup->config.folder, std::move(files));
      continue;
    }
    for (auto& [root, own] : projects_in(result_.root, std::move(files)))
      add_group(setup, root, std::move(own));
  }
  report_setups();
  if (result_.root.empty()) result_.root = request_.paths.empty() ? "/" : request_.paths.front();
}

std::shared_ptr<const catalog::Setup> Project::setup_of(const std::string& folder) {
  auto setup = fixed_setup_ ? fixed_setup_ : setups_.for_folder(folder);
  if (std::find(result_.setups.begin(), result_.setups.end(), setup) == result_.setups.end()) {
    result_.setups.push_back(setup);
    if (!request_.profile.empty()) load_profile();
  }
  return setup;
}

void Project::load_profile() {
  if (profile_) return;
  catalog::ProfileFile read = catalog::read_profile(request_.profile, access_);
  for (catalog::SetupProblem& problem : read.problems)
    result_.problems.push_back(std::move(problem));
  profile_ = std::move(read.profile);
}

bool Project::named(const std::string& path) const {
  return std::find(request_.paths.begin(), request_.paths.end(), path) != request_.paths.end();
}

bool Project::in_focus(const std::string& path) const {
  if (request_.input) return path == request_.input->path;
  return std::any_of(request_.paths.begin(), request_.paths.end(),
                     [&](const std::string& focus) { return below(path, focus); });
}

/// The project of a path is the folder of its configuration or its repository, else the path
/// itself.
void Project::find_roots() {
  std::vector<std::string> starts = request_.paths;
  if (request_.input) starts = {request_.input->path};
  for (const std::string& path : starts) {
    std::error_code error;
    const bool folder = fs::is_directory(path, error);
    if (!request_.input && !fs::exists(fs::symlink_status(path, error))) {
      result_.missing.push_back(path);
      continue;
    }
    const std::string here = folder ? path : parent(path);
    const auto setup = setup_of(here);
    std::string root = setup->config.path.empty() ? "" : setup->config.folder;
    const std::string repository = repository_of(here, request_.ceiling);
    if (root.empty() || (!repository.empty() && below(repository, root) && repository != root)) {
      root = repository;
    }
    if (root.empty() || !below(here, root)) root = folder ? path : "";
    // A lone file outside of any project: only what it reaches is read beside it.
    if (root.empty()) lone_.insert(path);
    roots_.insert(root.empty() ? path : root);
    if (result_.root.empty()) result_.root = root.empty() ? here : root;
  }
}

std::vector<std::shared_ptr<const File>> Project::files_below(const std::string& root) {
  project::DiscoverOptions options;
  options.respect_gitignore = request_.respect_gitignore;
  options.threads = request_.threads;
  options.most_kept = request_.most_kept;
  // A folder with a configuration of its own is left out, too, when one around it says so.
  options.excluded = [this, &root](const std::string& path, bool) {
    if (request_.cancelled && request_.cancelled()) return true;
    for (std::string here = parent(path); below(here, root);) {
      const auto setup = setup_of(here);
      const std::string& folder = setup->config.folder;
      if (excluded(*setup, path)) return true;
      if (folder.empty() || folder == "/" || !below(here, folder)) break;
      here = parent(folder);
    }
    return false;
  };
  std::vector<std::string> from;
  if (request_.input) {
    if (!lone_.contains(root)) from.push_back(root);
  } else {
    from.push_back(root);
    // What is named is linted although it is ignored or excluded.
    for (const std::string& path : request_.paths) {
      if (path != root && below(path, root)) from.push_back(path);
    }
  }
  project::Discovered found = project::discover(from, options);
  lean_ = lean_ || found.lean;
  for (const project::Unreadable& one : found.unreadable) {
    if (!in_focus(one.path)) continue;
    result_.findings.push_back(unreadable(one));
    ++result_.files;
  }
  std::vector<std::shared_ptr<const File>> files;
  for (auto& file : found.files) {
    if (request_.input && file->path == request_.input->path) continue;
    const auto change = request_.changed.find(file->path);
    files.push_back(change == request_.changed.end() ? std::move(file) : change->second);
  }
  for (const auto& [path, file] : request_.changed) {
    if (file->kind == FileKind::other || file->kind == FileKind::config) continue;
    std::error_code error;
    // What the disk has and was not found is left out for a reason.
    if (!in_focus(path) || !below(path, root) || fs::exists(path, error)) continue;
    if (!excluded(*setup_of(parent(path)), path)) files.push_back(file);
  }
  if (request_.input) files.push_back(request_.input);
  for (const auto& file : files) {
    if (!found.lean) result_.known[file->path] = file;
    if (in_focus(file->path)) ++result_.files;
  }
  return files;
}

/// A folder that is no repository and holds nothing to lint itself, but many folders that do, is a
/// folder of projects: each of them is linted as if it were alone.
std::map<std::string, std::vector<std::shared_ptr<const File>>> Project::projects_in(
    const std::string& root, std::vector<std::shared_ptr<const File>> files) const {
  constexpr size_t kManyFiles = 500, kManyFolders = 8;
  std::map<std::string, std::vector<std::shared_ptr<const File>>> apart;
  std::set<std::string> with_own;  // folders that hold files themselves
  const size_t start = root == "/" ? 1 : root.size() + 1;
  bool many = files.size() > kManyFiles && repository_of(root, request_.ceiling).empty();
  for (size_t i = 0; many && i < files.size(); ++i) {
    const std::string& path = files[i]->path;
    const size_t slash = below(path, root) ? path.find('/', start) : std::string::npos;
    many = slash != std::string::npos;
    if (!many) break;
    apart[path.substr(0, slash)].push_back(files[i]);
    if (path.find('/', slash + 1) == std::string::npos) with_own.insert(path.substr(0, slash));
  }
  if (many && apart.size() >= kManyFolders && with_own.size() * 10 >= apart.size() * 9)
    return apart;
  apart.clear();
  apart.emplace(root, std::move(files));
  return apart;
}

void Project::add_group(const std::shared_ptr<const catalog::Setup>& setup, std::string root,
                        std::vector<std::shared_ptr<const File>> files) {
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a->path < b->path; });
  const auto in_a_focus = [&](const auto& file) { return in_focus(file->path); };
  if (std::none_of(files.begin(), files.end(), in_a_focus)) return;
  check_selectors(*setup);
  Group group;
  group.setup = setup;
  group.root = std::move(root);
  if (!below(files.front()->path, group.root)) group.root = parent(files.front()->path);
  group.files = std::move(files);
  groups_.push_back(std::move(group));
}

void Project::check_selectors(const catalog::Setup& setup) {
  const std::vector<const catalog::Rule*> rules = setup.rules();
  for (const auto* given : {&request_.select, &request_.extend_select, &request_.ignore}) {
    for (const std::string& selector : *given) {
      if (const auto sentence = catalog::unknown_selector(selector, rules)) {
        const auto same = [&](const Sentence& other) { return other.en == sentence->en; };
        if (std::none_of(result_.bad_selectors.begin(), result_.bad_selectors.end(), same)) {
          result_.bad_selectors.push_back(*sentence);
        }
      }
    }
  }
}

std::vector<Finding> Project::analyse(const Group& group, const GroupRequest& how,
                                      std::shared_ptr<project::DiskReader>& reader) const {
  reader = std::make_shared<project::DiskReader>(group.root);
  engine::Request request;
  request.root = group.root;
  request.files = group.files;
  const catalog::Setup& setup = *group.setup;
  for (const Overlay* changed : {&request_.changed, how.changed}) {
    if (!changed) continue;
    for (const auto& [path, file] : *changed) reader->adopt(file);
    for (auto& file : request.files) {
      if (const auto it = changed->find(file->path); it != changed->end()) file = it->second;
    }
  }
  std::vector<Finding> gone;
  if (lean_) {
    std::erase_if(request.files, [&](auto& file) {
      if (file == request_.input) return false;
      auto read = reader->open(file->path);
      if (read) {
        file = std::move(read);
        return false;
      }
      gone.push_back(unreadable({file->path, project::Trouble::missing}));
      return true;
    });
  }
  for (const auto& file : request.files) reader->adopt(file);
  request.reader = reader.get();
  request.config = &setup.config;
  request.profile = profile_ ? profile_.get() : setup.profile;
  for (const catalog::LoadedRule& own : setup.user_rules) request.user_rules.push_back(&own.rule);

  std::vector<std::string> select = request_.select.empty() ? setup.config.select : request_.select;
  std::vector<std::string> extend = setup.config.extend_select, ignore = setup.config.ignore;
  extend.insert(extend.end(), request_.extend_select.begin(), request_.extend_select.end());
  ignore.insert(ignore.end(), request_.ignore.begin(), request_.ignore.end());
  request.selected = [=](const catalog::Rule& rule) {
    return catalog::enabled(rule, select, extend, ignore);
  };
  request.focus = [this](const std::string& path) { return in_focus(path); };
  request.threads = how.threads != 0 ? how.threads : request_.threads;
  request.questions = questions(setup, request);
  request.fault = how.fault;
  request.cancelled = how.cancelled ? how.cancelled : [] { return false; };
  std::vector<Finding> findings = how.analyse ? how.analyse(request) : engine::analyse(request);
  std::move(gone.begin(), gone.end(), std::back_inserter(findings));
  std::erase_if(findings, [&](const Finding& finding) { return !in_focus(finding.place.path); });
  return findings;
}

std::shared_ptr<const project::Questions> Project::questions(const catalog::Setup& setup,
                                                             const engine::Request& request) const {
  const std::lock_guard lock(asking_);
  std::shared_ptr<const project::Questions>& known = questions_[&setup];
  if (!known) known = engine::questions(request);
  return known;
}

/// Mistakes in configuration are findings in their files as well.
void Project::report_setups() {
  for (const auto& setup : result_.setups) {
    result_.problems.insert(result_.problems.end(), setup->problems.begin(), setup->problems.end());
  }
  std::set<std::string> files;
  for (const catalog::SetupProblem& problem : result_.problems) {
    Finding finding;
    finding.rule = "PFL004";
    finding.severity = Severity::error;
    finding.place = {problem.path, problem.error.where.value_or(Span())};
    tell(finding.arguments, "reason", problem.error.sentence());
    result_.findings.push_back(std::move(finding));
    if (!files.insert(problem.path).second || !problem.text) continue;
    result_.known[problem.path] =
        std::make_shared<const File>(File{problem.path, FileKind::config, *problem.text});
  }
  result_.files += files.size();
}

}  // namespace preflint::workspace
