#include "lsp/analyst.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iterator>

#include "base/path.h"
#include "engine/engine.h"
#include "project/file_kind.h"

namespace preflint::lsp {
namespace {

using workspace::Overlay;

std::shared_ptr<const File> read_again(const std::string& path) {
  const auto kind = project::kind_by_name(path);
  project::ReadBytes read =
      project::read_bytes(path, project::size_limit(kind.value_or(FileKind::other)));
  if (read.trouble || project::not_text(read.bytes)) return nullptr;
  const FileKind known =
      kind ? *kind : project::kind_by_shebang(read.bytes).value_or(FileKind::other);
  return std::make_shared<const File>(File{path, known, std::move(read.bytes)});
}

/// What the files of a scope were before the editor and later changes on disk.
std::shared_ptr<const File> read_first(const workspace::Project& project, const std::string& path) {
  const auto& known = project.read().known;
  const auto it = known.find(path);
  return it == known.end() ? nullptr : it->second;
}

}  // namespace

std::shared_ptr<const File> Report::file(const std::string& path) const {
  if (const auto it = overlay->find(path); it != overlay->end()) return it->second;
  if (auto found = read_first(*project, path)) return found;
  for (const auto& reader : readers) {
    if (auto found = reader ? reader->open(path) : nullptr) return found;
  }
  return nullptr;
}

Analyst::Analyst(Analyse analyse, std::function<void(JobEvent)> tell)
    : analyse_(std::move(analyse)), tell_(std::move(tell)), thread_([this] { loop(); }) {}

Analyst::~Analyst() {
  stop_ = true;
  {
    const std::lock_guard lock(mutex_);
    wake_.notify_one();
  }
  thread_.join();
}

void Analyst::submit(Job job) {
  const std::lock_guard lock(mutex_);
  wanted_ = job.generation;
  next_ = std::move(job);
  wake_.notify_one();
}

void Analyst::cancel() { wanted_ = 0; }

void Analyst::run(std::function<void(const std::function<bool()>&)> task) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back(std::move(task));
  wake_.notify_one();
}

void Analyst::loop() {
  for (;;) {
    std::optional<Job> job;
    std::function<void(const std::function<bool()>&)> task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stop_ || next_ || !tasks_.empty(); });
      if (stop_) return;
      if (!tasks_.empty()) {
        task = std::move(tasks_.front());
        tasks_.pop_front();
      } else {
        job = std::move(next_);
        next_.reset();
      }
    }
    if (job) {
      work(*job);
    } else {
      const uint64_t started = wanted_;
      task([this, started] { return stop_ || wanted_ != started; });
    }
  }
}

void Analyst::work(const Job& job) {
  std::erase_if(states_, [&](const auto& entry) {
    return std::none_of(job.scopes.begin(), job.scopes.end(),
                        [&](const Scope& scope) { return scope.path == entry.first; });
  });
  bool whole = true;
  for (const Scope& scope : job.scopes) {
    State& state = states_[scope.path];
    try {
      whole = update(scope, state, job);
    } catch (const std::exception& fault) {
      // Memory or the file system gave out; the next change tries again.
      state = {};
      JobEvent event{JobEvent::Kind::fault, job.generation, nullptr, fault.what()};
      tell_(std::move(event));
    }
    if (!whole) break;
  }
  tell_({whole ? JobEvent::Kind::done : JobEvent::Kind::cancelled, job.generation});
}

workspace::LintRequest request_of(const Scope& scope, const Choice& choice,
                                  const workspace::Overlay& overlay) {
  workspace::LintRequest request;
  const auto open = overlay.find(scope.path);
  std::error_code error;
  if (!scope.folder && open != overlay.end() && !std::filesystem::exists(scope.path, error)) {
    request.input = open->second;
  } else {
    request.paths = {scope.path};
  }
  request.config = choice.config;
  request.profile = choice.profile;
  request.select = choice.select;
  request.extend_select = choice.extend_select;
  request.ignore = choice.ignore;
  request.changed = overlay;
  return request;
}

bool Analyst::load(const Scope& scope, State& state, const Job& job) {
  workspace::LintRequest request = request_of(scope, job.choice, *job.overlay);
  request.cancelled = [this, &job] { return cancelled(job); };
  auto project = std::make_shared<workspace::Project>(std::move(request));
  if (cancelled(job)) return false;
  state = {};
  state.parts.resize(project->groups().size());
  state.project = std::move(project);
  state.choice = job.choice;
  return true;
}

bool Analyst::must_reload(const State& state, const Scope& scope, const Job& job) {
  if (job.reload || !state.project || state.choice != job.choice) return true;
  return std::any_of(job.changed.begin(), job.changed.end(), [&](const std::string& path) {
    if (!below(path, scope.path) || read_first(*state.project, path)) return false;
    // A file that was not there; one that the disk has is left out for a reason.
    const auto open = job.overlay->find(path);
    std::error_code error;
    if (open == job.overlay->end()) return job.on_disk.contains(path);
    return open->second->kind != FileKind::other && open->second->kind != FileKind::config &&
           (job.on_disk.contains(path) || !std::filesystem::exists(path, error));
  });
}

