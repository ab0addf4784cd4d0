#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/profile.h"
#include "model/shell/event.h"
#include "project/program.h"
#include "project/reach.h"

namespace preflint::project {

/// A command that talks to the network.
struct NetworkCall {
  enum Tool : uint8_t {
    pip,
    conda,
    git,
    download,
    hub,
    wandb,
    modelscope,
    package_manager,
    service
  } tool;
  Reach reach = Reach::unknown;
  std::string target;           // for messages: "github.com", "huggingface.co", "the default index"
  Span span;                    // of the argument that names the target; the command otherwise
  bool bulk = false;            // fetches models or data, not an answer
  bool probe = false;           // only asks whether a host answers
  bool by_default = false;      // no word of the command says where it goes
  bool updates_first = false;   // `uv run`: only where the environment is not up to date
  std::string repository;       // hub id, when it is one of a tool that takes folders, too
  bool certain = true;          // the hook is known to help with it
  bool through_python = false;  // the Python program that the command launches does it
  bool may = false;             // there, only where a condition holds that is not known
  std::vector<Note> uses;       // where in that program
};

/// What the command does on the network; nothing when it does not use it. `run` gives what was
/// configured earlier in the same run and its ancestors (`pip config set global.index-url`, `git
/// config url.….insteadOf`).
std::optional<NetworkCall> network_call(const Run& run, const shell::CommandEvent& event,
                                        const catalog::Profile& profile);

}  // namespace preflint::project
