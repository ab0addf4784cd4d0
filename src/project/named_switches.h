#pragma once

#include <string>
#include <vector>

#include "model/python/trace.h"
#include "project/context.h"

namespace preflint::project {

/// What the file that a launch names says of a call that stands under a switch in it:
/// `cfg = json.load(open(args.config))`, `if cfg["use_wandb"]: wandb.init()`. no: it is switched
/// off; yes: on; maybe: some condition around it asks for something else, or the file is not known.
Tri switched_on(const Context& context, const Run& run, const py::CallEvent& call);

/// The keys that a condition asks of a file that the program has loaded, whichever that is, by
/// subscript or `get`, as attributes: `cfg.use_wandb`.
std::vector<std::string> keys_asked(const Run& run, const py::Frame& condition);

}  // namespace preflint::project
