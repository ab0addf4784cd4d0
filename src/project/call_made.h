#pragma once

#include <string_view>

#include "model/python/trace.h"
#include "project/context.h"

namespace preflint::project {

/// Is a call made in the launch that is shown? no: it stands under a switch that nothing of the
/// launch, the environment or the files of settings turns on, or that only a file says which is not
/// known; or in a function that the program does not come to. maybe: another condition stands
/// before it, or the function is called in a way that is not followed. One that asks which of
/// several processes this is holds in one of them.
Tri call_made(const Context& context, const Run& run, const py::CallEvent& call);

/// Does a frame decide whether what it encloses happens in a run, by something else than which of
/// several processes this is? An early end of the program with an error is no other way to go on,
/// and of a program that nothing starts the options are taken to be as they are without any.
bool decides(const Run& run, const py::Frame& frame);

/// Does the condition ask which of several processes this is: `if dist.get_rank() == 0:`?
bool asks_which_process(const py::Frame& condition);

/// Does a text, in lower case, name one of several processes: `rank`, `is_main_process`?
bool names_process(std::string_view text);

/// Is this the name of what files of settings are loaded into: `cfg`, `self.config`?
bool named_as_settings(std::string_view name);

/// Stands under a switch of a tracker that a configuration file sets: `if cfg.wandb.debug:
/// return`. Which way it is set is not known.
bool switched_by_file(const Run& run, const py::CallEvent& call);

}  // namespace preflint::project
