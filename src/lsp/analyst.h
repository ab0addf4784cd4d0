#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "workspace/project.h"

namespace preflint::lsp {

using Analyse = std::function<std::vector<Finding>(const engine::Request&)>;

/// A workspace folder, or an open file that lies in none.
struct Scope {
  std::string path;
  bool folder = false;
  friend bool operator==(const Scope&, const Scope&) = default;
};

/// What the user's settings say for all scopes.
struct Choice {
  std::string config, profile;
  std::vector<std::string> select, extend_select, ignore;
  friend bool operator==(const Choice&, const Choice&) = default;
};

/// What is asked of the workspace for a scope.
workspace::LintRequest request_of(const Scope& scope, const Choice& choice,
                                  const workspace::Overlay& overlay);

/// One request to bring all findings up to date.
struct Job {
  uint64_t generation = 0;
  std::vector<Scope> scopes;
  Choice choice;
  std::shared_ptr<const workspace::Overlay> overlay;
  std::set<std::string> changed;  // paths that are different since the last job that was finished
  std::set<std::string> on_disk;  // those of them whose contents on disk may be different, too
  bool reload = false;            // read everything again
};

/// All that is known of a scope.
struct Report {
  Scope scope;
  uint64_t generation = 0;
  std::vector<Finding> findings;  // in order of output
  std::shared_ptr<const workspace::Project> project;
  std::shared_ptr<const workspace::Overlay> overlay;  // that the findings are of
  std::vector<std::shared_ptr<project::DiskReader>> readers;

  std::shared_ptr<const File> file(const std::string& path) const;
  const catalog::Rule* rule(std::string_view id) const { return project->read().rule(id); }
};

/// How a job went on or ended.
struct JobEvent {
  enum class Kind { progress, report, fault, done, cancelled };
  Kind kind = Kind::done;
  uint64_t generation = 0;
  std::shared_ptr<const Report> report = nullptr;
  std::string text = {};  // fault: what happened; progress: what is looked at
  size_t part = 0, parts = 0;
  bool first = false;  // the job reads everything, which may take long
};

/// Lints in a thread of its own. A new job cancels the running one, whose changes it has to repeat.
class Analyst {
 public:
  Analyst(Analyse analyse, std::function<void(JobEvent)> tell);
  ~Analyst();
  Analyst(const Analyst&) = delete;
  Analyst& operator=(const Analyst&) = delete;

  void submit(Job job);
  void cancel();
  /// Runs something else that takes its time, between jobs. It is told to end by `cancelled`.
  void run(std::function<void(const std::function<bool()>& cancelled)> task);
  /// The findings of the group that holds `path` with other contents.
  static std::vector<Finding> findings_with(const Report& report, const std::string& path,
                                            const workspace::Overlay& overlay,
                                            const Analyse& analyse,
                                            const std::function<bool()>& cancelled);

 private:
  struct State {
    std::shared_ptr<const workspace::Project> project;
    workspace::Overlay fresh;  // read from disk since the project was
    std::map<std::string, std::shared_ptr<const File>> seen;  // what the last analysis had
    struct Part {
      bool done = false;
      std::vector<Finding> findings;
      std::shared_ptr<project::DiskReader> reader;
    };
    std::vector<Part> parts;  // one for each group
    Choice choice;
  };

  void loop();
  void work(const Job& job);
  bool update(const Scope& scope, State& state, const Job& job);
  bool load(const Scope& scope, State& state, const Job& job);
  bool must_reload(const State& state, const Scope& scope, const Job& job);
  void refresh(State& state, const Job& job);
  bool affected(const State& state, const workspace::Group& group,
                const workspace::Overlay& overlay, const Job& job) const;
  bool cancelled(const Job& job) const { return stop_ || wanted_ != job.generation; }
  void report(const Scope& scope, const State& state, const Job& job,
              std::shared_ptr<const workspace::Overlay> overlay);

  Analyse analyse_;
  std::function<void(JobEvent)> tell_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Job> next_;
  std::deque<std::function<void(const std::function<bool()>&)>> tasks_;
  std::atomic<uint64_t> wanted_ = 0;
  std::atomic<bool> stop_ = false;
  std::map<std::string, State> states_;  // by the scope's path; only the thread's
  std::thread thread_;
};

}  // namespace preflint::lsp
