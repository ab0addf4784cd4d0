#include "lsp/findings.h"

#include <algorithm>
#include <functional>

#include "base/path.h"
#include "lsp/uri.h"
#include "workspace/project.h"

namespace preflint::lsp {
namespace {

// While someone types, the analysis waits for a pause as long as the last analysis took, within
// these. A change after such a pause is looked at after the shortest one.
constexpr auto kMinPause = std::chrono::milliseconds(5);
constexpr auto kMaxPause = std::chrono::milliseconds(400);

size_t mixed(size_t hash, size_t value) { return (hash ^ value) * 0x9E3779B97F4A7C15ULL; }

size_t mixed(size_t hash, const std::string& text) {
  return mixed(hash, std::hash<std::string>()(text));
}

size_t mixed(size_t hash, const Place& place) {
  return mixed(mixed(mixed(hash, place.path), place.span.begin), place.span.end);
}

size_t mixed(size_t hash, const Arguments& arguments) {
  for (const auto& [key, value] : arguments) hash = mixed(mixed(hash, key), value);
  return hash;
}

/// Differs when anything that is shown of the findings does.
size_t hash_of(const std::vector<const Finding*>& findings) {
  size_t hash = findings.size();
  for (const Finding* one : findings) {
    hash = mixed(mixed(mixed(hash, one->rule), one->place), one->message);
    hash = mixed(mixed(hash, one->arguments), static_cast<size_t>(one->severity));
    hash = mixed(hash, size_t{one->suppressed});
    for (const auto* notes : {&one->chain, &one->related}) {
      for (const Note& note : *notes) {
        hash = mixed(mixed(mixed(hash, note.place), note.key), note.arguments);
      }
    }
  }
  return hash;
}

bool in_any(const std::string& path, const std::vector<std::string>& folders) {
  return std::any_of(folders.begin(), folders.end(),
                     [&](const std::string& folder) { return below(path, folder); });
}

}  // namespace

Findings::Findings(Client& client, Documents& documents, const View& view, Analyse analyse,
                   std::function<void(std::function<void()>)> later)
    : on_fresh([](const std::vector<std::string>&) {}),
      client_(client),
      documents_(documents),
      view_(view),
      analyse_(std::move(analyse)),
      later_(std::move(later)),
      progress_(client, view.language),
      analyst_(analyse_, [this](JobEvent event) {
        later_([this, event = std::move(event)] { on_job(event); });
      }) {}

void Findings::set_folders(std::vector<std::string> folders) {
  folders_ = std::move(folders);
  reload();
}

void Findings::set_choice(Choice choice) {
  if (choice == choice_) return;
  choice_ = std::move(choice);
  reload();
}

void Findings::touch(const std::string& path, bool on_disk) {
  pending_.changed.insert(path);
  if (on_disk) pending_.on_disk.insert(path);
  changed();
}

void Findings::reload() {
  pending_.reload = true;
  changed();
}

void Findings::changed() {
  ++generation_;
  dirty_ = true;
  const Clock::time_point now = Clock::now();
  const auto pause = std::clamp<Clock::duration>(last_duration_, kMinPause, kMaxPause);
  due_ = now + (now - last_change_ > pause ? kMinPause : pause);
  last_change_ = now;
  analyst_.cancel();
}

std::optional<Clock::time_point> Findings::due() const {
  if (!dirty_) return std::nullopt;
  if (!waiting_.empty()) return last_change_;
  return due_;
}

std::vector<Scope> Findings::scopes() {
  std::vector<Scope> out;
  for (const std::string& folder : folders_) out.push_back({folder, true});
  for (const auto& [path, file] : *documents_.overlay()) {
    if (file->kind == FileKind::other || in_any(path, folders_)) continue;
    out.push_back({path, false});
  }
  return out;
}

void Findings::submit_if_due() {
  const auto when = due();
  if (!when || Clock::now() < *when) return;
  dirty_ = false;
  pending_.generation = submitted_ = generation_;
  pending_.scopes = scopes();
  pending_.choice = choice_;
  pending_.overlay = documents_.overlay();
  // Scopes that are no more.
  std::erase_if(known_, [&](const auto& entry) {
    return std::none_of(pending_.scopes.begin(), pending_.scopes.end(),
                        [&](const Scope& scope) { return scope.path == entry.first; });
  });
  started_ = Clock::now();
  analyst_.submit(pending_);
}

void Findings::on_job(const JobEvent& event) {
  switch (event.kind) {
    case JobEvent::Kind::progress:
      if (in_any(event.text, folders_) && event.generation == generation_) {
        progress_.show(event.text, event.part, event.parts);
      }
      break;
    case JobEvent::Kind::fault:
      client_.log(1, "preflint: a check failed: " + event.text);
      break;
    case JobEvent::Kind::report: {
      // Kept even when it is of older contents: what has not changed since will not be reported
      // again.
      Known known;
      known.report = event.report;
      for (const Finding& finding : event.report->findings) {
        known.by_path[finding.place.path].push_back(&finding);
      }
      known_[event.report->scope.path] = std::move(known);
      break;
    }
    case JobEvent::Kind::done:
      if (event.generation != generation_) break;
      pending_ = {};
      last_duration_ = Clock::now() - started_;
      finish();
      break;
    case JobEvent::Kind::cancelled:
      // By the user, when nothing newer is on its way: what waits gets what is known.
      if (event.generation == generation_) finish();
      break;
  }
}

void Findings::finish() {
  finished_ = generation_;
  progress_.end();
  const std::vector<std::string> paths = different_paths();
  std::list<Waiting> waiting = std::move(waiting_);
  waiting_.clear();
  // Who pulls gets his answers first, so that he need not be told to ask for what he is asking for.
  const bool pulls = client_.supports.pulls();
  if (!pulls) on_fresh(paths);
  for (Waiting& one : waiting) one.act();
  if (pulls) on_fresh(paths);
}

std::vector<std::string> Findings::different_paths() {
  std::map<std::string, Shown> now;
  for (const std::string& path : paths()) {
    const auto* report = report_of(path);
    if (report) now[path] = {(*report)->file(path), hash_of(at(**report, path))};
  }
  std::vector<std::string> out;
  for (const auto& [path, shown] : now) {
    const auto it = shown_.find(path);
    if (it == shown_.end() || it->second.file != shown.file || it->second.hash != shown.hash) {
      out.push_back(path);
    }
  }
  for (const auto& [path, shown] : shown_) {
    if (!now.contains(path)) out.push_back(path);
  }
  shown_ = std::move(now);
  return out;
}

void Findings::when_fresh(const Message& request, std::function<void()> act) {
  if (fresh()) {
    act();
  } else {
    waiting_.push_back({request, std::move(act)});
  }
}

void Findings::in_background(const Message& request, Work work, bool of_present_contents) {
  auto task = std::make_shared<Task>(Task{request});
  tasks_.push_back(task);
  analyst_.run([this, task, work = std::move(work), of_present_contents,
                generation = generation_](const std::function<bool()>& cancelled) {
    std::function<void()> then;
    std::string fault;
    try {
      then = work(cancelled);
    } catch (const std::exception& error) {
      fault = error.what();
    }
    later_([this, task, generation, of_present_contents, then = std::move(then), fault] {
      tasks_.remove(task);
      if (task->cancelled) return;
      if (of_present_contents && generation != generation_) {
        client_.fail(task->request, Code::content_modified, "the contents have changed");
      } else if (!then) {
        client_.fail(task->request, Code::internal_error, fault);
      } else {
        then();
      }
    });
  });
}

void Findings::cancel(const Json& id) {
  const auto give_up = [&](const Message& request) {
    client_.fail(request, Code::request_cancelled, "cancelled");
  };
  for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
    if (it->request.id != id) continue;
    give_up(it->request);
    waiting_.erase(it);
    return;
  }
  for (const auto& task : tasks_) {
    if (task->request.id != id || task->cancelled) continue;
    task->cancelled = true;
    give_up(task->request);
    return;
  }
}

