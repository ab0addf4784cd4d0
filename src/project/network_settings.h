#pragma once

#include <vector>

#include "project/context.h"
#include "project/network_calls.h"

namespace preflint::project {

/// Where tools go by default, as it is set up for good and not for one command: by configuration
/// files of the project, by commands of its scripts that change a tool's configuration (`pip config
/// set`, `git config --global`), and by what its scripts write into such files.
class NetworkSettings {
 public:
  explicit NetworkSettings(const Context& context);
  /// Is the way of a call changed by something that lies before it or that may?
  bool change(const NetworkCall& call, const Run& run, const shell::CommandEvent& event) const;
  /// Did `wandb offline` run before?
  bool tracker_off(const Run& run, const shell::CommandEvent& event) const;

 private:
  enum Tool : uint8_t { pip, resolver, conda, npm, git, tracker, none };
  struct Setting {
    Tool tool;
    const Run* run;
    int command;
  };
  void commands(const Context& context);
  void written_files(const Context& context);
  void project_files(const Context& context);
  static Tool tool_of(const NetworkCall& call, const shell::CommandEvent& event);
  bool set(Tool tool, const Run& run, const shell::CommandEvent& event) const;

  std::vector<Setting> settings_;
  bool files_[none] = {};  // by the project's own files
};

}  // namespace preflint::project
