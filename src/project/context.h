#pragma once

#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "base/finding.h"
#include "catalog/rule.h"
#include "project/program.h"

namespace preflint::py {
struct Frame;
}

namespace preflint::catalog {
struct Config;
struct Profile;
struct Image;
}  // namespace preflint::catalog

namespace preflint::project {

struct Artefact;
struct PythonNeed;
class Lander;

/// Which code a rule speaks of (rules.md, "site"): NET, ENV, DEP, LOG, STO and SYN rules of
/// instance-side code; SSH, SEC and RUN rules of both.
enum class Where : uint8_t { instance, anywhere };

/// What a check sees and says. One check function is called once for a project, with everything in
/// it.
class Context {
 public:
  Context(const Program& program, const catalog::Profile& profile, const catalog::Config& config)
      : program_(program), profile_(profile), config_(config) {}

  const Program& program() const { return program_; }
  const catalog::Profile& profile() const { return profile_; }
  const catalog::Config& config() const { return config_; }
  const catalog::Rule& rule() const { return *rule_; }

  using CommandVisitor = std::function<void(const Run&, const shell::CommandEvent&)>;
  /// Every command of the shell runs, in order of execution within each run. With `names` only
  /// commands of these (canonical) names. Commands on paths that cannot be reached are not seen.
  void each_command(Where where, const CommandVisitor& visit) const;
  void each_command(Where where, std::initializer_list<std::string_view> names,
                    const CommandVisitor& visit) const;
  using AssignmentVisitor = std::function<void(const Run&, const shell::AssignmentEvent&)>;
  void each_assignment(Where where, const AssignmentVisitor& visit) const;
  /// Every shell run.
  void each_shell_run(Where where, const std::function<void(const Run&)>& visit) const;
  /// Every Python run (scripts, notebooks, `python -c`); see model/python for its events.
  void each_python_run(Where where, const std::function<void(const Run&)>& visit) const;

  /// Reports a finding of the running rule at a span of a unit. The rule's severity and main
  /// message are preset; fill `arguments`, `message` (a variant's key), `related`, `fix`,
  /// `severity`. A second report at the same place returns a finding that is thrown away (the first
  /// run that shows it speaks).
  Finding& report(const Unit& unit, Span span);
  /// The same for something that happens in a run: the chain of launches, sources and calls that
  /// lead to the place is attached.
  Finding& report(const Run& run, const Unit& unit, Span span, const shell::Frame* frame = nullptr);
  Finding& report(const Run& run, const shell::CommandEvent& event);  // the whole command
  Finding& report(const Run& run, const shell::CommandEvent& event, Span span);
  /// A place in a file that is no unit (requirements, pyproject.toml, ssh config): file offsets.
  Finding& report(const File& file, Span span);
  /// A place in a Python file: `event.file->syntax.source` and a span of it. `frame` adds the
  /// chain.
  Finding& report(const Run& run, const Source& source, Span span,
                  const py::Frame* frame = nullptr);
  Finding& report(const Source& source, Span span);
  Note note(const Source& source, Span span, std::string key, Arguments arguments = {}) const;
  void edit(Finding& finding, const Source& source, Span span, std::string text) const;
  Note note(const Unit& unit, Span span, std::string key, Arguments arguments = {}) const;

  /// Has this rule (by id) reported at this place (or anywhere on the same line of the same unit)?
  bool reported(std::string_view rule, const Unit& unit, Span span) const;

  /// Adds an edit to a finding's fix; does nothing when the text cannot be written there. The first
  /// call sets the applicability from the rule.
  void edit(Finding& finding, const Unit& unit, Span span, std::string text) const;

  /// What a Python run does on the network; see project/python_needs.h. Kept for each run.
  const std::vector<PythonNeed>& needs(const Run& run) const;
  /// What a run does to files; see project/artefacts.h. Kept for each run.
  const std::vector<Artefact>& artefacts(const Run& run) const;
  /// Finds the storage tier of a path; see project/landing.h.
  const Lander& lander() const;

  /// Something that several checks ask of the same program: `T(const Context&)`, made at the first
  /// call.
  template <typename T>
  const T& shared() const {
    std::shared_ptr<const void>& slot = shared_[std::type_index(typeid(T))];
    if (!slot) slot = std::make_shared<const T>(*this);
    return *static_cast<const T*>(slot.get());
  }

  // Used by the engine.
  void begin(const catalog::Rule& rule) { rule_ = &rule; }
  std::vector<Finding> take_findings();

 private:
  const Program& program_;
  const catalog::Profile& profile_;
  const catalog::Config& config_;
  const catalog::Rule* rule_ = nullptr;
  std::deque<Finding> findings_;
  std::map<std::tuple<std::string, std::string, uint32_t, uint32_t>, size_t> places_;
  Finding discarded_;
  mutable std::map<std::string, std::vector<std::pair<const Run*, const shell::CommandEvent*>>,
                   std::less<>>
      by_name_;
  mutable bool indexed_ = false;
  mutable std::map<int, std::shared_ptr<const std::vector<PythonNeed>>> needs_;  // by run
  mutable std::map<std::type_index, std::shared_ptr<const void>> shared_;
  mutable std::map<int, std::shared_ptr<const std::vector<Artefact>>> artefacts_;  // by run
  mutable std::shared_ptr<const Lander> lander_;
};

/// Is the code of this run subject to rules of `where`?
bool applies(Where where, const Run& run);
/// …and what runs in this state of its shell?
bool applies(Where where, const Run& run, const shell::State& state);

}  // namespace preflint::project