void Analyst::refresh(State& state, const Job& job) {
  for (const std::string& path : job.on_disk) {
    if (!read_first(*state.project, path)) continue;
    if (auto file = read_again(path)) state.fresh[path] = std::move(file);
  }
}

bool Analyst::affected(const State& state, const workspace::Group& group, const Overlay& overlay,
                       const Job& job) const {
  return std::any_of(job.changed.begin(), job.changed.end(), [&](const std::string& path) {
    if (!below(path, group.root)) return false;
    const auto now = overlay.find(path);
    const auto before = state.seen.find(path);
    const auto first = read_first(*state.project, path);
    const auto old = before == state.seen.end() ? first : before->second;
    const auto current = now == overlay.end() ? first : now->second;
    if (old == current) return false;
    return !old || !current || old->bytes != current->bytes || old->kind != current->kind;
  });
}

bool Analyst::update(const Scope& scope, State& state, const Job& job) {
  const bool reload = must_reload(state, scope, job);
  const auto tell_progress = [&](size_t part) {
    JobEvent event{JobEvent::Kind::progress, job.generation};
    event.text = scope.path;
    event.part = part;
    event.parts = state.parts.size();
    event.first = true;
    if (reload) tell_(std::move(event));
  };
  if (reload) {
    tell_progress(0);
    if (!load(scope, state, job)) return false;
  } else {
    refresh(state, job);
  }
  Overlay merged = state.fresh;
  for (const auto& [path, file] : *job.overlay) merged[path] = file;
  const auto overlay = std::make_shared<const Overlay>(std::move(merged));

  bool anything = reload;
  const std::vector<workspace::Group>& groups = state.project->groups();
  std::vector<bool> stale(groups.size());
  for (size_t i = 0; i < groups.size(); ++i) {
    stale[i] = !state.parts[i].done || affected(state, groups[i], *overlay, job);
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    if (!stale[i]) continue;
    tell_progress(i);
    workspace::GroupRequest how;
    how.changed = overlay.get();
    how.cancelled = [this, &job] { return cancelled(job); };
    how.fault = [&](const engine::Fault& fault) {
      tell_({JobEvent::Kind::fault, job.generation, nullptr, fault.rule + ": " + fault.what});
    };
    how.analyse = analyse_;
    std::shared_ptr<project::DiskReader> reader;
    std::vector<Finding> findings;
    try {
      findings = state.project->analyse(groups[i], how, reader);
    } catch (const std::exception& fault) {
      // What was found before is better than nothing.
      tell_({JobEvent::Kind::fault, job.generation, nullptr, fault.what()});
      findings = state.parts[i].findings;
    }
    if (cancelled(job)) {
      // Parts that saw the new contents and parts that did not: all have to be done again.
      for (size_t other = 0; other < groups.size(); ++other) {
        if (stale[other]) state.parts[other].done = false;
      }
      return false;
    }
    state.parts[i] = {true, std::move(findings), std::move(reader)};
    anything = true;
  }
  for (const std::string& path : job.changed) {
    const auto now = overlay->find(path);
    state.seen[path] = now == overlay->end() ? read_first(*state.project, path) : now->second;
  }
  if (anything || state.parts.empty()) report(scope, state, job, overlay);
  return true;
}

void Analyst::report(const Scope& scope, const State& state, const Job& job,
                     std::shared_ptr<const Overlay> overlay) {
  auto made = std::make_shared<Report>();
  made->scope = scope;
  made->generation = job.generation;
  made->findings = state.project->read().findings;
  for (const State::Part& part : state.parts) {
    made->findings.insert(made->findings.end(), part.findings.begin(), part.findings.end());
    made->readers.push_back(part.reader);
  }
  std::sort(made->findings.begin(), made->findings.end(), before);
  made->project = state.project;
  made->overlay = std::move(overlay);
  tell_({JobEvent::Kind::report, job.generation, std::move(made)});
}

std::vector<Finding> Analyst::findings_with(const Report& report, const std::string& path,
                                            const Overlay& overlay, const Analyse& analyse,
                                            const std::function<bool()>& cancelled) {
  for (const workspace::Group& group : report.project->groups()) {
    const bool holds = std::any_of(group.files.begin(), group.files.end(),
                                   [&](const auto& file) { return file->path == path; });
    if (!holds) continue;
    std::shared_ptr<project::DiskReader> reader;
    workspace::GroupRequest how;
    how.changed = &overlay;
    how.cancelled = cancelled;
    how.analyse = analyse;
    return report.project->analyse(group, how, reader);
  }
  return {};
}

}  // namespace preflint::lsp