void Findings::cancel_scan(const Json& token) {
  if (progress_.owns(token)) analyst_.cancel();
}

const std::shared_ptr<const Report>* Findings::report_of(const std::string& path) const {
  const Known* best = nullptr;
  for (const auto& [scope, known] : known_) {
    if (below(path, scope) && (!best || scope.size() > best->report->scope.path.size())) {
      best = &known;
    }
  }
  if (best) return &best->report;
  // Configuration above a folder may have mistakes, too.
  for (const auto& [scope, known] : known_) {
    if (known.by_path.contains(path)) return &known.report;
  }
  return nullptr;
}

std::vector<const Finding*> Findings::at(const Report& report, const std::string& path) const {
  const auto known = known_.find(report.scope.path);
  if (known == known_.end()) return {};
  const auto it = known->second.by_path.find(path);
  return it == known->second.by_path.end() ? std::vector<const Finding*>() : it->second;
}

std::set<std::string> Findings::paths() const {
  std::set<std::string> out;
  for (const auto& [scope, known] : known_) {
    for (const auto& [path, findings] : known.by_path) out.insert(path);
  }
  return out;
}

Json Findings::diagnostics_of(const std::string& uri) {
  std::string path;
  if (const Document* document = documents_.find(uri)) {
    path = document->path;
  } else if (const NotebookDocument* notebook = documents_.find_notebook(uri)) {
    path = notebook->path;
  } else {
    path = path_of(uri).value_or("");
  }
  const auto* report = report_of(path);
  if (!report) return Json::array();
  Painter painter(view_, documents_);
  auto by_uri = painter.diagnostics(**report, path, at(**report, path));
  const auto it = by_uri.find(uri);
  return it == by_uri.end() ? Json::array() : std::move(it->second);
}

}  // namespace preflint::lsp
