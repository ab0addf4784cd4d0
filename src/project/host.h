#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalog/config.h"
#include "catalog/profile.h"
#include "model/shell/interpreter.h"
#include "project/resolve.h"
#include "project/units.h"

namespace preflint::project {

/// The interpreter's view of the platform and the project.
class ShellHost : public shell::Host {
 public:
  ShellHost(const catalog::Profile& profile, const catalog::Config& config,
            const Resolver& resolver, const Reader& reader, Units& units)
      : profile_(profile), config_(config), resolver_(resolver), reader_(reader), units_(units) {}

  Sourced resolve_source(const Value& path, const shell::State& state, const Unit& from,
                         const Unit** unit) override;
  bool is_hook(const Text& path) const override;
  bool mentions_hook(std::string_view text) const override {
    return !profile_.network.hook_file.empty() &&
           text.find(profile_.network.hook_file) != std::string_view::npos;
  }
  Tri exists(const Text& path) const override;
  bool elsewhere(const Text& path, const Unit& unit) override;
  Tri has_program(std::string_view name) const override;
  std::vector<std::string> hook_variables() const override { return profile_.network.hook_exports; }
  Value hook_no_proxy() const override;
  Value path_value(const std::string& path) const override { return resolver_.on_box(path); }
  bool path_has_interpreter(const Value& path) const override;
  bool look(const shell::Command& function) override;
  bool follow(const shell::Command& function) override;
  void followed(const shell::Command& function, uint64_t steps) override;
  std::shared_ptr<const shell::Program> parse(std::string_view text,
                                              shell::Dialect dialect) override {
    return units_.parse(text, dialect);
  }

  /// A run begins: what is looked at from here on is looked at by it.
  void begin_run() {
    passed_over_.clear();
    ++run_;
  }
  int run() const { return run_; }  // the number of the last one
  /// A function that a run has left alone for what runs before it had done with it.
  struct PassedOver {
    const shell::Command* function;
    bool call;  // a call of it was not followed
  };
  /// Those of the last run.
  const std::vector<PassedOver>& passed_over() const { return passed_over_; }
  /// Would it be left alone now?
  bool passes_over(const PassedOver& one) const;
  /// The trace of a run is not kept: what it alone has looked at nobody has looked at.
  void forget(int run);

  /// Files that some script sources.
  const std::set<std::string>& sourced() const { return sourced_; }

 private:
  const catalog::Profile& profile_;
  const catalog::Config& config_;
  const Resolver& resolver_;
  const Reader& reader_;
  Units& units_;
  std::set<std::string> sourced_;
  std::map<std::string, bool> for_platform_;     // by path: does the file name the platform?
  std::map<const shell::Command*, int> looked_;  // functions of sourced files → the run that looked
  std::map<const shell::Command*, uint64_t> steps_;  // that calls of it took in all runs
  std::map<int, std::map<const shell::Command*, uint64_t>> steps_of_runs_;
  std::vector<PassedOver> passed_over_;
  int run_ = 0;
};

}  // namespace preflint::project
