#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "model/work.h"
#include "project/build.h"
#include "project/console_scripts.h"
#include "project/demand.h"
#include "project/host.h"
#include "project/module_switches.h"
#include "project/python_start.h"
#include "project/resolve.h"
#include "project/units.h"
#include "project/upkeep.h"
#include "syntax/python/ast.h"

namespace preflint::project {

/// Makes a Program: see build.h. The entries are in build.cc, where each runs in sites.cc, shell
/// runs and what they start in shell_runs.cc, Python runs in python_runs.cc.
class Builder {
 public:
  explicit Builder(const BuildRequest& request);
  std::unique_ptr<Program> build();

 private:
  bool stopped();
  /// What follows is another entry with all that it starts: it ends when its share of the steps is
  /// used up, and others go on.
  void begin_entry();
  bool entry_stopped(const Run* run);
  Run& add(const Unit& unit, const Run* parent);
  std::shared_ptr<const shell::Trace> execute_alone(const Unit& unit);
  /// A script that was run by itself; it may turn out to be reached from others.
  struct Candidate {
    const Unit* unit = nullptr;
    std::shared_ptr<const shell::Trace> trace;
    int number = 0;  // of that run, for the host
    std::vector<ShellHost::PassedOver> passed_over;
    bool covered = false;
  };
  std::vector<Candidate> try_scripts();
  void start(Candidate& candidate);
  void collect_links();

  // sites.cc
  Site site_of(const Unit& unit, const shell::Trace& trace) const;
  bool mere_example(const File& file) const;
  bool for_others(const File& file) const;
  bool left_example(const File& file) const;
  bool beside_platform_folder(const File& file) const;

  // shell_runs.cc
  std::shared_ptr<const shell::Trace> execute(const Unit& unit, shell::State state);
  void collect_targets(const Unit& unit, const shell::Trace& trace, int nesting);
  std::string target_of(const shell::Launch& launch, const shell::CommandEvent& event) const;
  shell::State embedded_state(const shell::Embedded& embedded, const shell::CommandEvent& event,
                              const Unit& unit) const;
  void start_children(Run& run, int nesting);
  Run* launch(Run& run, const shell::Launch& launch, const shell::CommandEvent& event,
              const ConsoleScript* script);

  // python_runs.cc
  /// How a program was started before, and what it did.
  struct KnownRun {
    PythonStart start;
    std::shared_ptr<const py::Trace> trace;
  };
  const Unit* python_unit(const std::shared_ptr<const File>& file);
  /// `as`: how the program is started, where that is not all that the run knows of it.
  std::shared_ptr<const py::Trace> execute_python(const Run& run, const PythonStart* as = nullptr);
  PythonStart start_of(const Run& run) const;
  /// What the same program did that was started with the same arguments, environment and folder;
  /// null when none was.
  std::shared_ptr<const py::Trace> same_run(const Run& run) const;
  /// What the program does whatever the values are in which this launch and the one most like it
  /// differ; null when too many of those were looked at.
  std::shared_ptr<const py::Trace> common_run(const Run& run);
  void run_python(Run& run, int nesting);
  void run_unlaunched_python();
  void collect_python_links(const Run& run);

  py::Module parsed(const Source& source);
  void parse_ahead(const std::vector<std::shared_ptr<const File>>& files);
  void check_syntax();
  /// Those in focus that are not `read`; none when they are too many to read for nothing.
  std::vector<std::shared_ptr<const File>> unread(
      FileKind kind, const std::function<bool(const std::string& path)>& read) const;

  const BuildRequest& request_;
  Demand demand_;
  std::unique_ptr<Program> program_;
  Resolver resolver_;
  Units units_;
  ShellHost host_;
  std::map<std::string, std::set<std::string>> reached_;  // file → files that source or start it
  /// Scripts that others start and that reach the platform's box from outside: whoever starts one
  /// is outside as well.
  std::set<std::string> box_drivers_;
  /// The runs of a file that others start.
  struct Contexts {
    size_t count = 0;
    std::set<int> entries;       // the roots of the runs that start it
    uint64_t first_steps = 0;    // after the first kContexts: of the first run of each entry
    uint64_t further_steps = 0;  // of the others
    size_t common_calls = 0;     // in launches that are seen through a common run
  };
  /// So many different environments and arguments are looked at whatever that costs, and more
  /// while it is cheap: many scripts may start one program, each with other values. What one of
  /// them starts over and over takes nothing from the first launch of the next.
  static constexpr size_t kContexts = 12;
  std::map<std::string, Contexts> contexts_;
  std::map<std::string, std::vector<KnownRun>> known_runs_;   // by path
  std::map<std::string, std::vector<KnownRun>> common_runs_;  // by path
  std::map<std::string, const Unit*> python_units_;
  std::map<std::string, py::Module> modules_, ahead_;  // parsed once, by path; not yet asked for
  std::map<std::pair<std::string, uint32_t>, int>
      looked_;  // functions that nothing calls → the run that looked
  /// Steps of Python runs: no run takes more than a part of what is left, and each gets the least.
  struct Purse {
    uint64_t left, most, least;
    uint64_t share() const { return std::max(least, std::min(most, left / 4)); }
    void take(uint64_t steps) { left -= std::min(left, steps); }
  };
  /// Rules have little to say of what runs elsewhere.
  static constexpr uint64_t kForeignSteps = 10'000;
  Purse launched_{4'000'000, 1'000'000, 60'000};
  Purse unlaunched_{2'000'000, 250'000, 25'000};  // what nobody launches is looked at less deeply
  Purse further_{2'000'000, 250'000, 25'000};     // runs of a file after its first kContexts
  Purse common_{1'000'000, 250'000, 25'000};  // what the launches past all limits have in common
  ModuleSwitches module_switches_{*request_.reader};
  std::unordered_map<std::string, bool> exists_;          // is there such a file below the root?
  std::unordered_map<std::string, std::string> imports_;  // what they mean, for py::Host
  std::map<std::string, ConsoleScript> installed_;        // by name
  std::map<int, std::string> entries_;  // run → the function that its launch calls
  mutable std::optional<OwnFolders> own_folders_;
  mutable std::optional<bool> for_platform_;     // some file of the project names it
  mutable std::optional<bool> own_scripts_;      // some script besides the examples names it
  mutable std::optional<bool> platform_folder_;  // scripts lie in a folder named for it
  int python_runs_ = 0;
  uint64_t steps_left_ = 0;
  uint64_t share_left_ = 0;  // of the entry that is looked at
  Work::Meter work_;
};

}  // namespace preflint::project
