#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lsp/analyst.h"
#include "lsp/client.h"
#include "lsp/documents.h"
#include "lsp/queue.h"
#include "lsp/scan_progress.h"
#include "lsp/view.h"

namespace preflint::lsp {

/// Keeps the findings up to date with what the editor holds: collects changes, waits for a pause in
/// typing, starts the analyst, and knows which requests wait for it. Used by the server's thread
/// only.
class Findings {
 public:
  /// `later` runs something in the server's thread; it may be called from any.
  Findings(Client& client, Documents& documents, const View& view, Analyse analyse,
           std::function<void(std::function<void()>)> later);

  void set_folders(std::vector<std::string> folders);
  const std::vector<std::string>& folders() const { return folders_; }
  void set_choice(Choice choice);
  const Choice& choice() const { return choice_; }

  /// The contents under a path are different; `on_disk`: those on disk may be, too.
  void touch(const std::string& path, bool on_disk);
  /// Which files there are, or configuration, is different: everything is read again.
  void reload();
  std::optional<Clock::time_point> due() const;
  void submit_if_due();
  void cancel_scan(const Json& token);

  /// Runs `act` when the findings are those of the present contents, at once if they are.
  void when_fresh(const Message& request, std::function<void()> act);
  /// Runs `work` in the analyst's thread and then the function that it returns in ours, unless the
  /// contents have changed meanwhile and the answer is worth nothing then (the request fails).
  using Work = std::function<std::function<void()>(const std::function<bool()>& cancelled)>;
  void in_background(const Message& request, Work work, bool of_present_contents = true);
  /// Gives up a request that waits.
  void cancel(const Json& id);

  /// The report that speaks for a path: the innermost scope's. Null when no scope holds it.
  const std::shared_ptr<const Report>* report_of(const std::string& path) const;
  std::vector<const Finding*> at(const Report& report, const std::string& path) const;
  /// What the editor shows for a URI: a document's, a cell's, or a file's on disk.
  Json diagnostics_of(const std::string& uri);
  /// All paths with findings, by path.
  std::set<std::string> paths() const;
  const Analyse& analyse() const { return analyse_; }

  /// Is told which scopes have a new report, when findings are up to date again.
  std::function<void(const std::vector<std::string>& paths)> on_fresh;

 private:
  struct Waiting {
    Message request;
    std::function<void()> act;
  };
  struct Known {
    std::shared_ptr<const Report> report;
    std::map<std::string, std::vector<const Finding*>> by_path;
  };
  /// What a path's findings and contents were when they were shown.
  struct Shown {
    std::shared_ptr<const File> file;
    size_t hash = 0;
  };

  std::vector<Scope> scopes();
  void changed();
  bool fresh() const { return !dirty_ && finished_ == generation_; }
  void on_job(const JobEvent& event);
  void finish();
  std::vector<std::string> different_paths();

  Client& client_;
  Documents& documents_;
  const View& view_;
  Analyse analyse_;
  std::function<void(std::function<void()>)> later_;
  std::vector<std::string> folders_;
  Choice choice_;
  Job pending_;  // what has changed since the last job that was finished
  uint64_t generation_ = 1, submitted_ = 0, finished_ = 1;
  bool dirty_ = false;
  Clock::time_point last_change_, due_, started_;
  Clock::duration last_duration_ = Clock::duration::zero();
  std::list<Waiting> waiting_;
  struct Task {
    Message request;
    bool cancelled = false;
  };
  std::list<std::shared_ptr<Task>> tasks_;
  std::map<std::string, Known> known_;  // by scope
  std::map<std::string, Shown> shown_;  // by path
  ScanProgress progress_;
  Analyst analyst_;  // last: its thread ends first
};

}  // namespace preflint::lsp
